"""The numbers that the reading room gives: barcodes of copies, call numbers of titles."""

import re
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Max
from django.db.models.functions import Length

from reading.models import Book, Copy
from shuxiang.rows import update_rows

NUMBERING_LOCK = 7_420_260_002
# Ours; a longer one was typed by somebody, and is not counted on from.
BARCODE = re.compile(r"SX([0-9]{6,9})")
LONGEST = len("SX999999999")
OFFERED = 500
NO_CLASS = "Z"
LONGEST_NUMBER = 9


def lock_numbers() -> None:
    """Inside a transaction: numbers are given one by one. On SQLite every writing transaction waits anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])


def next_barcodes(count: int) -> list[str]:
    """`SX000001` and so on: the next after the highest that was ever given; inside the caller's transaction."""
    lock_numbers()
    last = max(map(last_of_length, lengths_given()), default=0)
    found: list[str] = []
    while len(found) < count:
        size = min(OFFERED, count - len(found))
        offered = [f"SX{number:06}" for number in range(last + 1, last + size + 1)]
        taken = set(Copy.objects.filter(barcode__in=offered).values_list("barcode", flat=True))
        found += [barcode for barcode in offered if barcode not in taken]
        last += size
    return found


def lengths_given() -> Sequence[tuple[int, str]]:
    """How long the barcodes are that begin as ours do, with the last of each length: one pass in the database."""
    ours = Copy.objects.filter(barcode__startswith="SX").annotate(length=Length("barcode")).order_by()
    return list(ours.filter(length__lte=LONGEST).values_list("length").annotate(last=Max("barcode")))


def last_of_length(found: tuple[int, str]) -> int:
    """The number in the last barcode of a length. Where somebody typed letters behind `SX`, all are looked at."""
    length, last = found
    if (number := BARCODE.fullmatch(last)) is not None:
        return int(number[1])
    typed = Copy.objects.filter(barcode__startswith="SX").annotate(length=Length("barcode")).filter(length=length)
    numbers = map(BARCODE.fullmatch, typed.values_list("barcode", flat=True))
    return max((int(number[1]) for number in numbers if number), default=0)


def number_books(books: Iterable[Book]) -> None:
    """Gives a call number (索书号) to those without: the 中图法 class, a slash, and the next number of the class
    (种次号). Stores it; inside the caller's transaction."""
    waiting = [book for book in books if not book.call_number]
    if not waiting:
        return
    lock_numbers()
    last = {stem: highest(stem) for stem in set(map(call_class, waiting))}
    give_numbers(waiting, last)
    update_rows(waiting, ["call_number"])


def give_numbers(books: Iterable[Book], last: dict[str, int]) -> None:
    """Without storing; `last` holds the highest number of each class and is kept up."""
    for book in books:
        stem = call_class(book)
        last[stem] = last.get(stem, 0) + 1
        book.call_number = f"{stem}/{last[stem]}"


def highest_numbers() -> dict[str, int]:
    """The highest number of every class, in one query; inside the caller's transaction."""
    lock_numbers()
    last: dict[str, int] = {}
    for text in Book.objects.exclude(call_number="").values_list("call_number", flat=True).iterator(2000):
        note_number(text, last)
    return last


def note_number(call_number: str, last: dict[str, int]) -> None:
    stem, _, number = call_number.rpartition("/")
    if is_number(number):
        last[stem] = max(last.get(stem, 0), int(number))


def is_number(text: str) -> bool:
    """Of a longer one somebody meant something else; counted on from, it would outgrow the column."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def call_class(book: Book) -> str:
    return book.clc or NO_CLASS


def highest(stem: str) -> int:
    taken = Book.objects.filter(call_number__startswith=f"{stem}/")
    if connection.vendor == "sqlite":
        # By code point the signs after `/` begin with `0`; a LIKE alone, which minds no case there, asks no index.
        taken = taken.filter(call_number__gte=f"{stem}/", call_number__lt=f"{stem}0")
    numbers = [text.removeprefix(f"{stem}/") for text in taken.values_list("call_number", flat=True)]
    return max((int(number) for number in numbers if is_number(number)), default=0)
