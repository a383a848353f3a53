"""The bureau's activities with who took part: cut at today like the works."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from shuxiang.demo.people import DEMO_AGENCY, Person, recorded_quarters
from shuxiang.demo.titles import LECTURE_TOPICS, READING_DAY_TOPICS, SHARING_TOPICS
from shuxiang.periods import Quarter
from shuxiang.references import activity_reference

READING_DAY, SHARING, LECTURE = "职工读书日", "读书分享会", "学习大讲堂"
MONTHS = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
WEDNESDAY, FRIDAY, SATURDAY = 2, 4, 5


@dataclass(frozen=True)
class Activity:
    kind: str
    name: str
    day: date
    speakers: tuple[Person, ...]
    attendees: tuple[Person, ...]
    number: str = ""


def invent_activities(people: Sequence[Person], today: date) -> list[Activity]:
    """All activities up to today, by date; numbers run per year."""
    activities = [activity for quarter in recorded_quarters(today) for activity in _activities(quarter, people)]
    return _numbered([activity for activity in activities if activity.day <= today])


def _activities(quarter: Quarter, people: Sequence[Person]) -> Iterator[Activity]:
    """A reading day every month, a sharing session in the second, a lecture in the third."""
    random = Random(f"{DEMO_AGENCY} {quarter} activities")
    turn = quarter.year * 4 + quarter.number
    months = range(quarter.span.first.month, quarter.span.first.month + 3)

    for month in months:
        name = f"{MONTHS[month - 1]}读书日：{READING_DAY_TOPICS[month - 1]}"
        day = _last(SATURDAY, quarter.year, month)
        yield _held(READING_DAY, name, day, people, random, speaking=1, attending=(11, 19))

    name = f"{quarter.label}读书分享会：{SHARING_TOPICS[turn % len(SHARING_TOPICS)]}"
    day = _last(WEDNESDAY, quarter.year, months[1])
    yield _held(SHARING, name, day, people, random, speaking=3, attending=(13, 22))

    name = f"学习大讲堂：{LECTURE_TOPICS[turn % len(LECTURE_TOPICS)]}"
    day = _last(FRIDAY, quarter.year, months[2]) - timedelta(days=7)
    yield _held(LECTURE, name, day, people, random, speaking=1, attending=(24, 31))


def _held(
    kind: str,
    name: str,
    day: date,
    people: Sequence[Person],
    random: Random,
    *,
    speaking: int,
    attending: tuple[int, int],
) -> Activity:
    """Of those at work that many speak (a lecture is given by a head), and between `attending` others come."""
    at_work = [person for person in people if person.at_work(day)]
    speakers = random.sample([person for person in at_work if kind != LECTURE or "长" in person.title], speaking)
    others = [person for person in at_work if person not in speakers]
    attendees = random.sample(others, random.randint(*attending))
    return Activity(kind, name, day, tuple(speakers), tuple(sorted(attendees, key=lambda person: person.number)))


def _last(weekday: int, year: int, month: int) -> date:
    """The month's last day of that weekday (0 is Monday)."""
    month_end = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return month_end - timedelta(days=(month_end.weekday() - weekday) % 7)


def _numbered(activities: list[Activity]) -> list[Activity]:
    used: Counter[int] = Counter()
    numbered = []
    for activity in sorted(activities, key=lambda activity: activity.day):
        used[activity.day.year] += 1
        numbered.append(replace(activity, number=activity_reference(activity.day.year, used[activity.day.year])))
    return numbered
