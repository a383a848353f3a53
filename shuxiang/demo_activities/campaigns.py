"""A theme period with its book list and activities; a call for works that is open and one that is over."""

from datetime import date, time, timedelta

from activities.kinds import WorkKind
from activities.models import Activity, Call, Theme
from activities.services.calling import CallContent, close_call, draft_call, open_call
from activities.services.theming import Listed, ThemeContent, edit_theme, make_theme
from reading.models import Book
from shuxiang.demo_reading.moments import Office
from submissions.models import Submission

THEME = "古人怎样查账"
LISTED = (
    ("盐铁论", "一场关于财政的争论，双方都讲事实。"),
    ("梦溪笔谈", "看沈括怎样记录、怎样核对。"),
    ("天工开物", "每一道工序都写用料，可以当造价书读。"),
    ("史记", "先读《平准书》和《循吏列传》。"),
    ("中国审计史", "从比部、审计院读到今天。"),
    ("泉州账簿整理札记", "馆里还没有，想读的请荐购。"),
)
ATTACHED = ("专题研讨会：底稿里的证据", "学习大讲堂：从算盘到数据库", "案例分析会：一笔补贴的三次去向")
OPEN_RULES = (
    "一、写什么。读一本典籍，谈一件本职工作。先写事，后写书，引文不超过全文五分之一。\n"
    "二、篇幅。读书心得 1500 字左右，好书推荐 800 字以内。\n"
    "三、怎样交。在门户上报作品时，“应征”一栏选本征集令。\n"
    "四、怎样用。评为优秀的在下一次读书分享会上交流，并推荐给县里的读书专栏。应征与否不影响计分。\n"
    "五、不收。转载、摘抄和没有署名的文章不收。"
)
OLD_RULES = (
    "一、诵读经典诗文一段，三分钟以内，普通话或方言都可以；也收诗歌、散文等文艺创作。\n"
    "二、个人、科室都可以报，集体诵读写明全部参加的人。\n"
    "三、录音不加背景音乐。\n"
    "四、征集结束以后，在职工读书日播放。"
)
# Reference of the works that answered.
ANSWERED = ("网报-001", "网报-010", "网报-015", "网报-017", "网报-018")
ANSWERED_BEFORE = ("网报-020", "网报-023", "网报-024")


def set_theme(office: Office) -> None:
    books = {book.title: book for book in Book.objects.filter(title__in=[title for title, _ in LISTED])}
    content = ThemeContent(
        THEME, office.workday(20), office.ahead(40),
        "查账不是今天才有的事。用两个月读几本旧书，看看前人怎样记账、怎样对账、怎样把道理讲给不懂账的人听。"
        "每周三中午在阅览室有人带读，来去自由。",
        "云审办〔演示〕7 号",
    )  # fmt: skip
    listed = [Listed(title, books.get(title), note) for title, note in LISTED]
    theme = make_theme(
        content=content, books=listed, activities=(), by=office.clerk, now=office.at(office.workday(21), time(10))
    )
    attached = Activity.objects.standing().filter(title__in=ATTACHED)
    edit_theme(
        theme=theme, seen=theme.version, content=content, books=listed,
        activities=list(attached.values_list("pk", flat=True)), by=office.clerk,
        now=office.at(office.workday(1), time(10)),
    )  # fmt: skip


def call_for_works(office: Office) -> None:
    before = CallContent(
        "听见经典：诵读和创作征集", (WorkKind.RECITATION, WorkKind.CREATION), OLD_RULES, office.workday(160),
        office.day(100), for_union=True,
    )  # fmt: skip
    closed = published(office, before)
    answered(closed, ANSWERED_BEFORE)
    reason = "来稿已够编排，按时结束。"
    close_call(
        call=closed, seen=closed.version, by=office.clerk, now=office.at(office.day(100), time(17, 30)), reason=reason
    )
    running = CallContent(
        "读典籍、谈本职：读书心得征集", (WorkKind.ESSAY, WorkKind.RECOMMENDATION), OPEN_RULES, office.workday(12),
        office.ahead(18), theme=Theme.objects.get(title=THEME),
    )  # fmt: skip
    answered(published(office, running), ANSWERED)


def published(office: Office, content: CallContent) -> Call:
    """Drafted the day before it begins, opened on its first morning."""
    eve: date = content.since - timedelta(days=1)
    call = draft_call(content=content, by=office.clerk, now=office.at(eve, time(15)))
    open_call(call=call, seen=call.version, by=office.clerk, now=office.at(content.since, time(8, 30)))
    return call


def answered(call: Call, references: tuple[str, ...]) -> None:
    """These were handed in before the demo knew of calls: their forms had not asked."""
    Submission.objects.filter(reference__in=references, kind__in=call.work_kinds).update(call=call)
