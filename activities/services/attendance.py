"""Who came: recorded one by one at the desk, by a whole page of ticks, or (services/register.py) by a register.

What is recorded may be changed without a word on the day on which it was recorded, for slips of the thumb; from the
next day on every change says why. Each change leaves an event. Writers of one activity wait for one another at its row,
so that what they compare is still so when they write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from activities.models import Activity, ActivityEvent, Attendance, AttendanceEvent
from activities.models.attendance import not_in_service
from activities.services.authority import check_runs
from activities.services.recorders import check_recorder, named_at, out_of_reach, own_of, reach_of
from activities.states import ActivityAction, ActivityState
from organization.models import Cadre, Posting
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from shuxiang.periods import dated, shanghai_date
from shuxiang.rows import update_rows

WHAT = "签到"
VOID, ABSENT = "void", ""
LABELS = {**dict(Attendance.Capacity.choices), VOID: "作废", ABSENT: "未到"}
REASON_LENGTH = 300


class NotYet(ValueError):
    """The activity takes no attendance: it is to come, or cancelled; str() is a Chinese sentence."""


class ReasonNeeded(ValueError):
    """str() is a Chinese sentence."""


@dataclass
class Sheet:
    """What became of a sheet: how many rows are new, changed and void, and what was left and why."""

    added: int = 0
    changed: int = 0
    voided: int = 0
    told: dict[int, str] = field(default_factory=dict)


@dataclass
class Writing:
    """Rows to store, with the state from which each comes."""

    new: list[Attendance] = field(default_factory=list)
    kept: list[tuple[Attendance, str]] = field(default_factory=list)

    def put(self, row: Attendance, *, capacity: str | None) -> None:
        """None voids the row."""
        before = state_of(row)
        row.is_void = capacity is None
        row.capacity = capacity or row.capacity
        self.kept.append((row, before))


def state_of(row: Attendance) -> str:
    return VOID if row.is_void else row.capacity


def presence_of(rows: Iterable[Attendance]) -> str:
    """How somebody takes part by all the own rows of an activity: speaking says more than attending."""
    valid = {row.capacity for row in rows if not row.is_void}
    return max(valid, default=ABSENT)  # "speaking" comes after "attending"


def why_closed(activity: Activity, today: date) -> str:
    """Why nobody can be recorded now; empty where it can be done."""
    if activity.state == ActivityState.CANCELLED:
        return "活动已经取消，不登记签到。"
    if activity.date > today:
        return f"活动在 {dated(activity.date)}举行，当天起才能登记签到。"
    return ""


def needs_reason(row: Attendance, today: date) -> bool:
    return shanghai_date(row.created_at) < today


def record_attendance(
    *, attendance: Attendance, recorder: Cadre, now: datetime, reason: str = "", seen: str | None = None
) -> Attendance:
    """Stores a new row, or the capacity and the validity of a stored one; `seen` is the state from which it is changed.

    Raises NotAllowed, NotYet, ReasonNeeded, ValueError, Stale.
    """
    try:
        with transaction.atomic():
            activity = open_activity(attendance.activity, now)
            check_recorder(activity=activity, cadre=attendance.cadre, recorder=recorder)
            if attendance.pk is None:
                check_service(activity, attendance.cadre)
                write(activity, Writing(new=[attendance]), recorder, now, reason.strip())
            else:
                change(activity, attendance, recorder, now, reason.strip(), seen)
    except IntegrityError as error:
        raise ValueError("此人在这次活动中的这一身份已登记。") from error
    return attendance


def change(
    activity: Activity, wanted: Attendance, recorder: Cadre, now: datetime, reason: str, seen: str | None
) -> None:
    stored = Attendance.objects.select_related("cadre", "activity").get(pk=wanted.pk)
    before, after = state_of(stored), state_of(wanted)
    if seen is not None and before != seen:
        raise Stale(WHAT)
    if before == after:
        return
    if before == VOID:
        check_service(activity, stored.cadre)
    if needs_reason(stored, shanghai_date(now)) and not reason:
        raise ReasonNeeded("登记当天以后的更正要写明原因。")
    writing = Writing()
    writing.put(stored, capacity=None if after == VOID else after)
    write(activity, writing, recorder, now, reason)


def check_service(activity: Activity, cadre: Cadre) -> None:
    if not cadre.in_service(activity.date):
        raise ValueError(not_in_service(activity, cadre))


def record_sheet(
    *,
    activity: Activity,
    present: Mapping[int, str],
    recorder: Cadre,
    now: datetime,
    seen: Mapping[int, str] | None = None,
    reason: str = "",
) -> Sheet:
    """Records those named, by key: a capacity, or ABSENT; others stay as they are.

    `seen` is what the recorder's page showed of them: whoever was changed since by somebody else is left and told, like
    whom the recorder may not record. Raises NotAllowed, NotYet, Stale. Constant queries.
    """
    try:
        with transaction.atomic():
            standing = open_activity(activity, now)
            found, writing = Sheet(), Writing()
            ticks = Ticks(standing, list(present), recorder)
            for cadre in ticks.people:
                rows, wanted = ticks.rows[cadre.pk], present[cadre.pk]
                if presence_of(rows) == wanted:
                    continue
                shown = None if seen is None else seen.get(cadre.pk, ABSENT)
                why = ticks.why_not(cadre, shown) or why_silent(rows, shanghai_date(now), reason.strip())
                if why:
                    found.told[cadre.pk] = why
                else:
                    count(found, rows, wanted)
                    take(writing, standing, cadre, rows, wanted)
            write(standing, writing, recorder, now, reason.strip())
    except IntegrityError as error:
        raise Stale(WHAT) from error
    return found


class Ticks:
    """What a sheet asks of the database, read once: the people it names, their rows and where they were posted."""

    def __init__(self, activity: Activity, keys: list[int], recorder: Cadre) -> None:
        self.activity, self.recorder = activity, recorder
        self.reach = reach_of(recorder, activity)
        if self.reach.is_empty:
            raise NotAllowed("这项工作由活动的组织人或办公室办理。")
        self.people = list(Cadre.objects.filter(pk__in=keys).order_by("pk"))
        postings = Posting.objects.filter(cadre__in=keys).covering(activity.date)
        self.posted = dict(postings.values_list("cadre_id", "department_id"))
        away = (key for key in keys if not self.reach.covers(self.posted.get(key), is_named=False))
        self.named = named_at(activity, away)
        self.rows: dict[int, list[Attendance]] = defaultdict(list)
        for row in Attendance.objects.filter(activity=activity, cadre__in=keys).order_by("pk"):
            self.rows[row.cadre_id].append(row)
        events = AttendanceEvent.objects.filter(attendance__activity=activity, attendance__cadre__in=keys)
        # The last of each person's wins; what a register brought in has an event too.
        self.last = {
            event.attendance.cadre_id: event for event in events.select_related("attendance", "actor").order_by("pk")
        }

    def why_not(self, cadre: Cadre, shown: str | None) -> str:
        department = self.posted.get(cadre.pk)
        current = presence_of(self.rows[cadre.pk])
        if cadre.pk == self.recorder.pk:
            return own_of(self.recorder)
        if not self.reach.covers(department, is_named=cadre.pk in self.named):
            return out_of_reach(self.activity, cadre)
        if department is None and current == ABSENT:
            return not_in_service(self.activity, cadre)
        if shown is not None and shown != current and not self.is_own_tick(cadre):
            return f"{cadre.name}的签到刚由{self.last_by(cadre)}改为“{LABELS[current]}”，请看现在的情况再办。"
        return ""

    def is_own_tick(self, cadre: Cadre) -> bool:
        """One's own tick of a moment ago is no surprise, though the page did not show it yet."""
        event = self.last.get(cadre.pk)
        return event is not None and event.actor_id == self.recorder.pk

    def last_by(self, cadre: Cadre) -> str:
        event = self.last.get(cadre.pk)
        return event.actor.name if event is not None and event.actor is not None else "别人"


