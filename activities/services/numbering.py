"""The numbers that activities get: `HD2026-0001`, the next of the year."""

import re
from collections.abc import Iterator
from itertools import count as counted
from itertools import islice

from django.db import connection

from activities.models import Activity

NUMBERING_LOCK = 7_420_260_031
# Of six digits at most; a longer one was typed by somebody who meant something else, and is not counted on from.
NUMBER = re.compile(r"HD[0-9]{4}-([0-9]{1,6})")


def lock_numbers() -> None:
    """Inside a transaction: numbers are given one by one. On SQLite every writing transaction waits anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])


def next_references(year: int, count: int) -> list[str]:
    """The next after the highest that the year has, also where a register gave it; inside the caller's transaction."""
    lock_numbers()
    stem = f"HD{year}-"
    taken = set(Activity.objects.filter(reference__startswith=stem).values_list("reference", flat=True))
    numbers = map(NUMBER.fullmatch, taken)
    last = max((int(number[1]) for number in numbers if number), default=0)
    return list(islice(free(stem, last + 1, taken), count))


def free(stem: str, first: int, taken: set[str]) -> Iterator[str]:
    return (reference for number in counted(first) if (reference := f"{stem}{number:04}") not in taken)
