"""Personal plans, one at least in each state, and what the leaders read with everybody this year."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from reading.kinds import Visibility
from reading.models import Book, Lead, Plan, PlanEvent, PlanItem, PlanNote
from reading.states import PlanAction, PlanState
from shuxiang.demo_reading.moments import Office
from shuxiang.periods import Quarter

BEGIN, COMPLETE, CONFIRM, DROP = PlanAction.BEGIN, PlanAction.COMPLETE, PlanAction.CONFIRM, PlanAction.DROP
AFTER = {BEGIN: PlanState.OPEN, COMPLETE: PlanState.COMPLETED, CONFIRM: PlanState.CONFIRMED, DROP: PlanState.DROPPED}


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
        "YZ034", "数据分析入门三本书", 230, 150, ("大数据审计入门", "统计学基础", "审计人员的表格技巧"), 3, "YZ043",
        Visibility.DEPARTMENT, steps=((COMPLETE, 0), (CONFIRM, 0)),
        notes=(("YZ043", "笔记扎实，函数部分可以给科里讲一次。"),),
    ),
    Intent(
        "YZ023", "通读资治通鉴", 260, 365, ("资治通鉴", "史记"), 1, visibility=Visibility.EVERYBODY,
        steps=((DROP, 120),),
        notes=(("YZ023", "外出审计多，先放一放，明年再读。"),),
    ),
)  # fmt: skip
FRIDAY = 4
LEADERS = ("YZ001", "YZ002", "YZ003")
# By month of the year, one book per leader; an empty one is a gap.
LEADS = (
    ("论语", "乡土中国", ""), ("贞观政要", "", "审计学基础"), ("", "傅雷家书", "国富论"),
    ("实践论", "古文观止", "盐铁论"),
    ("曾国藩家书", "诗经", "天工开物"), ("红岩", "", "长征"), ("可爱的中国", "平凡的世界", ""),
    ("", "人间草木", "梦溪笔谈"),
    ("史记", "唐诗三百首", "三体"), ("万历十五年", "边城", "置身事内"), ("矛盾论", "呼兰河传", ""),
    ("", "", "寂静的春天"),
)  # fmt: skip
REASON = "篇幅适中，能与当前工作对照着读，建议各科室先读重点章节。"


def plan_and_lead(office: Office) -> None:
    for intent in INTENTS:
        plan(office, intent)
    for month, titles in enumerate(LEADS, start=1):
        for leader, title in zip(LEADERS, titles, strict=True):
            if title and month <= office.today.month + 1:
                lead(office, leader, date(office.today.year, month, 1), title)


def plan(office: Office, intent: Intent) -> None:
    since = office.day(intent.begun)
    steps = dated(office, intent)
    state = AFTER[steps[-1][0]]
    confirmed = steps[-1][1] if state == PlanState.CONFIRMED else None
    completed = next((day for action, day in steps if action == COMPLETE), None)
    mentor = office.people.get(intent.mentor)
    made = Plan.objects.create(
        reference=f"新-{intent.owner}", owner=office.people[intent.owner], title=intent.title, since=since,
        until=since + timedelta(days=intent.for_days), visibility=intent.visibility, mentor=mentor, state=state,
        completed_at=completed and office.at(completed, time(17, 5)), confirmed_on=confirmed,
        confirmed_by=mentor if confirmed else None,
    )  # fmt: skip
    Plan.objects.filter(pk=made.pk).update(reference=f"JH{since.year}-{made.pk:05}")
    read(office, intent, made, completed or office.today)
    PlanNote.objects.bulk_create(
        PlanNote(plan=made, author=office.people[author], text=text, created_at=office.at(office.day(ago)))
        for ago, (author, text) in zip((24, 9), intent.notes, strict=False)
    )
    PlanEvent.objects.bulk_create(
        PlanEvent(
            plan=made, action=action, at=office.at(day, time(17, 5)), actor=mentor if action == CONFIRM else made.owner,
            from_state=AFTER[steps[place - 1][0]] if place else "", to_state=AFTER[action],
        )
        for place, (action, day) in enumerate(steps)
    )  # fmt: skip


def dated(office: Office, intent: Intent) -> list[tuple[PlanAction, date]]:
    """The actions with their days; what was confirmed was so in the quarter before this one."""
    steps = [(BEGIN, office.day(intent.begun))]
    past = Quarter.of(office.today).previous.span.last
    for action, ago in intent.steps:
        is_past = (CONFIRM, ago) in intent.steps or (CONFIRM, 0) in intent.steps
        steps.append((action, past - timedelta(days=20 if action == COMPLETE else 12) if is_past else office.day(ago)))
    return steps


def read(office: Office, intent: Intent, made: Plan, end: date) -> None:
    """Evenly over the plan; the last one read before its end."""
    step = timedelta(days=intent.for_days // (len(intent.books) + 1))
    for place, title in enumerate(intent.books, start=1):
        book = Book.objects.get(title=title)
        due = made.since + place * step
        done = min(due + timedelta(days=place * 2 - 3), end) if place <= intent.read else None
        PlanItem.objects.create(
            plan=made, position=place, book=book, title=title, author=book.author, due_on=due, done_on=done
        )


def lead(office: Office, leader: str, month: date, title: str) -> None:
    book = Book.objects.get(title=title)
    talk = month + timedelta(days=14 + (FRIDAY - month.weekday()) % 7)
    is_done = talk < office.today
    Lead.objects.create(
        leader=office.people[leader], month=month, book=book, title=title, author=book.author, reason=REASON,
        talk_topic=f"我读《{title}》", talk_on=talk, is_done=is_done,
        talk_note="结合近期项目谈了两点体会，现场交流半小时，纪要已存办公室。" if is_done else "",
    )  # fmt: skip
