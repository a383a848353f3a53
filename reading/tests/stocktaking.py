"""A room with shelves and a count of it, for tests of stocktakes."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Copy, Difference, Place, Stocktake
from reading.services.comparing import compare
from reading.services.resolving import resolve
from reading.services.scanning import scan
from reading.services.stocktakes import start_stocktake
from reading.tests.factories import CopyFactory, PlaceFactory, reader

START = timezone.now().replace(microsecond=0) - timedelta(days=2)


def at(minutes: int) -> datetime:
    """So many minutes after the stocktake began."""
    return START + timedelta(minutes=minutes)


class Count:
    """A stocktake of a room with one shelf; copies have been there for long."""

    def __init__(self) -> None:
        self.librarian, self.other = reader(Role.LIBRARIAN), reader(Role.LIBRARIAN)
        self.room: Place = PlaceFactory(name="阅览室")
        self.shelf: Place = PlaceFactory(name="A 架", parent=self.room)
        self.elsewhere: Place = PlaceFactory(name="图书角")
        self.stocktake: Stocktake = start_stocktake(place=self.room, by=self.librarian, now=START)

    def copy(self, home: Place | None = None, **columns) -> Copy:
        copy = CopyFactory(home=home or self.shelf, **columns)
        Copy.objects.filter(pk=copy.pk).update(created_at=START - timedelta(days=99))
        return copy

    def scan(self, copy: Copy | str, minutes: int = 10) -> None:
        typed = copy if isinstance(copy, str) else copy.barcode
        scan(stocktake=self.stocktake, typed=typed, by=self.librarian, now=at(minutes))

    def compare(self, minutes: int = 60) -> dict[str, str]:
        """Barcode and kind of what is to be resolved."""
        compare(stocktake=self.stocktake, by=self.librarian, now=at(minutes))
        return self.unresolved()

    def unresolved(self) -> dict[str, str]:
        return dict(self.stocktake.differences.unresolved().values_list("barcode", "kind"))

    def told(self) -> list[tuple[str, Cadre | None]]:
        """What its events say was done, and by whom."""
        return [(event.action, event.actor) for event in self.stocktake.events.all()]

    def of(self, copy: Copy | str) -> Difference:
        barcode = copy if isinstance(copy, str) else copy.barcode
        return Difference.objects.get(stocktake=self.stocktake, barcode=barcode)

    def resolve(self, copy: Copy | str, how: str, minutes: int = 70, note: str = "", **more) -> None:
        note = note or ("各处找过" if how == "lost" else "")
        resolve(difference=self.of(copy), how=how, by=self.librarian, now=at(minutes), note=note, **more)


@pytest.fixture
def count() -> Count:
    return Count()
