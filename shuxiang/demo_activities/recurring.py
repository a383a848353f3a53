"""The series that every office begins with: with hours and places, and their activities of the months to come."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from typing import Any

from activities.kinds import READING_DAY, SHARING, SignUp
from activities.models import Activity, Series
from activities.services.content import ActivityContent
from activities.services.generating import generate_all
from activities.services.scheduling import edit
from activities.services.series import SeriesFacts, change_series
from organization.services.holidays import UnknownYear, import_holidays
from shuxiang.demo_reading.moments import Office
from shuxiang.periods import Quarter

ROOM, HALL = "主楼二层 208 阅览室", "主楼四层会议室"
CHOSEN: dict[str, dict[str, Any]] = {
    "职工读书日": {
        "starts_at": time(9), "ends_at": time(11), "venue": ROOM, "organiser": "YZ042",
        "description": "自带一本正在读的书，前一小时静读，后一小时自愿交流。可以带孩子来，书角有童书。",
    },
    "读书分享会": {
        "starts_at": time(15), "ends_at": time(17), "venue": HALL, "organiser": "YZ008",
        "sign_up": SignUp.OPEN, "capacity": 30,
        "description": "每次三位同事各讲二十分钟，留半小时提问。想讲的同事提前两周告诉办公室。",
    },
    "世界读书日": {"venue": ROOM, "organiser": "YZ042", "description": "换书集市：拿一本读过的书，换一本想读的书。"},
    "全民阅读活动周": {"organiser": "YZ005", "description": "一周五件事：晨读、荐书、换书、诵读、走进县图书馆。"},
    "建党节读书活动": {
        "starts_at": time(15), "ends_at": time(17), "venue": HALL, "organiser": "YZ012",
        "description": "各党小组推选一人，读一段党史上的书信，讲一讲写信的人。",
    },
    "国庆节读书活动": {
        "starts_at": time(15), "ends_at": time(16, 30), "venue": HALL, "organiser": "YZ029",
        "description": "诵读写山河的诗文，每个科室出一个节目，三分钟以内。",
    },
    "全局读书月": {
        "organiser": "YZ005",
        "description": "各科室每周集中读书一次，月底由科长讲一本书。结合“三会一课”安排，不另外加会。",
    },
}  # fmt: skip


def know_holidays(office: Office) -> None:
    """Of last year to the next, as far as they are announced."""
    for year in range(office.today.year - 1, office.today.year + 2):
        with suppress(UnknownYear):
            import_holidays(year=year)


def run_series(office: Office) -> None:
    """They have run since January; what was held, the register of attendance tells."""
    january = date(office.today.year, 1, 1)
    for series in Series.objects.all():
        chosen = dict(CHOSEN[series.title])
        chosen["organiser"] = office.people[chosen["organiser"]]
        facts = replace(SeriesFacts.of(series), since=january, **chosen)
        change_series(series=series, version=series.version, facts=facts, by=office.clerk, now=office.at(january))
    for activity, occurrence in held_this_year(office):
        Activity.objects.filter(pk=activity.pk).update(
            series=Series.objects.get(category=activity.category), occurrence=occurrence
        )
    generate_all(now=office.now)
    complete_reading_days(office)


def held_this_year(office: Office) -> Iterator[tuple[Activity, str]]:
    """The reading days and sessions that the register has belong to their series: they are not made again."""
    held = Activity.objects.held().filter(date__year=office.today.year)
    for activity in held.filter(category=READING_DAY):
        yield activity, f"{activity.date:%Y-%m}"
    for activity in held.filter(category=SHARING):
        yield activity, str(Quarter.of(activity.date))


def complete_reading_days(office: Office) -> None:
    """Those of this year belong to the union too; the register has no column for it, nor for hour and place."""
    chosen = CHOSEN["职工读书日"]
    for activity in Activity.objects.held().filter(category=READING_DAY, date__year=office.today.year):
        content = replace(
            ActivityContent.of(activity), for_union=True, venue=ROOM, starts_at=chosen["starts_at"],
            ends_at=chosen["ends_at"], organiser=office.people[chosen["organiser"]],
        )  # fmt: skip
        edit(
            activity=activity, seen=activity.version, content=content, by=office.clerk,
            now=office.at(activity.date, time(16)),
        )  # fmt: skip
