"""Which people, works and results somebody may see: by role, place in the tree, and day."""

from datetime import date

import pytest
import time_machine

from activities.models import Activity, Attendance
from assessment.models import Entry, Period, PersonResult
from organization.models import Cadre, DepartmentKind, Posting, scope_of, work_scope_of
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.tests.rows import make_results
from submissions.models import Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db
MOVED = date(2022, 1, 1)


@pytest.fixture
def county():
    """An umbrella with two agencies of one office each."""
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    first, second = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY, name=name) for name in ("甲局", "乙局"))
    return {"root": root, "甲": DepartmentFactory(parent=first), "乙": DepartmentFactory(parent=second)}


@pytest.fixture
def mover(county):
    """In 甲局 until the end of 2021, in 乙局 since."""
    cadre = CadreFactory(department=county["甲"])
    cadre.postings.update(until=date(2021, 12, 31))
    Posting.objects.create(cadre=cadre, department=county["乙"], since=MOVED)
    return cadre


def viewer(county, where, role):
    return CadreFactory(roles=[role], department=county[where])


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER])
def test_offices_and_leaders_see_their_agency(role, county):
    ours, theirs = (CadreFactory(department=county[where]) for where in ("甲", "乙"))
    who = viewer(county, "甲", role)
    assert set(Cadre.objects.visible_to(who)) == {ours, who}
    assert theirs in Cadre.objects.visible_to(viewer(county, "root", role))


def test_administrators_accounts_are_out_of_the_offices_sight(county):
    administrator = CadreFactory(roles=[Role.AUDIT])
    assert administrator not in Cadre.objects.visible_to(viewer(county, "root", Role.OFFICE))
    assert administrator in Cadre.objects.visible_to(viewer(county, "root", Role.SECURITY))


def test_a_liaison_sees_the_own_department(county):
    liaison = viewer(county, "甲", Role.LIAISON)
    colleague = CadreFactory(department=county["甲"])
    CadreFactory(department=county["甲"].parent)
    assert set(Cadre.objects.visible_to(liaison)) == {liaison, colleague}


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIBRARIAN, Role.RATER, Role.SYSTEM, Role.AUDIT])
def test_others_see_themselves(role, county, mover):
    who = viewer(county, "乙", role)
    assert list(Cadre.objects.visible_to(who)) == [who]


def test_the_security_administrator_sees_accounts_but_no_works(county, mover):
    work = SubmissionFactory(people=[mover])
    who = viewer(county, "甲", Role.SECURITY)
    assert mover in Cadre.objects.visible_to(who)
    assert work not in Submission.objects.visible_to(who)


def test_a_former_agency_sees_the_old_works_only(county, mover):
    old = SubmissionFactory(people=[mover], credit_date=date(2021, 5, 1))
    new = SubmissionFactory(people=[mover], credit_date=date(2022, 5, 1))
    former, present = (viewer(county, where, Role.OFFICE) for where in ("甲", "乙"))
    assert set(Submission.objects.visible_to(former)) == {old}
    assert set(Submission.objects.visible_to(present)) == {new}
    assert (mover in Cadre.objects.visible_to(former), mover in Cadre.objects.visible_to(present)) == (False, True)


def test_leavers_stay_with_their_last_department_and_newcomers_come_early(county):
    leaver, newcomer = (CadreFactory(department=county["甲"]) for _ in range(2))
    leaver.postings.update(until=date(2021, 1, 1))
    newcomer.postings.update(since=date(2999, 1, 1))
    assert {leaver, newcomer} <= set(Cadre.objects.visible_to(viewer(county, "甲", Role.OFFICE)))


def test_attendance_goes_with_the_day_of_the_activity(county, mover):
    activity = Activity.objects.create(reference="HD1", title="读书日", date=date(2021, 5, 1))
    row = Attendance.objects.create(activity=activity, cadre=mover)
    assert list(Attendance.objects.visible_to(viewer(county, "甲", Role.OFFICE))) == [row]
    assert list(Attendance.objects.visible_to(viewer(county, "乙", Role.OFFICE))) == []
    assert list(Attendance.objects.visible_to(mover)) == [row]


def test_activities_are_edited_by_their_host(county):
    hosted = Activity.objects.create(reference="HD1", title="局里", date=date(2024, 1, 1), department=county["甲"])
    common = Activity.objects.create(reference="HD2", title="全县", date=date(2024, 1, 1))
    assert set(Activity.objects.editable_by(viewer(county, "甲", Role.OFFICE))) == {hosted}
    assert set(Activity.objects.editable_by(viewer(county, "乙", Role.OFFICE))) == set()
    assert set(Activity.objects.editable_by(viewer(county, "root", Role.OFFICE))) == {hosted, common}


def test_entries_behind_a_result_are_seen_with_it(county, mover):
    """Who moved within the quarter appears once, in the new department, with all reasons."""
    period = Period.objects.create(code="2024Q1")
    make_results(period, mover, county["甲"])
    PersonResult.objects.update(department=county["乙"])
    for where in ("甲", "乙"):
        assert Entry.objects.visible_to(viewer(county, where, Role.LEADER)).count() == 1
    assert PersonResult.objects.visible_to(viewer(county, "甲", Role.LEADER)).count() == 0
    assert PersonResult.objects.visible_to(viewer(county, "乙", Role.LEADER)).count() == 1
    assert Entry.objects.visible_to(viewer(county, "甲", Role.CADRE)).count() == 0
    assert Entry.objects.visible_to(mover).count() == 1


def test_a_draft_is_its_authors_alone(county):
    author, member, enterer = (CadreFactory(department=county["甲"]) for _ in range(3))
    draft = SubmissionFactory(people=[author], state=State.DRAFT, entered_by=enterer)
    name(draft, member, 1)
    seen = {
        who: draft in Submission.objects.visible_to(who)
        for who in (author, member, enterer, viewer(county, "甲", Role.OFFICE), viewer(county, "root", Role.LEADER))
    }
    assert list(seen.values()) == [True, False, True, False, False]


def test_without_a_posting_a_role_opens_nothing(county, mover):
    clerk = CadreFactory(roles=[Role.OFFICE])
    assert list(Cadre.objects.visible_to(clerk)) == [clerk]
    clerk = viewer(county, "乙", Role.OFFICE)
    clerk.postings.update(until=date(2023, 1, 1))
    assert (work_scope_of(clerk).departments, work_scope_of(clerk).everybody) == ((), False)


@time_machine.travel("2021-06-01T12:00:00+08:00")
def test_the_scope_is_that_of_the_day(county, mover):
    assert mover in Cadre.objects.visible_to(viewer(county, "甲", Role.OFFICE))
    assert scope_of(viewer(county, "甲", Role.OFFICE)).day == date(2021, 6, 1)
