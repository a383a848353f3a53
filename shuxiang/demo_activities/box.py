"""The suggestion and complaint box: named and anonymous messages in every state."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from activities.kinds import FeedbackKind
from activities.models import Feedback
from activities.services.findings import assign_finding, raise_finding
from activities.services.replying import accept_feedback, ask_back, close_feedback, reply_to_feedback, send_feedback
from activities.states import FeedbackState
from shuxiang.demo_reading.moments import Deed, Office, live_through

SUGGESTION, COMPLAINT, PROBLEM = FeedbackKind.SUGGESTION, FeedbackKind.COMPLAINT, FeedbackKind.PROBLEM
RECEIVED, ACCEPTED = FeedbackState.RECEIVED, FeedbackState.ACCEPTED
REPLIED, CLOSED = FeedbackState.REPLIED, FeedbackState.CLOSED
COLLEAGUE = "YZ010"


class Message(NamedTuple):
    """Sent `ago` days ago by `author`; where `is_named` is False, nobody will know. Accepted the day after, answered
    on the third, settled on the sixth; `asked` is what its author asked back."""

    kind: FeedbackKind
    author: str
    is_named: bool
    ago: int
    state: FeedbackState
    text: str
    reply: str = ""
    is_public: bool = False
    asked: str = ""
    finding: str = ""


MESSAGES = (
    Message(
        SUGGESTION, "YZ034", True, 62, CLOSED,
        "借书到期的前一天才提醒，人在外地来不及还。建议提前三天再提醒一次。",
        "采纳。到期提醒已改为提前三天，前一天再提醒一次；出差的同事可以在“我的借阅”里自己续借。", True,
    ),
    Message(
        PROBLEM, "YZ022", False, 41, REPLIED,
        "阅览室靠窗的四个单人座没有插座，带电脑去的人只能坐到门口。",
        "情况属实。已请后勤在窗下加装两组插座，改造期间请先使用借阅台旁边的插座。", True,
        finding="阅览室靠窗座位没有插座",
    ),
    Message(
        SUGGESTION, "YZ009", False, 36, REPLIED,
        "荐购的书有没有买、为什么没买，看不到说法。",
        "每条荐购的结果和原因在“荐购”页都有；没有买的会写明原因。您提到的情况我们逐条核对过，漏写的已经补上。",
    ),
    Message(
        COMPLAINT, "YZ013", True, 19, ACCEPTED,
        "上个月上报的两件作品等了三周才有人审，再退回就来不及改了。希望审阅有个期限。",
        "对不起，让您久等了。现在起，上报十个工作日内审阅，审阅台按等待天数排序，超过的标红。",
        asked="谢谢。退回以后重新上报的，也按十个工作日算吗？",
    ),
    Message(
        SUGGESTION, "YZ020", True, 6, ACCEPTED,
        "职工读书日能不能每季度有一次放在工作日下午？家里有小孩的同事周六上午不容易来。",
    ),
    Message(
        COMPLAINT, "YZ037", False, 5, ACCEPTED,
        "分享会上临时点名发言，没有准备的人很窘。建议自愿，或者提前通知。",
    ),
    Message(
        SUGGESTION, "YZ019", True, 2, RECEIVED,
        "学习大讲堂的课件会后能不能放到活动页上？没赶上的人可以自己看。",
    ),
    Message(
        PROBLEM, "YZ040", False, 1, RECEIVED,
        "三楼走廊图书角晚上六点熄灯，加班的人借不了书，还容易碰到长凳。",
    ),
)  # fmt: skip


def fill_box(office: Office) -> None:
    live_through(deed for message in MESSAGES for deed in lived(office, message))


def lived(office: Office, message: Message) -> Iterator[Deed]:
    answerer = office.people[COLLEAGUE]

    def send(now: datetime) -> None:
        send_feedback(
            by=office.people[message.author], kind=message.kind, text=message.text, named=message.is_named,
            token=uuid5(NAMESPACE_URL, message.text), today=now.date(), now=now,
        )  # fmt: skip

    def sent() -> Feedback:
        return Feedback.objects.get(text=message.text)

    def accept(now: datetime) -> None:
        seen = sent()
        accept_feedback(feedback=seen, by=answerer, seen=seen.version, today=now.date(), now=now)

    def reply(now: datetime) -> None:
        seen = sent()
        reply_to_feedback(
            feedback=seen, by=answerer, text=message.reply, is_public=message.is_public, seen=seen.version,
            today=now.date(), now=now,
        )  # fmt: skip

    def ask(now: datetime) -> None:
        seen = sent()
        ask_back(
            feedback=seen, by=office.people[message.author], text=message.asked, seen=seen.version, today=now.date(),
            now=now,
        )  # fmt: skip

    def close(now: datetime) -> None:
        seen = sent()
        close_feedback(feedback=seen, by=answerer, seen=seen.version, today=now.date(), now=now)

    def find(now: datetime) -> None:
        finding = raise_finding(by=office.clerk, text=message.finding, source=sent(), now=now)
        assign_finding(
            finding=finding, by=office.clerk, text=message.finding, action="在窗下加装两组五孔插座，走线入槽",
            owner=office.people["YZ007"], due_on=office.ahead(5), seen=finding.version, now=now,
        )  # fmt: skip

    yield office.at(office.workday(message.ago), time(8, 50)), send
    if message.state != RECEIVED:
        yield office.at(office.workday(message.ago - 1), time(9, 40)), accept
    if message.reply:
        yield office.at(office.workday(message.ago - 4), time(14, 30)), reply
    if message.asked:
        yield office.at(office.workday(message.ago - 8), time(16, 10)), ask
    if message.state == CLOSED:
        yield office.at(office.workday(message.ago - 8), time(9, 15)), close
    if message.finding:
        yield office.at(office.workday(message.ago - 5), time(10, 5)), find
