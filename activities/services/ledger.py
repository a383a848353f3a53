"""The ledger of problems at a progress meeting: what stood open when it began, what was raised there, what was put
right since the meeting before. It is worked out from the events of the findings, so it is always the same."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q

from activities.kinds import PROGRESS_MEETING
from activities.models import Activity, Finding, FindingEvent
from activities.models.feedback import FindingQuerySet
from activities.services.authority import check_runs
from activities.services.findings import WHAT, move, solve_finding
from activities.states import FindingAction, FindingState
from organization.models import Cadre, Tree
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from shuxiang.periods import SHANGHAI, shanghai_date

CLOSING = frozenset({FindingAction.SOLVE, FindingAction.DROP})
SAID = frozenset({FindingAction.REVIEW, FindingAction.SOLVE})
TOLD = CLOSING | {FindingAction.REVIEW, FindingAction.REOPEN}


@dataclass(frozen=True)
class Row:
    """A finding as it was at the meeting: how many earlier meetings left it open, what was said of it there, and the
    newest that anybody told of it before."""

    finding: Finding
    carried: int = 0
    note: str = ""
    latest: FindingEvent | None = None


@dataclass(frozen=True)
class Ledger:
    meeting: Activity
    previous: Activity | None
    open: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    settled: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """What the meeting can speak of, though it may be settled by now."""
        return [*self.open, *self.new]


@dataclass(frozen=True)
class Review:
    """What the meeting says of a finding in the version `seen`."""

    finding: int
    seen: int
    note: str
    solved: bool = False


class ReviewRefused(ValueError):
    """Nothing was stored; `reasons` are Chinese sentences by the finding's id."""

    def __init__(self, reasons: dict[int, str], *, stale: bool) -> None:
        super().__init__(f"有 {len(reasons)} 条不能保存，请看下面各条的提示；所有各条都还没有保存，已填的文字都在。")
        self.reasons, self.stale = reasons, stale


def ledger_of(meeting: Activity) -> Ledger:
    """The number of queries is constant: four."""
    tree = Tree.load()
    meetings = meetings_beside(meeting, tree)
    place = next(number for number, each in enumerate(meetings) if each.pk == meeting.pk)
    previous = meetings[place - 1] if place else None
    findings = list(concerned(meeting, previous, tree))
    told = (
        FindingEvent.objects.filter(finding__in=[each.pk for each in findings]).select_related("actor").order_by("pk")
    )
    events: dict[int, list[FindingEvent]] = {each.pk: [] for each in findings}
    for event in told:
        events[event.finding_id].append(event)
    found = Ledger(meeting, previous)
    for each in findings:
        life = Life(each, events[each.pk], meetings)
        row = Row(each, life.carried(place), life.said_at(meeting), life.told_before(meeting))
        if life.raised == place:
            found.new.append(row)
        elif life.raised < place and life.is_open_before(place):
            found.open.append(row)
        elif life.settled_between(place):
            found.settled.append(row)
    return found


def top_of(meeting: Activity, tree: Tree) -> int | None:
    """The agency whose meeting it is; None is the root."""
    top = tree.agency(meeting.department_id) if meeting.department_id is not None else None
    return None if tree.root is not None and top == tree.root.id else top


def meetings_beside(meeting: Activity, tree: Tree) -> Sequence[Activity]:
    """All progress meetings of the same agency in their order, whichever of its departments held them."""
    rows = Activity.objects.standing().filter(Q(category=PROGRESS_MEETING) | Q(pk=meeting.pk))
    top = top_of(meeting, tree)
    same = [each for each in rows if top_of(each, tree) == top]
    return sorted(same, key=lambda each: (each.date, each.starts_at or time.min, each.pk))


def in_scope(meeting: Activity, tree: Tree) -> FindingQuerySet:
    top = top_of(meeting, tree)
    rows: FindingQuerySet = Finding.objects.all()
    return rows if top is None else rows.filter(department__in=tree.subtree(top))


def concerned(meeting: Activity, previous: Activity | None, tree: Tree) -> FindingQuerySet:
    """Those open now, and those on which something was done since the meeting before."""
    rows = in_scope(meeting, tree).filter(Q(raised_on__lte=meeting.date) | Q(activity=meeting))
    if previous is not None:
        since = datetime.combine(previous.date, time.min, SHANGHAI)
        rows = rows.filter(Q(state=FindingState.OPEN) | Q(changed_at__gte=since))
    return rows.select_related("owner", "activity", "questionnaire").order_by("raised_on", "pk")


