"""The numbers (活动编号) that the portal gives to activities."""

import re
from collections.abc import Iterable

from django.db import connection

from activities.models import Activity

NUMBERING_LOCK = 7_420_260_021
# Ours, and shorter ones of registers, after which the next is counted; a longer one was typed by somebody.
REFERENCE = re.compile(r"HD[0-9]{4}-([0-9]{1,6})")


def lock_references() -> None:
    """Inside a transaction: numbers are given one by one. On SQLite every writing transaction waits anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])


def next_references(years: Iterable[int]) -> list[str]:
    """`HD2026-0001` and so on, one for each year named: the next after the year's highest; inside the caller's
    transaction."""
    lock_references()
    given: dict[int, set[str]] = {}
    last: dict[int, int] = {}
    found = []
    for year in years:
        if year not in given:
            own = Activity.objects.filter(reference__startswith=f"HD{year}-")
            given[year] = set(own.values_list("reference", flat=True))
            last[year] = max((int(number[1]) for number in map(REFERENCE.fullmatch, given[year]) if number), default=0)
        last[year] += 1
        while (reference := f"HD{year}-{last[year]:04}") in given[year]:
            last[year] += 1
        found.append(reference)
    return found
