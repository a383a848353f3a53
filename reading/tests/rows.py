"""One row of each model of the reading room, for tests of lists."""

from datetime import date

from django.utils import timezone

from organization.models import Cadre
from reading.models import ClosedDay, CopyEvent, Hold, SubjectArea
from reading.services.search import index_books
from reading.states import CopyAction, CopyState
from reading.tests.factories import BookFactory, CopyFactory, lend
from reading.tests.place_rows import make_place_rows


def make_reading_rows(number: int, cadre: Cadre) -> None:
    make_catalogue_row(number, cadre)
    make_circulation_rows(number, cadre)
    make_place_rows(number, cadre)


def make_circulation_rows(number: int, cadre: Cadre) -> None:
    lend(CopyFactory(), cadre)
    Hold.objects.create(book=BookFactory(), cadre=cadre, placed_at=timezone.now())
    ClosedDay.objects.create(since=date(2000 + number, 5, 1), until=date(2000 + number, 5, 1), reason="搬家")


def make_catalogue_row(number: int, cadre: Cadre) -> None:
    area = SubjectArea.objects.create(name=f"类别{number}")
    book = BookFactory(title=f"读后{number}", area=area, clc="I2", call_number=f"I2/{number}")
    index_books(type(book).objects.filter(pk=book.pk))
    copy = CopyFactory(book=book)
    CopyEvent.objects.create(
        copy=copy, action=CopyAction.REGISTER, actor=cadre, at=timezone.now(), to_state=CopyState.AVAILABLE,
        to_place=copy.home,
    )  # fmt: skip
