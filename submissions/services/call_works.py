"""The works that answered a call, for its page, its office's list and the reminder before its last day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import BigIntegerField, Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from activities.models import Call
from activities.services.calling import claim_reminder
from activities.services.concerned import liaisons_of
from activities.states import CallState
from notices.services import send
from organization.models import Cadre, Posting, Scope, Tree
from organization.services.places import office_of
from shuxiang.periods import shanghai_date, spoken
from submissions.kinds import Grade, Kind
from submissions.models import Contributor, Submission
from submissions.models.submission import SubmissionQuerySet, cloth_of
from submissions.states import State

# So many days before the last one liaisons and the office are reminded.
REMINDED_BEFORE = timedelta(days=3)


class Answer(NamedTuple):
    """A work of a call as its page shows it."""

    id: int
    cloth: int
    title: str
    kind: str
    is_excellent: bool
    author: str
    others: int
    department: str
    day: date
    state: str
    state_label: str


@dataclass(frozen=True)
class Tally:
    """How many works of one department and kind answered; the department is that of the owner or the main author."""

    department: int | None
    name: str
    kind: Kind
    count: int


def answers_to(call: Call, viewer: Cadre, scope: Scope) -> SubmissionQuerySet:
    """Handed-in works of the call that were not taken back: those that are shown, and those that somebody may see whose
    scope is `scope`; without departments in it, only the own."""
    own = Submission.objects.in_sight(viewer, scope).handed_in()
    return (own | Submission.objects.showcased()).filter(call=call).exclude(state=State.WITHDRAWN)


def placed(works: SubmissionQuerySet) -> QuerySet[Any]:
    """Adds `place`: the department of a collective work, else of the main author on the credit date."""
    posted = Posting.objects.filter(
        cadre__contributions__submission=OuterRef("pk"), cadre__contributions__position=0
    ).covering(OuterRef("credit_date"))
    own = Subquery(posted.order_by().values("department")[:1])
    return works.annotate(place=Coalesce(F("owner_department"), own, output_field=BigIntegerField()))


def tallies(works: SubmissionQuerySet, tree: Tree) -> list[Tally]:
    """By department in the tree's order, then by kind; one query."""
    counted = placed(works).order_by().values_list("place", "kind").annotate(count=Count("pk"))
    order = {node.id: place for place, node in enumerate(tree.ordered)}
    found = [
        Tally(place, tree.nodes[place].name if place in tree.nodes else "未登记科室", Kind(kind), count)
        for place, kind, count in counted
    ]
    kinds = list(Kind)
    return sorted(found, key=lambda each: (order.get(each.department or 0, len(order)), kinds.index(each.kind)))


def listed(works: SubmissionQuerySet, tree: Tree, department: int | None, kind: Kind | None) -> QuerySet[Any, Any]:
    """The newest first, as `rows_of` takes them."""
    found = placed(works).order_by("-credit_date", "-pk")
    if department is not None:
        found = found.filter(place__in=tree.subtree(department))
    if kind is not None:
        found = found.filter(kind=kind)
    named = Contributor.objects.filter(submission=OuterRef("pk")).exclude(state=Contributor.State.DECLINED)
    main = named.filter(position=0).values("cadre__name")[:1]
    many = named.order_by().values("submission").annotate(count=Count("pk")).values("count")
    rows = found.annotate(author=Subquery(main), people=Coalesce(Subquery(many), 0))
    return rows.values_list("pk", "title", "kind", "grade", "author", "people", "place", "credit_date", "state")


def rows_of(found: Iterable[tuple[Any, ...]], tree: Tree) -> list[Answer]:
    """Of what `listed` gave."""
    return [
        Answer(
            pk, cloth_of(pk), title, Kind(kind).label, grade == Grade.EXCELLENT, author or "", max(people - 1, 0),
            tree.nodes[place].name if place in tree.nodes else "", day, state, State(state).label,
        )
        for pk, title, kind, grade, author, people, place, day, state in found
    ]  # fmt: skip


def remind_of_calls(*, now: datetime) -> int:
    """Three days before the last one, once for each last day; gives how many calls.

    Nobody is told to answer: liaisons and the office learn how many works there are.
    """
    today = shanghai_date(now)
    soon = Call.objects.filter(state=CallState.OPEN, until__range=(today, today + REMINDED_BEFORE))
    return sum(remind_of(call, now) for call in soon.order_by("pk"))


@transaction.atomic
def remind_of(call: Call, now: datetime) -> bool:
    if not claim_reminder(call=call):
        return False
    today = shanghai_date(now)
    works = Submission.objects.filter(call=call).handed_in().exclude(state=State.WITHDRAWN).count()
    people: Sequence[Cadre] = [*liaisons_of(call.department_id, today), *office_of(call.department_id, today)]
    send(
        recipients=people,
        subject=f"征集令{call.quoted} {spoken(call.until)}截止，已收到 {works} 件",
        body="还想应征的同事请在截止以前上报。" if works else "还没有收到作品，需要的话可以延期。",
        address=reverse("call", args=[call.pk]),
        now=now,
    )
    return True
