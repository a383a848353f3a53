"""The demo's reading room: as a stranger would believe it, on any day on which the demo is started."""

from datetime import datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.apps import apps
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from reading.isbn import normalise
from reading.kinds import PlaceKind
from reading.models import (
    Book,
    BudgetLine,
    Copy,
    CopyEvent,
    DigitalResource,
    Donation,
    Hold,
    Lead,
    Loan,
    LoanQuarter,
    Picture,
    Place,
    Plan,
    Project,
    SubjectArea,
    Suggestion,
)  # fmt: skip
from reading.services.authority import is_librarian
from reading.services.search import compare_index, found_by
from reading.states import CopyState, DonationState, HoldState, PlanState, SuggestionState
from shuxiang import demo_reading
from shuxiang.demo import DEMO_AGENCY, write_registers
from shuxiang.demo.library import invent_books
from shuxiang.demo_reading import PARTS, furnish_reading_room, open_reading_room
from shuxiang.demo_reading.moments import LIBRARIAN, Office
from shuxiang.demonstration import hand_in_manuscripts
from shuxiang.ordering import sort_key
from shuxiang.periods import SHANGHAI, Quarter
from shuxiang.tests.registers import run
from submissions.services.books import works_about

pytestmark = pytest.mark.django_db
MOMENTS = ["2026-11-20T15:00", "2024-02-29T08:00", "2025-01-01T00:05", "2026-04-01T23:59", "2023-10-09T12:00"]


