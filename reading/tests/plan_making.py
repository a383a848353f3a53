"""Plans made as their owners make them, for tests."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from organization.models import Cadre
from organization.roles import Role
from reading.kinds import Visibility
from reading.models import Plan, PlanItem
from reading.services.plan_books import mark_read
from reading.services.plan_steps import take_step
from reading.services.planning import PlanContent, PlannedBook, begin
from reading.states import PlanAction
from reading.tests.factories import reader

NOW = datetime(2024, 3, 10, 2, 0, tzinfo=UTC)
TODAY = date(2024, 3, 10)
SINCE, UNTIL = date(2024, 1, 1), date(2024, 3, 31)


def content(**changed) -> PlanContent:
    given = {"title": "读完《论语》", "since": SINCE, "until": UNTIL, "books": [PlannedBook("论语", due_on=UNTIL)]}
    return PlanContent(**(given | changed))


def begun(owner: Cadre, visibility: Visibility = Visibility.PRIVATE, mentor: Cadre | None = None, **changed) -> Plan:
    made = content(visibility=visibility, mentor=mentor, **changed)
    return begin(content=made, by=owner, token=uuid4(), now=NOW)[0]


def fresh(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def item_of(plan: Plan) -> PlanItem:
    return PlanItem.objects.select_related("plan").filter(plan=plan).first()


def step(plan: Plan, action: PlanAction, by: Cadre, reason: str = "写明理由", now: datetime = NOW) -> Plan:
    current = fresh(plan)
    take_step(plan=current, seen=current.revision, action=action, by=by, now=now, reason=reason)
    return fresh(plan)


def read_all(plan: Plan) -> Plan:
    for item in PlanItem.objects.select_related("plan").filter(plan=plan):
        mark_read(item=item, done_on=TODAY, by=plan.owner, now=NOW)
    return fresh(plan)


def reported(plan: Plan) -> Plan:
    return step(read_all(plan), PlanAction.COMPLETE, plan.owner)


def confirmed(plan: Plan, by: Cadre, now: datetime = NOW) -> Plan:
    return step(reported(plan), PlanAction.CONFIRM, by, now=now)


def open_page(client, viewer, address):
    client.force_login(viewer)
    return client.get(address)


def text_of(client, viewer, address) -> str:
    return open_page(client, viewer, address).content.decode()


@pytest.fixture
def owner():
    return reader()


@pytest.fixture
def mentor():
    return reader()


@pytest.fixture
def office():
    return reader(Role.OFFICE)
