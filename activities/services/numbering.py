"""The numbers that activities get: `HD2026-0001`, the next of the year."""

import re
from collections.abc import Iterator
from itertools import count as counted
from itertools import islice

from django.db import connection

from activities.models import Activity
from shuxiang.references import activity_reference

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
    of_year = Activity.objects.filter(reference__startswith=f"HD{year}-")
    taken = set(of_year.values_list("reference", flat=True))
    numbers = map(NUMBER.fullmatch, taken)
    last = max((int(number[1]) for number in numbers if number), default=0)
    return list(islice(free(year, last + 1, taken), count))


def free(year: int, first: int, taken: set[str]) -> Iterator[str]:
    numbers = (activity_reference(year, number) for number in counted(first))
    return (reference for reference in numbers if reference not in taken)
