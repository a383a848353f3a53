"""Plans as pages show them: planned and done side by side, each book a spine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Case, QuerySet, When

from organization.models import Cadre, Scope
from organization.services.naming import departments_of
from reading.models import Plan, PlanItem
from reading.states import PlanState
from shuxiang.typography import unquoted

TITLE_ROOM = 7


@dataclass(frozen=True)
class PlannedItem:
    """A book of a plan on a day."""

    item: PlanItem
    today: date
    is_open: bool

    @property
    def title(self) -> str:
        """As far as it fits on a spine."""
        text = unquoted(self.item.title)
        return text if len(text) <= TITLE_ROOM else text[: TITLE_ROOM - 1] + "…"

    @property
    def is_done(self) -> bool:
        return self.item.done_on is not None

    @property
    def is_overdue(self) -> bool:
        due = self.item.due_on
        return self.is_open and not self.is_done and not self.item.is_dropped and due is not None and due < self.today

    @property
    def difference(self) -> str:
        """How far done lies from planned; empty where nothing can be said."""
        item = self.item
        if item.due_on is None or item.done_on is None:
            return ""
        days = (item.done_on - item.due_on).days
        return "按期" if days == 0 else f"早 {-days} 天" if days < 0 else f"晚 {days} 天"


@dataclass(frozen=True)
class PlanCard:
    """A plan with its books, in their order; the plan's items are known."""

    plan: Plan
    today: date
    department: str = ""

    @cached_property
    def items(self) -> Sequence[PlannedItem]:
        return [PlannedItem(each, self.today, self.plan.is_open) for each in self.plan.items.all()]

    @cached_property
    def kept(self) -> Sequence[PlannedItem]:
        """Without those that were dropped."""
        return [each for each in self.items if not each.item.is_dropped]

    @property
    def total(self) -> int:
        return len(self.kept)

    @property
    def done(self) -> int:
        return sum(each.is_done for each in self.kept)

    @property
    def progress(self) -> str:
        return f"读完 {self.done} 本，共 {self.total} 本" if self.total else "还没有列出图书"

    @property
    def next(self) -> PlannedItem | None:
        """What is to be read next: the nearest planned day, then the order of the plan."""
        unread = [each for each in self.kept if not each.is_done]
        return min(unread, key=lambda each: each.item.due_on or date.max, default=None)

    @property
    def can_be_reported(self) -> bool:
        return self.plan.is_open and self.total > 0 and self.done == self.total

    @property
    def is_past(self) -> bool:
        return self.plan.is_open and self.plan.until < self.today


def cards_of(plans: Iterable[Plan], today: date) -> list[PlanCard]:
    """With the departments of their owners; one query, where the plans' items and owners are known."""
    found = list(plans)
    places = departments_of({plan.owner_id for plan in found}, today) if found else {}
    return [PlanCard(plan, today, places.get(plan.owner_id, "")) for plan in found]


def mine(viewer: Cadre) -> QuerySet[Plan]:
    """One's own, open ones first."""
    return Plan.objects.of(viewer).order_by(
        Case(When(state=PlanState.OPEN, then=0), When(state=PlanState.DROPPED, then=2), default=1), "-since", "-pk"
    )


def current_plan(viewer: Cadre, today: date) -> PlanCard | None:
    """The plan that one is at, the one that ends first; at most two queries."""
    rows = Plan.objects.of(viewer).filter(state__in=[PlanState.OPEN, PlanState.COMPLETED])
    plan = rows.order_by("until", "pk").prefetch_related("items").first()
    return PlanCard(plan, today) if plan else None


def mentored(viewer: Cadre) -> QuerySet[Plan]:
    """Those that wait for the mentor's word first."""
    rows = Plan.objects.mentored_by(viewer).exclude(state=PlanState.DROPPED)
    return rows.order_by(Case(When(state=PlanState.COMPLETED, then=0), default=1), "-since", "-pk")


def shown(viewer: Cadre, scope: Scope) -> QuerySet[Plan]:
    """What colleagues show, or what the office and leaders may see; without one's own and those one mentors."""
    rows = Plan.objects.in_sight(viewer, scope).exclude(owner=viewer)
    return rows.exclude(mentor=viewer).order_by("-since", "-pk")
