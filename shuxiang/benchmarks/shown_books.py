"""Invented titles for the catalogue, many of one author and of one word, as in a real library.

`python -m shuxiang.benchmarks.shown_books N` migrates DATABASE_URL's database, which must be empty, and fills it.
The line that it prints ends with the key of a reader's session and the number of a book to look at.
"""

import random
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.db import connection, transaction

from shuxiang.benchmarks.assessment import peak_memory_mb
from shuxiang.benchmarks.shown_works import GIVEN, SURNAMES, session

if TYPE_CHECKING:
    from reading.models import Book

SEED = 20_261
PART = 2_000
FIELDS = (
    "财政",
    "审计",
    "基层",
    "县域",
    "乡村",
    "数据",
    "公共",
    "政府",
    "法治",
    "经济",
    "文化",
    "古典",
    "现代",
    "中国",
)
KINDS = ("研究", "概论", "导读", "笔记", "实务", "简史", "读本", "文选", "问答", "案例", "手册", "讲义", "全书", "论稿")
PUBLISHERS = ("云泽出版社", "江左文艺出版社", "北溟书局", "青石书社", "四明古籍出版社", "远帆科技出版社")
CLASSES = ("D6", "D9", "F8", "F239", "I2", "I210", "K2", "TP3", "G2", "B2")
# The 3,755 usual characters, as GB 2312 has them; a few come up often and most seldom.
USUAL = [bytes((0xB0 + place // 94, 0xA1 + place % 94)).decode("gb2312") for place in range(3755)]
random.Random(SEED).shuffle(USUAL)
OFTEN = [1 / (rank + 20) for rank in range(len(USUAL))]
# Signs that are met once in a library: of the extensions B and G, Latin with marks, digits of other scripts.
RARE = "𠮷𡈽𰻞éßЖ٣Ⅷ"


def fill(titles: int) -> str:
    """What indexing took."""
    if connection.introspection.table_names():
        raise SystemExit("这个数据库里已有数据，没有写入任何内容；测速只用新建的空数据库。")
    call_command("migrate", verbosity=0)
    seconds = write(titles)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return f"建立索引 {seconds:.1f} 秒，内存 {peak_memory_mb()} MB"


def write(titles: int) -> float:
    """Seconds spent in indexing alone."""
    from reading.models import Book, Copy, Place
    from reading.services.search import index_books

    place = Place.objects.create(code="P1", name="阅览室")
    coming = invented(titles)
    number, seconds = 0, 0.0
    while part := list(islice(coming, PART)):
        with transaction.atomic():
            made = Book.objects.bulk_create(part)
            Copy.objects.bulk_create(
                Copy(book=book, home=place, barcode=f"SX{number + position:06}", acquired_on=date(2024, 3, 1))
                for position, book in enumerate(made, start=1)
            )
            number += len(made)
            began = time.perf_counter()
            index_books(Book.objects.filter(pk__gte=made[0].pk, pk__lte=made[-1].pk))
            seconds += time.perf_counter() - began
    return seconds


def invented(titles: int) -> Iterator["Book"]:
    from reading.models import Book

    dice = random.Random(SEED)
    authors = [dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)) for _ in range(max(1, titles // 8))]
    for number in range(titles):
        yield Book(
            isbn=f"979{number:010}",
            title=title(dice),
            subtitle=f"{dice.choice(FIELDS)}{dice.choice(KINDS)}" if dice.random() < 0.3 else "",
            author="、".join(dice.sample(authors, min(len(authors), dice.choice((1, 1, 1, 2))))),
            publisher=dice.choice(PUBLISHERS),
            series=f"{han(dice, 2)}丛书" if dice.random() < 0.2 else "",
            keywords=f"{dice.choice(FIELDS)};{dice.choice(FIELDS)}" if dice.random() < 0.5 else "",
            year=dice.randint(1980, 2026),
            clc=dice.choice(CLASSES),
            call_number=f"{dice.choice(CLASSES)}/{number}",
        )


def title(dice: random.Random) -> str:
    words = han(dice, dice.randint(2, 5)) + dice.choice(FIELDS) * dice.randint(0, 1) + dice.choice(KINDS)
    return words + dice.choice(RARE) if dice.random() < 0.001 else words


def han(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(USUAL, OFTEN, k=length))


def middle_book() -> int:
    from reading.models import Book

    keys = Book.objects.order_by("pk").values_list("pk", flat=True)
    return int(keys[len(keys) // 2])


def reader() -> None:
    """Somebody in service, whose session looks at the pages."""
    from organization.models import Cadre, Department, Posting

    person = Cadre.objects.create(employee_number="K00001", name="读者")
    root = Department.objects.create(name="云山县局", kind="agency")
    Posting.objects.create(cadre=person, department=root, since=date(2020, 1, 1))


if __name__ == "__main__":
    django.setup()
    told = fill(int(sys.argv[1]))
    reader()
    sys.stdout.write(f"{told}\t{session()}\t{middle_book()}\n")
