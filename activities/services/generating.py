"""The activities of a series: made ahead, and kept to the series as far as nobody changed them by hand.

Raises NotAllowed, whose str() is a Chinese sentence. By whom is None for the clock and for commands.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from activities.models import Activity, ActivityEvent, Registration, Series
from activities.recurrence import Occurrence, occurrences
from activities.services.authority import check_edits_series
from activities.services.given import (
    IN_CALENDARS,
    TOLD,
    Following,
    change_words,
    following,
    rule_of,
    snapshot,
    values_of,
)
from activities.services.numbering import next_references
from activities.services.signing_up import move_up
from activities.services.telling import News, letters_about
from activities.services.workdays import days_in
from activities.states import ActivityAction, ActivityState
from notices.services import send_letters
from organization.models import Cadre
from shuxiang.periods import Span
from shuxiang.typography import shorten

OCTOBER = 10
# So long an event's reason may be.
REASON = 300


@dataclass(frozen=True)
class Generated:
    created: int = 0
    changed: int = 0

    @property
    def words(self) -> str:
        parts = [f"新生成 {self.created} 个活动"] if self.created else []
        parts += [f"更新 {self.changed} 个活动"] if self.changed else []
        return "，".join(parts) + "。" if parts else "没有要新生成的活动，已有的都和系列一致。"


def horizon(today: date) -> date:
    """Up to when activities are made: the end of the year, from October on of the next, as that is planned then."""
    return date(today.year + (today.month >= OCTOBER), 12, 31)


def generate_all(*, now: datetime) -> Generated:
    """Every running series; each in a transaction of its own."""
    through = horizon(timezone.localdate(now))
    made = [generate(series=series, through=through, now=now) for series in Series.objects.running()]
    return Generated(sum(each.created for each in made), sum(each.changed for each in made))


def generate(*, series: Series, through: date, now: datetime, by: Cadre | None = None) -> Generated:
    """Makes the missing activities of a running series from today to `through`, and lets future ones follow it.

    Twice is once, also at the same moment. A paused series gets nothing. Raises NotAllowed.
    """
    if by is not None:
        check_edits_series(by, series)
    try:
        return generated_once(series, through, now, by)
    except IntegrityError:  # somebody typed the next number, or took a seat, at this moment
        return generated_once(series, through, now, by)


@transaction.atomic
def generated_once(series: Series, through: date, now: datetime, by: Cadre | None) -> Generated:
    """As the series stands now; whoever changes it, or generates it too, waits."""
    kept = Series.objects.running().select_for_update().filter(pk=series.pk).first()
    if kept is None:
        return Generated()
    today = timezone.localdate(now)
    found = {each.key: each for each in planned(kept, Span(today, max(through, today)))}
    known = set(kept.activities.values_list("occurrence", flat=True))
    created = create(kept, [each for key, each in found.items() if key not in known], now, by)
    return Generated(created, follow(kept, today, now, by))


def planned(series: Series, span: Span) -> list[Occurrence]:
    """What the series has in a span, as far as it lasts; one query."""
    first, last = max(span.first, series.since), min(span.last, series.until or span.last)
    if first > last:
        return []
    # An occurrence may be moved within its year: days outside the span count too.
    whole = Span(date(first.year, 1, 1), date(last.year, 12, 31))
    return occurrences(rule_of(series), Span(first, last), days_in(whole))


def yielded(series: Series, keys: Collection[str]) -> dict[str, Occurrence]:
    """What the series has under these keys, as far as it lasts."""
    if not keys:
        return {}
    found = planned(series, Span(date(int(min(keys)[:4]), 1, 1), date(int(max(keys)[:4]), 12, 31)))
    return {each.key: each for each in found if each.key in keys}


def create(series: Series, missing: list[Occurrence], now: datetime, by: Cadre | None) -> int:
    if not missing:
        return 0
    by_year = Counter(each.first.year for each in missing)
    numbers = {year: iter(next_references(year, count)) for year, count in by_year.items()}
    made = []
    for occurrence in missing:
        values = values_of(series, occurrence)
        given = snapshot(values, occurrence)
        made.append(
            Activity(
                reference=next(numbers[occurrence.first.year]),
                state=ActivityState.SCHEDULED,
                series=series,
                occurrence=occurrence.key,
                generated=given,
                **values,
            )
        )
    Activity.objects.bulk_create(made)
    ActivityEvent.objects.bulk_create(
        ActivityEvent(
            activity=activity, action=ActivityAction.SCHEDULE, to_state=ActivityState.SCHEDULED, actor=by, at=now,
            reason="。".join(filter(None, (f"系列“{series.title}”生成", occurrence.note)))[:REASON],
        )
        for activity, occurrence in zip(made, missing, strict=True)
    )  # fmt: skip
    return len(made)


def follow(series: Series, today: date, now: datetime, by: Cadre | None) -> int:
    """Lets what is to come follow the series and the holiday table; gives how many activities changed.

    What was cancelled or held, and what is today or over, stays as it is; so does what the series no longer yields
    (services.surplus).
    """
    waiting = series.activities.select_for_update(of=("self",)).filter(state=ActivityState.SCHEDULED, date__gt=today)
    future = list(waiting.order_by("pk"))
    still = yielded(series, [activity.occurrence for activity in future])
    changed: dict[Activity, dict[str, Any]] = {}
    for activity in future:
        if (occurrence := still.get(activity.occurrence)) is not None:
            new = following(activity, values_of(series, occurrence), occurrence, today)
            if store(activity, new, now):
                changed[activity] = new.columns
    ActivityEvent.objects.bulk_create(event_of(activity, new, now, by) for activity, new in changed.items())
    news = {
        each: News(new.get("title", each.title), change_words(each, new, only=TOLD))
        for each, new in changed.items()
        if TOLD.intersection(new)
    }
    send_letters(letters_about(news, by=by, what="改了时间地点"), now=now)
    roomier = [activity.pk for activity, new in changed.items() if "capacity" in new]
    for activity in series.activities.filter(
        Exists(Registration.objects.waiting().filter(activity=OuterRef("pk"))), pk__in=roomier
    ):
        move_up(activity=activity, now=now)
    return len(changed)


def store(activity: Activity, new: Following, now: datetime) -> bool:
    """Whether the activity changed; not where somebody else changes it at this moment: the next run looks again.

    `changed_at` moves only with title and date (see the model).
    """
    if not new.columns and new.generated == activity.generated:
        return False
    columns = {**new.columns, "generated": new.generated}
    if new.columns:
        columns["version"] = activity.version + 1
    if IN_CALENDARS.intersection(new.columns):
        columns["sequence"] = activity.sequence + 1
    if {"title", "date"}.intersection(new.columns):
        columns["changed_at"] = now
    same = Activity.objects.filter(pk=activity.pk, version=activity.version, state=ActivityState.SCHEDULED)
    return same.update(**columns) == 1 and bool(new.columns)


def event_of(activity: Activity, new: Mapping[str, Any], now: datetime, by: Cadre | None) -> ActivityEvent:
    return ActivityEvent(
        activity=activity, action=ActivityAction.EDIT, from_state=ActivityState.SCHEDULED,
        to_state=ActivityState.SCHEDULED, actor=by, at=now,
        reason=shorten(f"随系列更新：{change_words(activity, new)}", REASON // 2)[:REASON],
    )  # fmt: skip
