"""The demo's reading room: places, what happened to the catalogue, lending, books that come in, plans.

`furnish_reading_room`, then the register of books through its import, then `open_reading_room`. Each part is all or
nothing and is done once: an interrupted start goes on, a second one changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from reading.models import Copy, DigitalResource, Donation, Lead, Loan, Place, Plan, Suggestion
from shuxiang.demo_reading.catalogue import date_back, draw_covers, take_out
from shuxiang.demo_reading.coming_in import give, suggest_books
from shuxiang.demo_reading.lending import lend_and_hold
from shuxiang.demo_reading.moments import Office
from shuxiang.demo_reading.plans import plan_and_read, read_with_everybody
from shuxiang.demo_reading.room import furnish, subscribe

Part = tuple[Any, Callable[[Office], object]]
# What is there once the part is done, and the part.
PARTS: tuple[Part, ...] = (
    (Copy.objects.filter(left_on__isnull=False), take_out),
    (Loan.objects, lend_and_hold),
    (Suggestion.objects, suggest_books),
    (Donation.objects, give),
    (Plan.objects, plan_and_read),
    (Lead.objects, read_with_everybody),
    (DigitalResource.objects, subscribe),
)


def furnish_reading_room(*, now: datetime) -> None:
    once((Place.objects, furnish), Office.at_work(now))


def open_reading_room(*, now: datetime) -> None:
    """Of the places and the catalogue that are there; the covers are drawn one by one."""
    office = Office.at_work(now)
    date_back(office)
    for part in PARTS:
        once(part, office)
    draw_covers(office)


@transaction.atomic
def once(part: Part, office: Office) -> None:
    done, do = part
    if not done.all().exists():
        do(office)


__all__ = ["furnish_reading_room", "open_reading_room"]
