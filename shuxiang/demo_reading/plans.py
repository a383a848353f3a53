"""Personal plans, one at least in each state, and what the leaders read with everybody this year, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from reading.kinds import Visibility
from reading.models import Book, Lead, Plan, PlanItem
from reading.services.leading import LeadContent, set_lead
from reading.services.plan_books import add_note, mark_read
from reading.services.plan_steps import take_step
from reading.services.planning import PlanContent, PlannedBook, begin
from reading.states import PlanAction
from shuxiang.demo_reading.moments import Deed, Office, live_through
from shuxiang.periods import Quarter

COMPLETE, CONFIRM, DROP = PlanAction.COMPLETE, PlanAction.CONFIRM, PlanAction.DROP


@dataclass(frozen=True)
class Intent:
    """`begun` and `for_days` bound the plan; `steps` are actions with their days ago; of `books` so many are read."""

    owner: str
    title: str
    begun: int
    for_days: int
    books: tuple[str, ...]
    read: int
    mentor: str = ""
    visibility: Visibility = Visibility.EVERYBODY
    steps: tuple[tuple[PlanAction, int], ...] = ()
    notes: tuple[tuple[str, str], ...] = field(default=())


INTENTS = (
    Intent(
        "YZ020", "用半年读懂财政与审计", 96, 180, ("置身事内", "财政审计实务", "审计案例三十讲", "盐铁论"), 2, "YZ016",
        notes=(("YZ020", "《置身事内》第二遍，摘了土地财政一章的三张图。"),
               ("YZ016", "读案例时把取证思路画成表，我们一起对一对。")),
    ),
    Intent(
        "YZ041", "睡前一章：古文观止", 40, 120, ("古文观止", "陶庵梦忆"), 0, visibility=Visibility.PRIVATE,
        notes=(("YZ041", "先读先秦部分，每晚一篇。"),),
    ),
    Intent(
        "YZ014", "新人成长书单", 150, 140, ("乡土中国", "审计学基础", "公文写作"), 3, "YZ011", Visibility.MENTOR,
        steps=((COMPLETE, 4),),
        notes=(("YZ014", "三本都读完了，写了两篇心得。"),),
    ),
    Intent(
        "YZ034", "数据分析入门三本书", 230, 120, ("大数据审计入门", "统计学基础", "审计人员的表格技巧"), 3, "YZ043",
        Visibility.DEPARTMENT, steps=((COMPLETE, 0), (CONFIRM, 0)),
        notes=(("YZ043", "笔记扎实，函数部分可以给科里讲一次。"),),
    ),
    Intent(
        "YZ016", "科室共读：人工智能三本书", 270, 120, ("人工智能通识", "大语言模型是什么", "数据可视化"), 3, "YZ001",
        steps=((COMPLETE, 0), (CONFIRM, 0)),
        notes=(("YZ016", "每两周科室碰一次，轮流讲一章。"), ("YZ001", "可以在读书会上讲一讲。")),
    ),
    Intent(
        "YZ023", "通读资治通鉴", 260, 365, ("资治通鉴", "史记"), 1, visibility=Visibility.EVERYBODY,
        steps=((DROP, 120),),
        notes=(("YZ023", "外出审计多，先放一放，明年再读。"),),
    ),
)  # fmt: skip
FRIDAY = 4
MORNING, AFTERNOON, EVENING = time(9, 30), time(17, 5), time(20)
NOTES = (24, 9)
LEADERS = ("YZ001", "YZ002", "YZ003")
# By month of the year, one book per leader.
LEADS = (
    ("论语", "乡土中国", "审计学基础"), ("贞观政要", "诗经", "中国审计史"), ("实践论", "傅雷家书", "国富论"),
    ("怎样写调查报告", "古文观止", "盐铁论"), ("曾国藩家书", "我与地坛", "天工开物"), ("红岩", "背影", "长征"),
    ("可爱的中国", "平凡的世界", "大数据时代"), ("孟子", "人间草木", "梦溪笔谈"), ("史记", "唐诗三百首", "三体"),
    ("万历十五年", "边城", "置身事内"), ("矛盾论", "呼兰河传", "审计案例三十讲"),
    ("资治通鉴", "苏东坡传", "种子的故事"),
)  # fmt: skip
REASON = "篇幅适中，能与当前工作对照着读，建议各科室先读重点章节。"


def plan_and_read(office: Office) -> None:
    live_through([deed for intent in INTENTS for deed in carried_out(office, intent)])


def carried_out(office: Office, intent: Intent) -> Iterator[Deed]:
    owner, mentor = office.people[intent.owner], office.people.get(intent.mentor)
    since = office.day(intent.begun)
    steps = dated(office, intent)
    step = timedelta(days=intent.for_days // (len(intent.books) + 1))
    dues = [since + place * step for place in range(1, len(intent.books) + 1)]

    def start(now: datetime) -> None:
        known = {book.title: book for book in Book.objects.filter(title__in=intent.books)}
        books = [
            PlannedBook(title, known[title].author, known[title], due)
            for title, due in zip(intent.books, dues, strict=True)
        ]
        until = since + timedelta(days=intent.for_days)
        content = PlanContent(intent.title, since, until, books, visibility=intent.visibility, mentor=mentor)
        begin(content=content, by=owner, token=uuid5(NAMESPACE_URL, intent.title), now=now)

    def made() -> Plan:
        return Plan.objects.select_related("owner", "mentor").get(owner=owner)

    def reading(title: str, day: date) -> Deed:
        def do(now: datetime) -> None:
            item = PlanItem.objects.select_related("plan").get(plan__owner=owner, title=title)
            mark_read(item=item, done_on=day, by=owner, now=now)

        return office.at(day, EVENING), do

    def stepping(action: PlanAction, day: date) -> Deed:
        by = mentor if action == CONFIRM and mentor is not None else owner
        at = office.at(day, AFTERNOON)
        return at, lambda now: take_step(plan=made(), seen=made().revision, action=action, by=by, now=now)

    def noting(author: str, text: str, ago: int) -> Deed:
        at = office.at(office.day(ago))
        return at, lambda now: add_note(plan=made(), by=office.people[author], text=text, now=now)

    yield office.at(since), start
    # Evenly over the plan, a little before or after what was planned; the last one before it is reported.
    end = min([day for _, day in steps] or [office.today]) - timedelta(days=1)
    for place, (title, due) in enumerate(zip(intent.books[: intent.read], dues, strict=False), start=1):
        yield reading(title, min(due + timedelta(days=place * 2 - 3), end))
    for action, day in steps:
        yield stepping(action, day)
    for ago, (author, text) in zip(NOTES, intent.notes, strict=False):
        yield noting(author, text, ago)


def dated(office: Office, intent: Intent) -> list[tuple[PlanAction, date]]:
    """The actions with their days; what was confirmed was so in the quarter before this one."""
    if all(action != CONFIRM for action, _ in intent.steps):
        return [(action, office.day(ago)) for action, ago in intent.steps]
    past = Quarter.of(office.today).previous.span.last
    return [(action, past - timedelta(days=20 if action == COMPLETE else 12)) for action, _ in intent.steps]


def read_with_everybody(office: Office) -> None:
    """The grid of this year with two gaps: one of this month, one of the month before where the year has one."""
    this = office.today.month
    gaps = {(this, "YZ003"), (max(1, this - 1), "YZ002")}
    live_through(
        deed
        for month, titles in enumerate(LEADS, start=1)
        for leader, title in zip(LEADERS, titles, strict=True)
        if (month, leader) not in gaps
        for deed in led(office, leader, date(office.today.year, month, 1), title)
    )


def led(office: Office, leader: str, month: date, title: str) -> Iterator[Deed]:
    """Planned by the office before the month begins, at the latest today; told by the leader after the talk."""
    person, book = office.people[leader], Book.objects.get(title=title)
    talk = month + timedelta(days=14 + (FRIDAY - month.weekday()) % 7)
    planned = LeadContent(
        title, book.author, book, reason=REASON, talk_topic=f"我读《{title}》", talk_on=talk
    )  # fmt: skip
    told = replace(planned, is_done=True, talk_note="结合近期项目谈了两点体会，现场交流半小时，纪要已存办公室。")

    def plan(now: datetime) -> None:
        set_lead(leader=person, month=month, seen=None, content=planned, by=office.clerk, now=now)

    def tell(now: datetime) -> None:
        seen = Lead.objects.get(leader=person, month=month).changed_at
        set_lead(leader=person, month=month, seen=seen, content=told, by=person, now=now)

    yield office.at(month - timedelta(days=12), MORNING), plan
    if talk < office.today:
        yield office.at(talk, AFTERNOON), tell
