"""One row of each model of the reading room, for tests of lists."""

from datetime import date

from django.utils import timezone

from organization.models import Cadre
from organization.tests.factories import CadreFactory
from reading.models import ClosedDay, CopyEvent, Hold, Lead, PlanItem, SubjectArea
from reading.services.search import index_books
from reading.states import CopyAction, CopyState, PlanState
from reading.tests.acquisitions import make_acquisition_row
from reading.tests.factories import BookFactory, CopyFactory, DigitalResourceFactory, PlanFactory, lend
from reading.tests.place_rows import make_place_rows


def make_reading_rows(number: int, cadre: Cadre) -> None:
    make_catalogue_row(number, cadre)
    make_circulation_rows(number, cadre)
    make_place_rows(number, cadre)
    make_plan_rows(number, cadre)
    make_acquisition_row(cadre)
    DigitalResourceFactory()


def make_circulation_rows(number: int, cadre: Cadre) -> None:
    lend(CopyFactory(), cadre)
    Hold.objects.create(book=BookFactory(), cadre=cadre, placed_at=timezone.now())
    ClosedDay.objects.create(since=date(2000 + number, 5, 1), until=date(2000 + number, 5, 1), reason="搬家")


def make_plan_rows(number: int, cadre: Cadre) -> None:
    plan = PlanFactory(
        owner=cadre, state=PlanState.CONFIRMED, confirmed_by=CadreFactory(), confirmed_on=date(2024, 3, 1),
        title=f"读后 {number}",
    )  # fmt: skip
    PlanItem.objects.create(plan=plan, title="读后")
    Lead.objects.create(leader=cadre, month=date(2024, 3, 1), title="读后")


def make_catalogue_row(number: int, cadre: Cadre) -> None:
    area = SubjectArea.objects.create(name=f"类别{number}")
    book = BookFactory(title=f"读后{number}", area=area, clc="I2", call_number=f"I2/{number}")
    index_books(type(book).objects.filter(pk=book.pk))
    copy = CopyFactory(book=book)
    CopyEvent.objects.create(
        copy=copy, action=CopyAction.REGISTER, actor=cadre, at=timezone.now(), to_state=CopyState.AVAILABLE,
        to_place=copy.home,
    )  # fmt: skip
