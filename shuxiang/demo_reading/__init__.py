"""The demo's reading room: places, catalogue, lending, books that come in, plans. Nothing happens where it is open."""

from datetime import datetime

from django.db import transaction

from reading.models import Place
from shuxiang.demo_reading.catalogue import bring_in, draw_covers
from shuxiang.demo_reading.coming_in import suggest_and_donate, take_out
from shuxiang.demo_reading.lending import lend_and_hold
from shuxiang.demo_reading.moments import Office
from shuxiang.demo_reading.plans import plan_and_lead
from shuxiang.demo_reading.room import ROOM, furnish, subscribe


def open_reading_room(*, now: datetime) -> None:
    """All of it or nothing, but for the covers, which are drawn one by one; what is there stays as it is."""
    office = Office.at_work(now)
    with transaction.atomic():
        if not Place.objects.filter(code=ROOM).exists():
            furnish(office)
            bring_in(office)
            take_out(office)
            lend_and_hold(office)
            suggest_and_donate(office)
            plan_and_lead(office)
            subscribe(office)
    draw_covers(office)


__all__ = ["open_reading_room"]