class Life:
    """When a finding was open, counted in meetings: 2 is at the third one, 1.5 between the second and the third.

    What was done on the day of a meeting, but not at it, came after it; what was raised that day came before.
    """

    def __init__(self, finding: Finding, events: Iterable[FindingEvent], meetings: Sequence[Activity]) -> None:
        days = [each.date for each in meetings]
        self.places = {each.pk: number for number, each in enumerate(meetings)}
        self.events = list(events)
        first = self.places.get(finding.activity_id or 0)
        self.raised: float = first if first is not None else before(days, finding.raised_on)
        self.changes: list[tuple[float, str]] = [(self.raised, FindingState.OPEN)]
        for event in self.events:
            if event.action in CLOSING or event.action == FindingAction.REOPEN:
                at = self.places.get(event.meeting_id or 0, after(days, shanghai_date(event.at)))
                self.changes.append((max(at, self.changes[-1][0]), event.to_state))

    def state(self, until: float) -> str:
        """After all that came up to there; empty before it was raised."""
        return next((state for place, state in reversed(self.changes) if place <= until), "")

    def is_open_before(self, place: int) -> bool:
        return self.state(place - 0.5) == FindingState.OPEN

    def carried(self, place: int) -> int:
        return sum(self.state(earlier) == FindingState.OPEN for earlier in range(place))

    def settled_between(self, place: int) -> bool:
        closed = self.state(place - 0.5) in (FindingState.DONE, FindingState.DROPPED)
        return closed and any(at == place - 0.5 and state != FindingState.OPEN for at, state in self.changes)

    def said_at(self, meeting: Activity) -> str:
        said = [each.reason for each in self.events if each.meeting_id == meeting.pk and each.action in SAID]
        return said[-1] if said else ""

    def told_before(self, meeting: Activity) -> FindingEvent | None:
        """The newest with words, of an earlier meeting or told outside of them until the meeting's day."""
        told = [each for each in self.events if each.reason and each.action in TOLD and self.is_before(each, meeting)]
        return told[-1] if told else None

    def is_before(self, event: FindingEvent, meeting: Activity) -> bool:
        place = self.places.get(event.meeting_id or 0)
        return shanghai_date(event.at) <= meeting.date if place is None else place < self.places[meeting.pk]


def before(days: Sequence[date], day: date) -> float:
    return bisect_left(days, day) - 0.5


def after(days: Sequence[date], day: date) -> float:
    return bisect_right(days, day) - 0.5


@transaction.atomic
def review_findings(*, meeting: Activity, by: Cadre, reviews: Iterable[Review], now: datetime) -> int:
    """What the meeting says of its open findings, all or nothing; gives how many were spoken of.

    What is empty, or was stored already in these words, is passed over. Raises NotAllowed, ReviewRefused.
    """
    check_runs(by, meeting)
    rows = {row.finding.pk: row for row in ledger_of(meeting).rows}
    reasons: dict[int, str] = {}
    number, stale = 0, False
    for review in reviews:
        row = rows.get(review.finding)
        if not (review.solved or review.note) or (row and is_said(review, row)):
            continue
        try:
            if row is None:
                raise Stale(WHAT)
            speak_of(row.finding, meeting, by, review, now)
            number += 1
        except (Stale, IllegalStep, NotAllowed, ValueError) as error:
            stale = stale or isinstance(error, Stale | IllegalStep)
            reasons[review.finding] = str(error)
    if reasons:
        raise ReviewRefused(reasons, stale=stale)
    return number


def is_said(review: Review, row: Row) -> bool:
    return review.note == row.note and not (review.solved and row.finding.is_open)


def speak_of(finding: Finding, meeting: Activity, by: Cadre, review: Review, now: datetime) -> None:
    if review.solved:
        solve_finding(finding=finding, by=by, seen=review.seen, now=now, reason=review.note, meeting=meeting)
    else:
        move(finding, FindingAction.REVIEW, by, review.seen, now, {}, review.note, meeting)
