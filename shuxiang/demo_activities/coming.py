"""What is announced: activities of the next weeks, with who signed up and who waits; one of them cancelled."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from activities.kinds import CASE_ANALYSIS, LECTURE, PUBLIC_READING, SEMINAR, Part, SignUp
from activities.models import Activity
from activities.services.content import ActivityContent, Title, Voice
from activities.services.scheduling import cancel, schedule
from activities.services.signing_up import sign_up
from organization.models import Cadre
from reading.models import Book
from shuxiang.demo_activities.recurring import HALL, ROOM
from shuxiang.demo_reading.moments import Deed, Office, live_through
from shuxiang.periods import SHANGHAI

VISIT = "走进县档案馆"
# Part, employee number or name from outside, topic.
Said = tuple[Part, str, str]


@dataclass(frozen=True)
class Plan:
    """In `days` days; announced `since` days ago; `signed` sign up one after the other in the days after."""

    title: str
    category: str
    days: int
    since: int
    hours: tuple[time, time]
    venue: str
    organiser: str
    description: str
    voices: tuple[Said, ...] = ()
    titles: tuple[str, ...] = ()
    capacity: int | None = None
    partner: str = ""
    for_branch: bool = False
    for_union: bool = False
    is_free: bool = False
    signed: str = ""
    units: dict[str, str] = field(default_factory=dict)


PLANS = (
    Plan(
        "专题研讨会：底稿里的证据", SEMINAR, 3, 13, (time(15), time(17)), "主楼三层小会议室", "YZ032",
        "先读《梦溪笔谈》里沈括怎样验证一件传闻，再看两份底稿：一份证据够，一份不够。请带上自己最近的一份底稿。",
        ((Part.LECTURER, "YZ032", "传闻怎样变成证据"), (Part.LECTURER, "YZ013", "审理时退回最多的三种底稿")),
        ("梦溪笔谈", "审计案例三十讲"), capacity=24, for_branch=True,
        signed="YZ020 YZ021 YZ016 YZ034 YZ033 YZ041 YZ043 YZ012 YZ014 YZ025 YZ019",
    ),
    Plan(
        "传齐读书会：在河边读《边城》", PUBLIC_READING, 8, 16, (time(18, 30), time(20)), "县文化馆临河露台", "YZ029",
        "与县文化馆合办，群众可以参加。每人朗读一段，读完说一句话。露台座位少，本局限 12 人。",
        ((Part.HOST, "YZ029", ""), (Part.LEAD, "陆知秋", "沈从文的河与桥")), ("边城",), capacity=12,
        partner="云泽县文化馆", for_union=True, units={"陆知秋": "云泽县第一中学语文教师"},
        signed="YZ018 YZ029 YZ033 YZ034 YZ026 YZ008 YZ014 YZ009 YZ030 YZ019 YZ040 YZ017 YZ022 YZ020 YZ038",
    ),
    Plan(
        "学习大讲堂：从算盘到数据库", LECTURE, 15, 5, (time(9, 30), time(11, 30)), HALL, "YZ005",
        "请外面的老师讲一讲记账工具的变化，怎样影响了查账的人。各科室至少两人参加。",
        ((Part.LECTURER, "苏文澜", "从算盘到数据库：查账人的工具"), (Part.HOST, "YZ003", "")),
        ("中国审计史", "大数据时代"), units={"苏文澜": "云泽师范学院历史系副教授"},
        signed="YZ011 YZ024 YZ043 YZ021 YZ035",
    ),
    Plan(
        "案例分析会：一笔补贴的三次去向", CASE_ANALYSIS, 20, 2, (time(15), time(16, 30)), ROOM, "YZ016",
        "对照《置身事内》第二章，看一笔涉农补贴从省里到农户走了几步、在哪一步慢了。材料会前发。",
        ((Part.LECTURER, "YZ017", ""),), ("置身事内",), is_free=True, for_branch=True,
    ),
    Plan(
        VISIT, "参观学习", 11, 18, (time(14, 30), time(16, 30)), "县档案馆", "YZ010",
        "看民国时期的县财政账册，学习档案整理的办法。", capacity=20, for_union=True,
        signed="YZ015 YZ042 YZ007 YZ027",
    ),
)  # fmt: skip
CLOSED = "县档案馆通知，库房近期除湿，暂不接待；改期以后另行通知。"


def announce(office: Office) -> None:
    live_through(deed for plan in PLANS for deed in announced(office, plan))


def announced(office: Office, plan: Plan) -> Iterator[Deed]:
    def arrange(now: datetime) -> None:
        schedule(content=content_of(office, plan), by=office.clerk, now=now)

    def joining(person: Cadre, place: int) -> Deed:
        """Three a day, at the latest yesterday."""
        day = office.day(max(plan.since - 1 - place // 3, 1))
        at = office.at(day, time(9 + place % 3 * 3, 7 + place))
        return at, lambda now: sign_up(activity=made(plan), cadre=person, by=person, now=now)

    yield office.at(office.workday(plan.since), time(8, 40)), arrange
    for place, number in enumerate(plan.signed.split()):
        yield joining(office.people[number], place)
    if plan.title == VISIT:
        at = office.at(office.workday(1), time(16, 50))
        yield at, lambda now: cancel(activity=made(plan), by=office.clerk, reason=CLOSED, now=now)


def made(plan: Plan) -> Activity:
    return Activity.objects.get(title=plan.title)


def content_of(office: Office, plan: Plan) -> ActivityContent:
    day = office.ahead(plan.days)
    books = {book.title: book for book in Book.objects.filter(title__in=plan.titles)}
    until = datetime.combine(day - timedelta(days=1), time(17, 30), SHANGHAI)
    return ActivityContent(
        title=plan.title, date=day, category=plan.category, starts_at=plan.hours[0], ends_at=plan.hours[1],
        venue=plan.venue, organiser=office.people[plan.organiser], for_branch=plan.for_branch,
        for_union=plan.for_union, description=plan.description, partner=plan.partner, capacity=plan.capacity,
        sign_up=SignUp.NONE if plan.is_free else SignUp.OPEN, sign_up_until=None if plan.is_free else until,
        voices=[voice_of(office, plan, *said) for said in plan.voices],
        titles=[Title(title, books.get(title)) for title in plan.titles],
    )  # fmt: skip


def voice_of(office: Office, plan: Plan, part: Part, who: str, topic: str) -> Voice:
    unit = plan.units.get(who, "")
    return Voice(part, name=who, unit=unit, topic=topic) if unit else Voice(part, office.people[who], topic=topic)
