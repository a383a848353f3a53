"""A confirmed plan earns in the quarter of its confirmation; nothing else in the reading room earns."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from assessment.facts import load_facts
from assessment.models import Entry, Period, PersonResult
from assessment.services import assess
from assessment.services.fingerprint import fingerprint
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.kinds import Visibility
from reading.models import (
    Donation,
    DonationItem,
    Hold,
    Lead,
    Loan,
    LoanQuarter,
    PlanNote,
    Suggestion,
    Vote,
)
from reading.states import PlanAction, PlanState
from reading.tests.factories import BookFactory, CopyFactory, PlanFactory, lend, reader
from reading.tests.plan_making import NOW, begun, confirmed, read_all, reported, step
from shuxiang.periods import Quarter, parse_period

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
ASSESSED = datetime(2024, 12, 20, tzinfo=UTC)


def compute(code: str = "2024Q1") -> None:
    assess(period=parse_period(code), now=ASSESSED)


def ledger() -> list[tuple[str, ...]]:
    rows = Entry.objects.order_by("period_id", "position")
    return [(row.period_id, row.employee_number, row.reference, row.rule_code, str(row.points)) for row in rows]


@pytest.fixture
def owner():
    return CadreFactory(employee_number="A1", department=DepartmentFactory(parent=bureau()))


@pytest.fixture
def office():
    return reader(Role.OFFICE)


def test_a_confirmed_plan_is_a_line_of_one_point_in_its_quarter(owner, office):
    plan = confirmed(begun(owner), office)
    fact = load_facts([Quarter(2024, 1)])
    assert [tuple(each) for each in fact] == [
        ("plan", plan.reference, plan.title, date(2024, 3, 10), Quarter(2024, 1), "", (owner.pk,))
    ]
    compute()
    assert ledger() == [("2024Q1", "A1", plan.reference, "plan.completed", "1.00")]
    entry = Entry.objects.get()
    assert (entry.fact_kind, entry.title, entry.date) == ("plan", plan.title, date(2024, 3, 10))


def test_a_second_plan_of_the_year_is_capped(owner, office):
    confirmed(begun(owner), office)
    confirmed(begun(owner), office, now=datetime(2024, 5, 6, tzinfo=UTC))
    compute("2024")
    assert [row[0::4] for row in ledger()] == [("2024Q1", "1.00"), ("2024Q2", "0.00")]
    assert str(PersonResult.objects.get(period="2024", cadre=owner).points) == "1.00"


@pytest.mark.parametrize("hours", [(15, 59, "2024Q1"), (16, 1, "2024Q2")])
def test_the_quarter_ends_at_midnight_in_shanghai(owner, office, hours):
    hour, minute, code = hours
    confirmed(begun(owner), office, now=datetime(2024, 3, 31, hour, minute, tzinfo=UTC))
    compute("2024Q2")
    assert [row[0] for row in ledger()] == [code]


def test_before_the_confirmation_and_after_its_end_it_earns_nothing(owner, office):
    plan = read_all(begun(owner))
    before = fingerprint()
    plan = reported(plan)
    assert fingerprint() == before
    compute()
    assert ledger() == []
    step(plan, PlanAction.CONFIRM, office)
    assert fingerprint() != before
    compute()
    assert len(ledger()) == 1
    step(plan, PlanAction.REVOKE, office)
    assert fingerprint() == before
    compute()
    assert ledger() == []


def test_confirmed_again_on_another_day_it_is_another_fact(owner, office):
    plan = confirmed(begun(owner), office)
    first = fingerprint()
    step(plan, PlanAction.REVOKE, office, now=NOW + timedelta(minutes=1))
    step(plan, PlanAction.CONFIRM, office, now=datetime(2024, 4, 5, tzinfo=UTC))
    assert fingerprint() != first
    compute("2024Q2")
    assert [row[0] for row in ledger()] == ["2024Q2"]


def test_an_owner_whose_posting_was_corrected_to_end_before_the_day_earns_nothing(owner, office):
    confirmed(begun(owner), office)
    owner.postings.update(until=date(2024, 3, 9))
    compute()
    assert ledger() == []


def test_a_sealed_quarter_keeps_its_line_when_the_confirmation_is_revoked(owner, office):
    plan = confirmed(begun(owner), office)
    compute()
    Period.objects.filter(code="2024Q1").update(state=Period.State.SEALED)
    step(plan, PlanAction.REVOKE, office)
    compute("2024Q2")
    assert [row[0] for row in ledger()] == ["2024Q1"]


def test_nothing_else_in_the_reading_room_earns(owner, office):
    plan = confirmed(begun(owner), office)
    compute("2024")
    points = PersonResult.objects.order_by("period_id", "position").values_list("period_id", "cadre_id", "points")
    before, earned = ledger(), list(points)
    assert [row[2] for row in before] == [plan.reference]

    now, book = timezone.now(), BookFactory()
    lend(CopyFactory(book=book), owner, at=now)
    Loan.objects.create(copy=CopyFactory(), borrower=owner, lent_at=now, due_on=date(2024, 3, 24), returned_at=now)
    LoanQuarter.objects.create(cadre=owner, quarter="2024Q1")
    Hold.objects.create(book=book, cadre=owner, placed_at=now)
    suggestion = Suggestion.objects.create(title="想买的书", suggested_by=owner, suggested_at=now)
    Vote.objects.create(suggestion=suggestion, cadre=owner, created_at=now)
    bought = Suggestion.objects.create(title="买了", suggested_by=owner, suggested_at=now, book=book, state="bought")
    Vote.objects.create(suggestion=bought, cadre=office, created_at=now)
    donation = Donation.objects.create(
        donor=owner, donor_name=owner.name, offered_at=now, state="accepted", certificate="JZ1",
        accepted_on=date(2024, 3, 10),
    )  # fmt: skip
    DonationItem.objects.create(donation=donation, title="捐的书", accepted=1, book=book)
    Lead.objects.create(leader=owner, month=date(2024, 3, 1), title="领读", is_done=True)
    for state in (PlanState.OPEN, PlanState.COMPLETED, PlanState.DROPPED):
        other = PlanFactory(owner=owner, state=state)
        PlanNote.objects.create(plan=other, author=owner, text="笔记", created_at=now)

    assert [fact.reference for fact in load_facts([Quarter(2024, 1)])] == [plan.reference]
    compute("2024")
    assert (ledger(), list(points.all())) == (before, earned)


def links(page: str) -> list[str]:
    return re.findall(r'<td class="basis"><a href="([^"]+)"', page)


def test_a_line_leads_to_the_plan_for_its_owner_the_office_and_leaders_of_the_scope(client, owner, office):
    plan = confirmed(begun(owner, Visibility.PRIVATE), office)
    compute()
    client.force_login(owner)
    assert links(client.get("/me/?year=2024").content.decode()) == [f"/plans/{plan.pk}/"]
    for viewer in (office, reader(Role.LEADER)):
        client.force_login(viewer)
        for address in (f"people/{owner.pk}/", "entries/", f"departments/{Entry.objects.get().department_id}/"):
            page = client.get(f"/appraisal/2024Q1/{address}").content.decode()
            assert links(page) == [f"/plans/{plan.pk}/"], address
        assert client.get(f"/plans/{plan.pk}/").status_code == 200


def test_a_line_of_another_kind_with_the_same_number_leads_nowhere(client, owner, office):
    plan = confirmed(begun(owner), office)
    compute()
    Entry.objects.update(fact_kind="attendance")
    client.force_login(owner)
    assert links(client.get("/me/?year=2024").content.decode()) == []
    assert plan.state == PlanState.CONFIRMED