def why_silent(rows: Iterable[Attendance], today: date, reason: str) -> str:
    if not reason and any(needs_reason(row, today) for row in rows):
        return "这一行不是今天登记的，更正要写明原因，请到“更正”里办。"
    return ""


def count(sheet: Sheet, rows: list[Attendance], wanted: str) -> None:
    if wanted == ABSENT:
        sheet.voided += 1
    elif rows:
        sheet.changed += 1
    else:
        sheet.added += 1


def take(writing: Writing, activity: Activity, cadre: Cadre, rows: list[Attendance], wanted: str) -> None:
    """One row of a person says how; where a register brought two, the other is voided."""
    kept = next((row for row in rows if row.capacity == wanted), rows[0] if rows else None) if wanted else None
    for row in rows:
        if row is not kept and not row.is_void:
            writing.put(row, capacity=None)
    if kept is not None:
        writing.put(kept, capacity=wanted)
    elif wanted:
        writing.new.append(Attendance(activity=activity, cadre=cadre, capacity=wanted))


def open_activity(activity: Activity, now: datetime) -> Activity:
    """The activity as it is now, held for this transaction."""
    found = Activity.objects.select_for_update().get(pk=activity.pk)
    if why := why_closed(found, shanghai_date(now)):
        raise NotYet(why)
    return found


def write(activity: Activity, writing: Writing, recorder: Cadre, now: datetime, reason: str) -> None:
    for row in writing.new:
        row.recorded_by = recorder
    for row, _ in writing.kept:
        row.changed_at = now
    Attendance.objects.bulk_create(writing.new)
    update_rows([row for row, _ in writing.kept], ["capacity", "is_void", "changed_at"])
    changes = [*((row, ABSENT) for row in writing.new), *writing.kept]
    AttendanceEvent.objects.bulk_create(
        AttendanceEvent(
            attendance=row, at=now, actor=recorder, from_state=before, to_state=state_of(row), reason=reason
        )
        for row, before in changes
    )
    if any(not row.is_void for row, _ in changes):
        mark_held(activity, recorder, now)


def mark_held(activity: Activity, by: Cadre, now: datetime) -> None:
    """An activity at which somebody was is one that was held."""
    planned = Activity.objects.filter(pk=activity.pk, state=ActivityState.SCHEDULED)
    if planned.update(state=ActivityState.HELD) == 1:
        ActivityEvent.objects.create(
            activity=activity, action=ActivityAction.HOLD, at=now, actor=by, from_state=ActivityState.SCHEDULED,
            to_state=ActivityState.HELD, reason="登记签到",
        )  # fmt: skip


def record_guests(*, activity: Activity, guests: int | None, recorder: Cadre, now: datetime, seen: int | None) -> None:
    """How many came who have no account. Raises NotAllowed, NotYet, Stale."""
    check_runs(recorder, activity)
    with transaction.atomic():
        standing = open_activity(activity, now)
        if standing.guests == guests:
            return
        if standing.guests != seen:
            raise Stale("外来人数")
        Activity.objects.filter(pk=activity.pk).update(guests=guests, version=F("version") + 1)
        ActivityEvent.objects.create(
            activity=standing, action=ActivityAction.EDIT, at=now, actor=recorder, from_state=standing.state,
            to_state=standing.state, reason=f"外来人数：{number(seen)} → {number(guests)}",
        )  # fmt: skip


def number(guests: int | None) -> str:
    return "未填" if guests is None else f"{guests} 人"
