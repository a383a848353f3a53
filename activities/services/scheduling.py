"""The life of an activity: scheduled, changed, held, cancelled, and back.

States and versions move by compare-and-set, and each step leaves an event in the same transaction. Raises NotAllowed,
IllegalStep, Stale, FieldRefused or ValueError, whose str() are Chinese sentences.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from activities.models import Activity, ActivityEvent
from activities.services.authority import check_edits, check_hosts, check_runs
from activities.services.content import (
    IN_THE_LEDGER,
    ON_CALENDARS,
    WHEN_AND_WHERE,
    ActivityContent,
    changed_columns,
    check_content,
    in_words,
    write_parts,
)
from activities.services.numbering import lock_numbers, next_references
from activities.services.signing_up import move_up
from activities.services.telling import News, letters_about
from activities.states import ACTIVITY_TRANSITIONS, ActivityAction, ActivityState
from notices.services import send_letters
from organization.models import Cadre
from organization.services.lives import FieldRefused, IllegalStep, Stale
from shuxiang.periods import dated, shanghai_date

WHAT = "活动"
REASON_LENGTH = 300


@transaction.atomic
def schedule(*, content: ActivityContent, by: Cadre, now: datetime, reference: str = "") -> Activity:
    """A new activity under the next number of its year, or under `reference`, the one that the office's paper has."""
    check_hosts(by, content.department)
    check_content(content, None, now)
    lock_numbers()
    check_alone(content)
    number = reference or next_references(content.date.year, 1)[0]
    made = Activity.objects.create(reference=number, state=ActivityState.SCHEDULED, **content.columns())
    write_parts(made, content)
    record(made, ActivityAction.SCHEDULE, "", by, now)
    return made


def check_alone(content: ActivityContent) -> None:
    """A form sent twice makes one activity: the second of one name, host, day and hour is a mistake."""
    alike = Activity.objects.standing().filter(
        title=content.title, date=content.date, starts_at=content.starts_at, department=content.department
    )
    if (before := alike.first()) is not None:
        raise FieldRefused(f"{dated(content.date)}已经安排了同名的活动，编号 {before.reference}，不用再安排。", "title")


@transaction.atomic
def edit(*, activity: Activity, seen: int, content: ActivityContent, by: Cadre, now: datetime) -> Activity:
    """`seen` is the activity's version on the page that was filled in. Who signed up, waits, speaks or organises it
    is told of another time or place."""
    check_edits(by, activity)
    check_hosts(by, content.department)
    stored = locked(activity)
    if stored.version != seen:
        raise Stale(WHAT)
    before = ActivityState(stored.state)
    next_state(before, ActivityAction.EDIT)
    check_content(content, stored, now)
    was, changed = stored.when_and_where, changed_columns(stored, content)
    words = in_words(stored, changed) + write_parts(stored, content)
    if not words:
        return stored
    columns = changed | {"version": F("version") + 1}
    if changed.keys() & IN_THE_LEDGER:
        columns["changed_at"] = now
    if changed.keys() & ON_CALENDARS:
        columns["sequence"] = F("sequence") + 1
    move(stored, before, columns, version=seen)
    record(stored, ActivityAction.EDIT, before, by, now, "；".join(words))
    today = shanghai_date(now)
    if before == ActivityState.SCHEDULED and changed.keys() & WHEN_AND_WHERE and stored.last_day >= today:
        tell(stored, "改了时间地点", f"现在：{stored.when_and_where}\n原来：{was}", by, now)
    move_up(activity=stored, now=now)
    return stored


@transaction.atomic
def cancel(*, activity: Activity, by: Cadre, reason: str, now: datetime) -> ActivityEvent:
    """From the state of the copy that was seen; who signed up, waits, speaks or organises it is told."""
    check_edits(by, activity)
    said = reason.strip()
    if not said:
        raise FieldRefused("请写明取消的原因，报名的人会看到。", "reason")
    if len(said) > REASON_LENGTH:
        raise FieldRefused(f"原因最多 {REASON_LENGTH} 字，现在有 {len(said)} 字，请缩短。", "reason")
    check_nobody_recorded(locked(activity), "取消")
    event = take(activity, ActivityAction.CANCEL, by, now, said)
    tell(activity, "取消了", f"{activity.when_and_where}\n原因：{said}", by, now)
    return event


@transaction.atomic
def restore(*, activity: Activity, by: Cadre, now: datetime) -> ActivityEvent:
    """Sign-ups stand again as they were; the same people are told."""
    check_edits(by, activity)
    event = take(activity, ActivityAction.RESTORE, by, now)
    tell(activity, "恢复举办", activity.when_and_where, by, now)
    move_up(activity=activity, now=now)
    return event


@transaction.atomic
def hold(*, activity: Activity, by: Cadre, now: datetime) -> ActivityEvent:
    """It took place; not before its (first) day."""
    check_runs(by, activity)
    day = locked(activity).date
    if day > shanghai_date(now):
        raise ValueError(f"活动定在 {dated(day)}，到那天才能登记举办；提前举办的请先改日期。")
    return take(activity, ActivityAction.HOLD, by, now)


@transaction.atomic
def reopen(*, activity: Activity, by: Cadre, now: datetime) -> ActivityEvent:
    check_runs(by, activity)
    check_nobody_recorded(locked(activity), "改回已安排")
    return take(activity, ActivityAction.REOPEN, by, now)


def locked(activity: Activity) -> Activity:
    """The row as it is now, for the rest of the transaction. On SQLite every writing transaction waits anyway."""
    return Activity.objects.select_for_update().get(pk=activity.pk)


def check_nobody_recorded(activity: Activity, what: str) -> None:
    count = activity.attendances.filter(is_void=False).values("cadre").distinct().count()
    if count:
        raise ValueError(f"已经登记了 {count} 人的签到，不能{what}；登记错了的，请先把这些签到作废。")


def take(activity: Activity, action: ActivityAction, by: Cadre, now: datetime, reason: str = "") -> ActivityEvent:
    before = ActivityState(activity.state)
    after = next_state(before, action)
    move(activity, before, {"state": after, "version": F("version") + 1, "sequence": F("sequence") + 1})
    return record(activity, action, before, by, now, reason)


def next_state(before: ActivityState, action: ActivityAction) -> ActivityState:
    after = ACTIVITY_TRANSITIONS.get((before, action))
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    return after


def move(activity: Activity, before: ActivityState, columns: dict[str, Any], **seen: int) -> None:
    if Activity.objects.filter(pk=activity.pk, state=before, **seen).update(**columns) != 1:
        raise Stale(WHAT)
    activity.refresh_from_db()


def record(
    activity: Activity, action: ActivityAction, before: str, by: Cadre, now: datetime, reason: str = ""
) -> ActivityEvent:
    return ActivityEvent.objects.create(
        activity=activity, action=action, from_state=before, to_state=activity.state, actor=by, at=now,
        reason=reason if len(reason) <= REASON_LENGTH else f"{reason[: REASON_LENGTH - 1]}…",
    )  # fmt: skip


def tell(activity: Activity, what: str, body: str, by: Cadre, now: datetime) -> None:
    """Not who did it."""
    send_letters(letters_about({activity: News(activity.title, body)}, by=by, what=what), now=now)
