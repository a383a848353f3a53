from typing import Any

from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.kinds import Visibility
from reading.models import Lead, Plan, PlanItem
from reading.states import PlanState
from reading.tests.factories import PlanFactory, reader
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored


def a_plan(viewer: Cadre) -> dict[str, Any]:
    """One's own, open."""
    return {"plan_id": PlanFactory(owner=viewer).pk}


def a_planned_book(viewer: Cadre) -> dict[str, Any]:
    item = PlanItem.objects.create(plan=PlanFactory(owner=viewer), title="论语")
    return {"plan_id": item.plan_id, "item_id": item.pk}


def a_reported_plan(viewer: Cadre) -> dict[str, Any]:
    """A colleague's, which everybody may see."""
    seen = {"visibility": Visibility.EVERYBODY, "state": PlanState.COMPLETED, "completed_at": timezone.now()}
    return {"plan_id": PlanFactory(owner=reader(), **seen).pk}


def a_confirmed_plan(viewer: Cadre) -> dict[str, Any]:
    decided = {"confirmed_by": reader(), "confirmed_on": timezone.localdate()}
    seen = {"visibility": Visibility.EVERYBODY, "state": PlanState.CONFIRMED}
    return {"plan_id": PlanFactory(owner=reader(), **seen, **decided).pk}


def a_month(viewer: Cadre) -> dict[str, Any]:
    """Of the viewer, where that is a leader; else of a colleague."""
    leader = viewer if viewer.has_role(Role.LEADER) else reader(Role.LEADER)
    return {"leader_id": leader.pk, "year": 2024, "month": 3}


PAGES: dict[str, AreaPage] = {
    "plans": AreaPage(),
    "plan_new": AreaPage(),
    "plan": AreaPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_edit": AreaPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_complete": AreaPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_confirm": AreaPage(readers=OFFICE, arguments=a_reported_plan, stored=stored(Plan, "plan_id")),
    "plan_revoke": AreaPage(readers=OFFICE, arguments=a_confirmed_plan, stored=stored(Plan, "plan_id")),
    "plan_step": AreaPage(method="post", status=302, arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_note": AreaPage(method="post", arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_book": AreaPage(
        method="post",
        status=302,
        arguments=a_planned_book,
        stored=lambda: ({"plan_id": row.plan_id, "item_id": row.pk} for row in PlanItem.objects.all()[:1]),
    ),
    "leads": AreaPage(),
    "leads_print": AreaPage(),
    "lead_edit": AreaPage(
        readers=OFFICE | {Role.LEADER},
        arguments=a_month,
        stored=lambda: (
            {"leader_id": row.leader_id, "year": row.month.year, "month": row.month.month}
            for row in Lead.objects.all()[:1]
        ),
    ),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.plan": (set(OFFICE), set()),
    "reading.lead": (set(OFFICE), set(OFFICE)),
}
