"""A person's activities as iCalendar (RFC 5545), for the calendars of phones and Outlook.

Times are UTC, which every calendar reads without a table of zones; whole days are dates whose end is excluded. An
activity keeps its UID, and its SEQUENCE rises with what calendars must hear of.
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, timedelta
from hashlib import sha256

import icalendar
from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDDDTypes

from activities.models import Activity
from activities.services.calendar_addresses import Listed
from activities.services.moments import DAY, at
from activities.states import ActivityState, RegistrationState

PRODUCER = "-//shuxiang//activities//ZH"
DESCRIPTION_LENGTH = 1000
# How often a calendar may ask again.
REFRESH = timedelta(hours=4)
# Of an activity that says when it begins, but not when it ends.
USUAL_LENGTH = timedelta(hours=1)
MARKS = {RegistrationState.REGISTERED: "［已报名］", RegistrationState.WAITING: "［候补］"}
# A day before it begins; for whole days at nine in the morning of the day before.
ALARM, WHOLE_DAY_ALARM = timedelta(days=-1), timedelta(hours=-15)

# One more whenever the same activities are written in another way; calendars then fetch everything anew.
EDITION = 1


def tag_of(*told: str) -> str:
    """Another one where what is told is another, or how."""
    return sha256("\n".join((str(EDITION), icalendar.__version__, *told)).encode()).hexdigest()


def calendar_of(rows: Iterable[Listed], address_of: Callable[[Activity], str]) -> bytes:
    """`address_of` gives the absolute address of an activity's page."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "书香机关活动")
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDDDTypes(REFRESH))
    for row in rows:
        calendar.add_component(event_of(row, address_of(row.activity)))
    return calendar.to_ical()


def event_of(row: Listed, address: str) -> Event:
    activity = row.activity
    cancelled = activity.state == ActivityState.CANCELLED
    revised = row.revised_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", f"activity-{activity.pk}@shuxiang")
    event.add("sequence", activity.sequence)
    event.add("dtstamp", revised)
    event.add("last-modified", revised)
    add_times(event, activity)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    mark = "（已取消）" if cancelled else MARKS.get(row.sign_up, "")  # type: ignore[call-overload]
    event.add("summary", mark + plain(activity.title))
    if activity.venue:
        event.add("location", plain(activity.venue))
    event.add("description", description_of(activity, address))
    event.add("url", address)
    goes = row.sign_up == RegistrationState.REGISTERED and not cancelled
    event.add("transp", "OPAQUE" if goes and not is_whole_day(activity) else "TRANSPARENT")
    if goes:
        event.add_component(alarm_of(activity))
    return event


def add_times(event: Event, activity: Activity) -> None:
    """Whole days where it has no time or goes on for several days."""
    if is_whole_day(activity) or activity.starts_at is None:
        event.add("dtstart", activity.date)
        event.add("dtend", activity.last_day + DAY)
        return
    begins = at(activity.date, activity.starts_at)
    ends = at(activity.date, activity.ends_at) if activity.ends_at else begins
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", (ends if ends > begins else begins + USUAL_LENGTH).astimezone(UTC))


def is_whole_day(activity: Activity) -> bool:
    return activity.starts_at is None or activity.last_day > activity.date


def alarm_of(activity: Activity) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", plain(activity.title))
    alarm.add("trigger", WHOLE_DAY_ALARM if is_whole_day(activity) else ALARM)
    return alarm


def description_of(activity: Activity, address: str) -> str:
    host = activity.department.name if activity.department else ""
    times = activity.hours if is_whole_day(activity) else ""
    lines = [
        f"主办：{plain(host)}" if host else "",
        f"时间：{times}" if times else "",
        shortened(plain(activity.description, keep="\n")),
        address,
    ]
    return "\n".join(filter(None, lines))


def shortened(text: str) -> str:
    return text if len(text) <= DESCRIPTION_LENGTH else text[: DESCRIPTION_LENGTH - 1] + "…"


def plain(text: str, keep: str = "") -> str:
    """Without controls, which no calendar may hold, and without the signs that readers take for a new line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        each if each in keep or unicodedata.category(each) not in ("Cc", "Zl", "Zp") else " " for each in lines
    ).strip()
