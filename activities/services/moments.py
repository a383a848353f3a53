"""When an activity begins, and until when people come and go on its list. Instants are aware, days are Shanghai's."""

from datetime import date, datetime, time, timedelta

from activities.models import Activity
from shuxiang.periods import SHANGHAI, shanghai_date, spoken

DAY = timedelta(days=1)


def at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)


def begins_at(activity: Activity) -> datetime:
    """One without a time takes people until its first day is over."""
    if activity.starts_at is None:
        return at(activity.date + DAY, time.min)
    return at(activity.date, activity.starts_at)


def closes_at(activity: Activity) -> datetime:
    """From then on nobody signs up. The organiser's word stands, also for days after the first of a long activity, but
    not beyond its last, to which the series may have moved it."""
    if activity.sign_up_until is None:
        return begins_at(activity)
    return min(activity.sign_up_until, at(activity.last_day + DAY, time.min))


def settles_at(activity: Activity) -> datetime:
    """From then on the list stays as it is: nobody cancels, and free seats go to nobody."""
    return max(closes_at(activity), begins_at(activity))


def day_asked(activity: Activity, now: datetime) -> date:
    """The day on which a person must be in service: the first, or today where that is over."""
    return max(activity.date, shanghai_date(now))


def instant_words(instant: datetime) -> str:
    """`3 月 27 日 18:00`; the end of a day is told as its last minute, which reads as that day."""
    local = instant.astimezone(SHANGHAI)
    if local.time() == time.min:
        local -= timedelta(minutes=1)
    return f"{spoken(local.date())} {local:%H:%M}"
