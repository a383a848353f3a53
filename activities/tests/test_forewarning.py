"""The office is warned in time, once, of what it promised."""

from datetime import date

import pytest

from activities.kinds import SHARING, Pattern, Tag
from activities.models import CommitmentWarning
from activities.services.forewarning import warn_offices
from activities.tests.factories import SeriesFactory
from activities.tests.promises import SCHEDULED, at, nothing_promised, on, promised
from notices.models import Notice
from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader

__all__ = ["nothing_promised"]
pytestmark = pytest.mark.django_db


def test_the_office_is_warned_before_a_month_ends_once():
    office = reader(Role.OFFICE)
    SeriesFactory(category=SHARING, pattern=Pattern.MONTHLY, since=date(2026, 1, 1))
    commitment = promised(warn_days=10)
    assert warn_offices(now=at(date(2026, 9, 19))) == 0
    assert warn_offices(now=at(date(2026, 9, 20))) == 1
    assert warn_offices(now=at(date(2026, 9, 30))) == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (office, "读书分享会：9 月还差 1 次没有安排")
    assert notice.address == f"/commitments/2026/{commitment.pk}/"
    assert warn_offices(now=at(date(2026, 10, 31))) == 1
    on(date(2026, 11, 3), SCHEDULED)
    assert warn_offices(now=at(date(2026, 11, 30))) == 0
    assert list(CommitmentWarning.objects.values_list("part", flat=True)) == ["2026-09", "2026-10"]


def test_a_number_a_year_is_warned_of_part_by_part():
    reader(Role.OFFICE)
    promised(title="工会读书活动", category="", tag=Tag.UNION, target=2, warn_days=30)
    assert warn_offices(now=at(date(2026, 6, 1))) == 1
    assert Notice.objects.get().subject == "工会读书活动：2026 年要举办 2 次，已举办 0 次，已安排 0 次"
    on(date(2026, 11, 1), SCHEDULED, for_union=True)
    assert warn_offices(now=at(date(2026, 12, 1))) == 1
    on(date(2026, 12, 1), SCHEDULED, for_union=True)
    CommitmentWarning.objects.all().delete()
    assert warn_offices(now=at(date(2026, 12, 2))) == 0


def test_the_coming_year_is_looked_at_where_the_days_reach_so_far():
    reader(Role.OFFICE)
    SeriesFactory(category=SHARING, pattern=Pattern.MONTHLY, since=date(2027, 1, 1))
    promised(warn_days=45)
    assert warn_offices(now=at(date(2026, 12, 16))) == 0
    assert warn_offices(now=at(date(2026, 12, 17))) == 1
    assert CommitmentWarning.objects.get().part == "2027-01"


def test_each_office_is_warned_of_its_own_and_closed_ones_of_nothing():
    root = bureau()
    ours = DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY)
    DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY)
    office, roots = (CadreFactory(roles=[Role.OFFICE], department=each) for each in (ours, root))
    promised(target=1, warn_days=30)
    promised(title="停用的", target=1, warn_days=30, is_closed=True)
    on(date(2026, 5, 1), department=ours)
    assert warn_offices(now=at(date(2026, 12, 20))) == 1
    assert Notice.objects.get().recipient == roots
    assert office.pk != roots.pk