@pytest.fixture(params=MOMENTS[:1])
def now(request, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    moment = datetime.fromisoformat(request.param).replace(tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=False):
        prepare(write_registers(tmp_path, timezone.localdate()), moment)
        yield moment


def prepare(files, moment):
    """As `make demo` does; again, where it was interrupted."""
    run("import_roster", files.roster, agency=DEMO_AGENCY)
    furnish_reading_room(now=moment)
    run("import_books", files.books)
    hand_in_manuscripts(now=moment)
    open_reading_room(now=moment)


def stored() -> dict[str, list]:
    models = apps.get_app_config("reading").get_models()
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def count_of(rows) -> dict[str, int]:
    states = list(rows.values_list("state", flat=True))
    return {state: states.count(state) for state in states}


@pytest.mark.parametrize("now", MOMENTS, indirect=True)
def test_a_room_that_one_would_believe(now):
    today = now.date()
    assert Book.objects.count() == 308
    assert count_of(Copy.objects.all()) == {
        CopyState.AVAILABLE: 397, CopyState.ON_LOAN: 15, CopyState.WITHDRAWN: 8, CopyState.LOST: 3,
        CopyState.SET_ASIDE: 1,
    }  # fmt: skip
    assert {area.books.count() >= 40 for area in SubjectArea.objects.all()} == {True}
    assert (Place.objects.filter(kind=PlaceKind.CORNER).count(), Place.objects.count()) == (3, 9)
    assert (Project.objects.count(), BudgetLine.objects.count()) == (2, 6)
    assert (Loan.objects.open().count(), Loan.objects.overdue(today).count()) == (15, 2)
    assert Loan.objects.filter(returned_at__isnull=False).count() == 28
    assert count_of(Hold.objects.all()) == {HoldState.WAITING: 3, HoldState.READY: 1}
    assert set(count_of(Suggestion.objects.all())) == set(SuggestionState.values)
    assert set(count_of(Donation.objects.all())) == {
        DonationState.OFFERED, DonationState.INSPECTED, DonationState.ACCEPTED,
    }  # fmt: skip
    assert set(count_of(Plan.objects.all())) == set(PlanState.values)
    confirmed = [plan.confirmed_on for plan in Plan.objects.filter(state=PlanState.CONFIRMED)]
    assert [day in Quarter.of(today).previous.span for day in confirmed] == [True, True]
    digital = DigitalResource.objects.all()
    assert (digital.count(), digital.offered(today).count()) == (8, 7)
    assert {resource.sort_key == sort_key(resource.title) for resource in digital} == {True}
    assert digital.offered(today).filter(licence_until__lte=today + timedelta(days=30)).count() == 1
    assert Lead.objects.filter(month__year=today.year).count() == Lead.objects.count() == 3 * 12 - 2
    assert Lead.objects.filter(talk_on__lt=today).exclude(is_done=True).count() == 0
    assert sum(len(works_about(book)[0]) for book in Book.objects.all()) >= 5
    assert [book.title for book in Book.objects.filter(holds__in=Hold.objects.waiting()) if works_about(book)[0]] == [
        "天工开物"
    ]
    assert compare_index().outdated == 0
    assert found_by(Book.objects.all(), "honglou").get().title == "红楼梦"
    nothing_happens_later_than_now_or_before_it_could(now)
    the_gauge_stays_below_its_target(now)


def nothing_happens_later_than_now_or_before_it_could(now):
    today = now.date()
    assert Copy.objects.aggregate(last=Max("acquired_on"))["last"] <= today
    assert not Copy.objects.filter(Q(left_on__gt=today) | Q(left_on__lt=F("acquired_on"))).exists()
    assert CopyEvent.objects.filter(at__gt=now).count() == 0
    quarters = set(LoanQuarter.objects.values_list("cadre", "quarter"))
    for loan in Loan.objects.select_related("copy"):
        assert loan.copy.acquired_on < timezone.localdate(loan.lent_at) <= today
        assert (loan.borrower_id, str(Quarter.of(timezone.localdate(loan.lent_at)))) in quarters
    for copy in Copy.objects.filter(state=CopyState.ON_LOAN):
        assert copy.loans.open().count() == 1


def the_gauge_stays_below_its_target(now):
    year = now.date().replace(month=1, day=1)
    there = Q(copies__left_on__isnull=True) | Q(copies__left_on__gte=year)
    base = Book.objects.filter(there, copies__acquired_on__lt=year).distinct().count()
    new = Book.objects.annotate(first=Min("copies__acquired_on")).filter(first__gte=year).count()
    elapsed = (now.date() - year).days
    assert (0.2 < new / base < 0.26) if elapsed >= 60 else new <= elapsed


def test_a_second_start_changes_nothing(now, settings, tmp_path):
    before = stored()
    files = sorted(settings.MEDIA_ROOT.rglob("*"))
    prepare(write_registers(tmp_path, timezone.localdate()), now + timedelta(days=3))
    assert stored() == before
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == files


def test_a_start_that_was_interrupted_at_the_covers_goes_on(now):
    assert Picture.objects.count() == 21
    Picture.objects.last().delete()
    open_reading_room(now=now)
    assert Picture.objects.count() == 21


def test_a_start_that_was_interrupted_between_two_parts_goes_on(settings, tmp_path, monkeypatch):
    """What an uninterrupted one makes is made in the end, and nothing twice."""
    settings.MEDIA_ROOT = tmp_path / "media"
    moment = datetime.fromisoformat(MOMENTS[0]).replace(tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=False):
        files = write_registers(tmp_path, timezone.localdate())
        for done in range(len(PARTS) + 1):
            monkeypatch.setattr(demo_reading, "PARTS", PARTS[:done])
            prepare(files, moment)
        test_a_room_that_one_would_believe(moment)


def test_somebody_runs_it(now):
    librarian = Office.at_work(now).people[LIBRARIAN]
    assert is_librarian(librarian)
    assert Place.objects.filter(keeper=librarian).count() == 6


@pytest.mark.parametrize("day", [moment[:10] for moment in MOMENTS])
def test_the_register_of_books_is_written_as_the_import_asks(tmp_path, day):
    today = datetime.fromisoformat(day).date()
    sheet = openpyxl.load_workbook(write_registers(tmp_path, today).books)["图书"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert " ".join(header) == "ISBN 书名 作者 出版社 出版年 分类 册数 位置 来源 捐赠人 入藏日期"
    assert len(rows) == len(invent_books(today)) == 318
    assert sum(row[6] for row in rows) == 420
    assert len({row[1] for row in rows}) == 306
    for isbn, title, _, _, year, division, copies, _, source, donor, acquired in rows:
        assert normalise(isbn or "") == (isbn or "")
        assert title
        assert year <= acquired.year
        assert division.count("/") == 1
        assert copies >= 1
        assert (source == "捐赠") == (donor is not None)
        assert acquired.date() <= today
    assert invent_books(today) == invent_books(today)
