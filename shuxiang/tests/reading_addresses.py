"""The reading room's addresses and models: who may open them, and a stored row for each address that needs one.

One entry per address; the tests of every address, role and page read it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.kinds import Visibility
from reading.models import Lead, Picture, Plan, PlanItem
from reading.states import PlanState
from reading.tests.factories import PlaceFactory, PlanFactory, reader
from shuxiang.uploads import random_name

EVERYBODY = frozenset(Role)
OFFICE = frozenset({Role.OFFICE})


@dataclass(frozen=True)
class ReadingPage:
    """`arguments` makes a row for the viewer and gives the address's arguments; others than `readers` get `refused`.

    `stored` gives the arguments of a row that there is already, for tests that visit every page of a filled portal.
    """

    readers: frozenset[Role] = EVERYBODY
    method: str = "get"
    status: int = 200
    refused: int = 404
    arguments: Callable[[Cadre], dict[str, Any]] = lambda viewer: {}
    stored: Callable[[], Iterator[dict[str, Any]]] | None = None


def a_picture(viewer: Cadre) -> dict[str, Any]:
    picture = Picture(original_name="照片", size=1, width=40, height=40, uploaded_by=viewer, created_at=timezone.now())
    picture.place = PlaceFactory()
    picture.file.save(random_name(None, ""), ContentFile(b"x"))
    return {"picture_id": picture.pk}


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


def stored(model: Any, argument: str) -> Callable[[], Iterator[dict[str, Any]]]:
    """The arguments of one row that there is."""
    return lambda: ({argument: row.pk} for row in model.objects.all()[:1])


PAGES: dict[str, ReadingPage] = {
    "picture": ReadingPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    # catalogue
    # loans
    # places
    # stocktake
    # digital resources
    # suggestions, donations, renewal
    # plans
    "plans": ReadingPage(),
    "plan_new": ReadingPage(),
    "plan": ReadingPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_edit": ReadingPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_complete": ReadingPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_confirm": ReadingPage(readers=OFFICE, arguments=a_reported_plan, stored=stored(Plan, "plan_id")),
    "plan_revoke": ReadingPage(readers=OFFICE, arguments=a_confirmed_plan, stored=stored(Plan, "plan_id")),
    "plan_step": ReadingPage(method="post", status=302, arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_note": ReadingPage(method="post", arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_book": ReadingPage(
        method="post",
        status=302,
        arguments=a_planned_book,
        stored=lambda: ({"plan_id": row.plan_id, "item_id": row.pk} for row in PlanItem.objects.all()[:1]),
    ),
    "leads": ReadingPage(),
    "leads_print": ReadingPage(),
    "lead_edit": ReadingPage(
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
    # catalogue
    # loans
    # places
    # stocktake
    # digital resources
    # suggestions, donations
    # plans
    "reading.plan": (set(OFFICE), set()),
    "reading.lead": (set(OFFICE), set(OFFICE)),
}


def stored_addresses(name: str) -> Callable[[], Iterator[str]]:
    """The addresses of stored rows, for `shuxiang.tests.objects`."""

    def found() -> Iterator[str]:
        page = PAGES[name]
        assert page.stored is not None, f"{name} needs a stored row"
        yield from (reverse(name, kwargs=arguments) for arguments in page.stored())

    return found
