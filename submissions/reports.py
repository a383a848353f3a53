"""The review desk's queue: which works wait for what, as typed rows for the screen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.http import QueryDict

from organization.models import Cadre, Posting
from shuxiang.periods import Period, parse_period
from shuxiang.searches import searched
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.models.submission import SubmissionQuerySet
from submissions.states import CAN_STILL_COUNT, STAYING, Action, State

LONG_WAIT = 5
FEW_AUTHORS = 3


class Show(models.TextChoices):
    PENDING = "pending", "待审"
    RETURNED = "returned", "已退回"
    OVERDUE = "overdue", f"等待超过 {LONG_WAIT} 天"
    UNCONFIRMED = "unconfirmed", "缺成员确认"
    UNRATED = "unrated", "待评级"


@dataclass(frozen=True)
class Choice:
    """What the queue shows, as its address says; anything unknown there is left out."""

    show: Show = Show.PENDING
    kind: Kind | None = None
    text: str = ""
    period: Period | None = None
    call: int | None = None

    @classmethod
    def read(cls, address: QueryDict) -> Self:
        show, kind = address.get("show", ""), address.get("kind", "")
        return cls(
            Show(show) if show in Show.values else Show.PENDING,
            Kind(kind) if kind in Kind.values else None,
            searched(address),
            period_in(address),
            call_in(address),
        )

    @property
    def whole(self) -> "Choice":
        """The same without kind and search."""
        return Choice(self.show, period=self.period, call=self.call)

    @property
    def of_all_periods(self) -> "Choice":
        return replace(self, period=None)

    @property
    def of_all_calls(self) -> "Choice":
        return replace(self, call=None)

    @property
    def address(self) -> str:
        parts = {
            "show": self.show if self.show != Show.PENDING else "",
            "kind": self.kind or "",
            "q": self.text,
            "period": str(self.period or ""),
            "call": self.call or "",
        }
        return urlencode({name: part for name, part in parts.items() if part})

    def within(self, works: SubmissionQuerySet) -> SubmissionQuerySet:
        """Works of the period and of the call."""
        if self.call is not None:
            works = works.filter(call=self.call)
        if self.period is None:
            return works
        return works.filter(quarter__in=[str(quarter) for quarter in self.period.quarters])

    def among(self, works: SubmissionQuerySet, today: date) -> SubmissionQuerySet:
        found = self.within(works).filter(conditions(today)[self.show])
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.text:
            found = found.search(self.text)
        return found


def period_in(address: QueryDict) -> Period | None:
    try:
        return parse_period(address.get("period", ""))
    except ValueError:
        return None


def call_in(address: QueryDict) -> int | None:
    text = address.get("call", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@dataclass(frozen=True)
class Tab:
    label: str
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True)
class Row:
    submission: Submission
    version: Version | None
    authors: str
    department: str
    days: int
    length: str
    hints: Sequence[str]
    is_own: bool

    @property
    def kind(self) -> str:
        return Kind(self.submission.kind).short

    @property
    def waits_long(self) -> bool:
        return self.submission.state == State.PENDING and self.days > LONG_WAIT


def queue_of(viewer: Cadre) -> SubmissionQuerySet:
    """Works in the viewer's scope, the oldest first, with `since`, the day on which each came into its state,
    and `unconfirmed`, whether somebody named has yet to confirm.
    """
    moves = Decision.objects.filter(submission=OuterRef("pk")).exclude(action__in=[*STAYING, Action.REGISTER])
    last = moves.order_by("-id").annotate(day=TruncDate("created_at")).values("day")[:1]
    works = Submission.objects.visible_to(viewer).handed_in()
    named = Contributor.objects.filter(submission=OuterRef("pk"), state=Contributor.State.NAMED)
    found = works.annotate(since=Coalesce(Subquery(last), F("credit_date")), unconfirmed=Exists(named))
    return found.order_by(F("since"), "pk")


def conditions(today: date) -> dict[Show, Q]:
    pending = Q(state=State.PENDING)
    return {
        Show.PENDING: pending,
        Show.RETURNED: Q(state=State.RETURNED),
        Show.OVERDUE: pending & Q(since__lt=today - timedelta(days=LONG_WAIT)),
        Show.UNCONFIRMED: Q(unconfirmed=True, state__in=CAN_STILL_COUNT),
        Show.UNRATED: Q(state=State.APPROVED, grade=""),
    }


def tabs(works: SubmissionQuerySet, choice: Choice, today: date) -> tuple[list[Tab], list[Tab]]:
    """What may be shown, and the kinds within what is shown, each with its count; two queries."""
    wanted = conditions(today)
    anywhere = wanted[Show.PENDING] | wanted[Show.RETURNED] | wanted[Show.UNRATED] | wanted[Show.UNCONFIRMED]
    shows = (
        choice.within(works)
        .filter(anywhere)
        .aggregate(**{show.name: Count("pk", filter=wanted[show]) for show in Show})
    )
    shown = choice.whole.among(works, today)
    kinds = shown.aggregate(**{kind.name: Count("pk", filter=Q(kind=kind)) for kind in Kind})
    return (
        [
            Tab(
                show.label,
                shows[show.name],
                replace(choice, show=show, kind=None).address,
                show == choice.show and not choice.kind,
            )
            for show in Show
        ],
        [Tab(kind.short, kinds[kind.name], replace(choice, kind=kind).address, kind == choice.kind) for kind in Kind],
    )


def keys(works: SubmissionQuerySet) -> list[int]:
    return list(works.values_list("pk", flat=True))


def pending_count(viewer: Cadre) -> int:
    return Submission.objects.visible_to(viewer).filter(state=State.PENDING).count()


def with_people(works: SubmissionQuerySet) -> SubmissionQuerySet:
    """Everything that a row shows, in a number of queries that does not grow with the rows."""
    newest = Version.objects.newest().prefetch_related("attachments")
    return works.select_related("owner_department", "owner_party_group").prefetch_related(
        Prefetch("contributors", Contributor.objects.select_related("cadre")), Prefetch("versions", newest)
    )


def rows(works: Sequence[Submission], viewer: Cadre, today: date) -> list[Row]:
    """Works that were read `with_people`; one query for their departments."""
    departments = main_departments(works)
    return [row(work, departments.get(work.pk, ""), viewer, today) for work in works]


def row(work: Submission, department: str, viewer: Cadre, today: date) -> Row:
    people = list(work.contributors.all())
    version = next(iter(work.versions.all()), None)
    since: date = getattr(work, "since", None) or work.credit_date or today
    return Row(
        submission=work,
        version=version,
        authors=authors_of(work, people),
        department=department,
        days=max((today - since).days, 0),
        length=length_of(version),
        hints=hints_of(work, people, version),
        is_own=work.entered_by_id == viewer.pk or any(person.cadre_id == viewer.pk for person in people),
    )


def authors_of(work: Submission, people: Sequence[Contributor]) -> str:
    names = [person.cadre.name for person in people]
    owner = work.owner_department or work.owner_party_group
    if owner is not None:
        return f"{owner.name} {len(names)}\u00a0人"
    return "、".join(names) if len(names) <= FEW_AUTHORS else f"{names[0]} 等 {len(names)}\u00a0人"


def main_departments(works: Sequence[Submission]) -> dict[int, str]:
    """By work the department of its main author on the credit date."""
    main = {work.pk: person.cadre_id for work in works for person in list(work.contributors.all())[:1]}
    postings = list(Posting.objects.filter(cadre__in=set(main.values())).select_related("department"))
    return {
        work.pk: posting.department.name
        for work in works
        for posting in postings
        if work.credit_date
        and posting.cadre_id == main.get(work.pk)
        and posting.since <= work.credit_date <= (posting.until or date.max)
    }


def length_of(version: Version | None) -> str:
    """How long a recording is, once that is known, else the number of characters; empty where there is neither."""
    if version is None:
        return ""
    sounds = [file for file in version.attachments.all() if file.role == Attachment.Role.AUDIO]
    if sounds:
        return " ".join(["录音", *(lasting(file.duration_ms) for file in sounds if file.duration_ms)])
    return f"{version.length:,} 字" if version.length else ""


def lasting(milliseconds: int) -> str:
    """`3 分 20 秒`."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"


def hints_of(work: Submission, people: Sequence[Contributor], version: Version | None) -> list[str]:
    found = []
    waiting = sum(person.state == Contributor.State.NAMED for person in people)
    if waiting:
        found.append(f"缺 {waiting} 人确认")
    if work.is_late:
        found.append("补报")
    if version is not None and version.number > 1:
        found.append(f"第 {version.number} 版")
    documents = version.attachments.all() if version is not None else ()
    if any(file.role == Attachment.Role.DOCUMENT for file in documents):
        found.append("含附件")
    return found
