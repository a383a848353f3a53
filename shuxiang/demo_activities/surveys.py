"""The reading baseline with its answers, and what the office made of them; one after an activity, still open."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from activities.kinds import QuestionKind
from activities.models import Activity, Finding, Question, Questionnaire
from activities.question_seeds import BASELINE_TITLE, FEEDBACK_TITLE
from activities.services.answering import answer
from activities.services.audiences import AudienceKind
from activities.services.findings import assign_finding, raise_finding, reply_to_finding, report_progress, solve_finding
from activities.services.questionnaires import (
    close_questionnaire,
    edit_questionnaire,
    make_questionnaire,
    open_questionnaire,
)
from organization.models import Cadre
from shuxiang.demo_reading.moments import Office

OPENED, UNTIL, FOUND = 74, 60, 55
ANSWERED, SO_FAR = 23, 4
# By question of the baseline: how often each option is chosen of twenty; of 多选 each stands for itself.
WEIGHTS: tuple[Sequence[Any], ...] = (
    (6, 7, 5, 2), (1, 7, 7, 3, 2), (5, 9, 4, 2), (16, 13, 6, 4, 1), (7, 6, 12, 9, 8, 5, 4, 6), (15, 6, 5, 4, 7, 2),
    (7, 8, 4, 1), ((0, 2, 6, 9, 3), (1, 4, 7, 6, 2), (1, 3, 5, 8, 3), (0, 1, 6, 9, 4)), (0, 2, 7, 8, 3),
    (0, 1, 4, 9, 6), (11, 9, 5, 4, 8, 2),
)  # fmt: skip
AFTER_WEIGHTS: tuple[Sequence[Any], ...] = (
    (0, 0, 2, 10, 8), ((0, 0, 2, 10, 8), (0, 0, 1, 9, 10), (0, 2, 5, 9, 4), (0, 1, 4, 10, 5)), (3, 14, 3),
    (0, 6, 12, 2), (12, 8, 0),
)  # fmt: skip
SAID = (
    "业务书更新慢，新准则的书最好当年就买。", "希望中午也能还书。", "多请本局的人讲，讲自己的项目。",
    "出差多，能不能有能听的书。", "年轻人想要数据分析的书，最好有人带着读。", "分享会时间太长，提问太少。",
    "周六的读书日家里走不开，能不能偶尔放在工作日。",
)  # fmt: skip
SAID_AFTER = ("听了别的科室怎样取证，回去就能用。", "麦克风声音小，后排听不清。")


class Remedy(NamedTuple):
    """`progress` was told, `done` so many days ago the matter was settled; None: it is not yet."""

    text: str
    action: str
    owner: str
    due: int
    reply: str
    progress: str = ""
    done: int | None = None


REMEDIES = (
    Remedy(
        "业务书更新慢，新准则、新法规的书到馆晚", "每季度按科室需求集中采购一次，新颁准则单独随到随买", "YZ042", -30,
        "已商定每季度采购一次。第一批 12 种书已到馆，放在业务知识书架第一层，欢迎借阅和荐购。",
        "第一批 12 种已编目上架。", 26,
    ),
    Remedy(
        "读书分享会发言时间长、提问时间少", "发言每人不超过十五分钟，提问不少于四十分钟，主持人计时", "YZ008", 12,
        "从下一次分享会起，每位发言十五分钟，留四十分钟提问。提问也可以会前交给主持人。",
    ),
    Remedy(
        "经常出差的同事借还不方便", "提供有声书和电子书目录，试行科室代借代还", "YZ042", 20,
        "数字资源目录已放在门户“数字资源”里，有两种可以听。代借代还先在固定资产投资审计科试行一个月。",
        "目录已整理，代借代还的登记办法在征求意见。",
    ),
)  # fmt: skip


def ask_everybody(office: Office) -> None:
    """Answered by about half of the office, closed by the clock, and answered in turn by the office."""
    opened = office.workday(OPENED)
    until = office.day(UNTIL)
    at = office.at(opened, time(9, 10))
    made = begin(office, BASELINE_TITLE, f"{opened.year} 年阅读现状基线调查")
    edit_questionnaire(
        questionnaire=made, by=office.clerk, title=made.title, intro=made.intro, baseline_year=opened.year, now=at
    )
    distribute(office, made, AudienceKind.EVERYBODY, until, at)
    fill_in(made, ANSWERED, WEIGHTS, SAID, opened + timedelta(days=3))
    close_questionnaire(
        questionnaire=Questionnaire.objects.get(pk=made.pk), by=None,
        now=office.at(until + timedelta(days=1), time(0, 5)),
    )  # fmt: skip
    for remedy in REMEDIES:
        put_right(office, made, remedy)


def ask_who_came(office: Office) -> None:
    """After the last sharing session, with a few answers so far: fewer than show a result."""
    sessions = Activity.objects.held().exclude(minutes="").filter(attendances__cadre=office.people["YZ020"])
    activity = sessions.order_by("-date").first() or Activity.objects.held().exclude(minutes="").latest("date")
    opened = max(office.workday(2), activity.date)
    made = begin(office, FEEDBACK_TITLE, f"活动后反馈：{activity.title}"[:100], activity)
    distribute(office, made, AudienceKind.ACTIVITY, office.ahead(6), office.at(opened, time(17, 40)))
    fill_in(made, SO_FAR, AFTER_WEIGHTS, SAID_AFTER, office.today)


def begin(office: Office, template: str, title: str, activity: Activity | None = None) -> Questionnaire:
    source = Questionnaire.objects.templates().get(title=template)
    return make_questionnaire(by=office.clerk, title=title, source=source, activity=activity)


def distribute(office: Office, made: Questionnaire, audience: AudienceKind, until: date, at: datetime) -> None:
    open_questionnaire(
        questionnaire=Questionnaire.objects.get(pk=made.pk), by=office.clerk, audience=audience, until=until, now=at,
        today=at.date(),
    )  # fmt: skip


def fill_in(
    made: Questionnaire, number: int, weights: Sequence[Sequence[Any]], said: Sequence[str], today: date
) -> None:
    """By so many of the invited; who may be logged in as has not answered yet."""
    random = Random(made.title)
    questions = list(made.questions.all())
    invited = Cadre.objects.filter(invitations__questionnaire=made).order_by("employee_number")
    chosen = random.sample(list(invited.exclude(employee_number="YZ020")), number)
    words = [*said, *[""] * number][:number]
    for cadre, text in zip(chosen, words, strict=True):
        pairs = zip(questions, weights, strict=False)  # the last question asks for words
        content = {str(question.pk): drawn(question, weight, random) for question, weight in pairs}
        if text:
            content[str(questions[-1].pk)] = text
        answer(questionnaire=made, cadre=cadre, content=content, today=today)


def drawn(question: Question, weights: Sequence[Any], random: Random) -> Any:
    """As `AnswerSheet` keeps it."""
    if question.kind == QuestionKind.MATRIX:
        return [one_of(each, random) for each in weights]
    if question.kind == QuestionKind.MULTIPLE:
        picked = [place for place, weight in enumerate(weights) if random.random() < weight / 24]
        return picked or [one_of(weights, random)]
    place = one_of(weights, random)
    return place + 1 if question.kind == QuestionKind.SCALE else place


def one_of(weights: Sequence[int], random: Random) -> int:
    return random.choices(range(len(weights)), weights)[0]


def put_right(office: Office, source: Questionnaire | Activity, remedy: Remedy, found: int = FOUND) -> Finding:
    """Raised, assigned, answered in public; told of and settled as far as it has come."""

    def at(ago: int, hour: int) -> datetime:
        return office.at(office.workday(ago), time(hour, 30))

    finding = raise_finding(by=office.clerk, text=remedy.text, source=source, now=at(found, 16))
    assign_finding(
        finding=finding, by=office.clerk, text=remedy.text, action=remedy.action, owner=office.people[remedy.owner],
        due_on=office.day(-remedy.due), seen=finding.version, now=at(found - 1, 10),
    )  # fmt: skip
    if remedy.reply:
        reply_to_finding(
            finding=finding, by=office.clerk, reply=remedy.reply, is_public=True, seen=finding.version,
            now=at(found - 5, 11),
        )  # fmt: skip
    if remedy.progress:
        report_progress(
            finding=finding, by=office.people[remedy.owner], note=remedy.progress, seen=finding.version,
            now=at(remedy.done or found // 2, 15),
        )  # fmt: skip
    if remedy.done is not None:
        solve_finding(
            finding=finding, by=office.clerk, seen=finding.version, now=at(remedy.done, 16), reason="已核实。"
        )
    return finding
