"""Progress meetings: one where problems were raised, one that spoke of them, and the next, which takes up the rest."""

from datetime import date, time

from activities.kinds import PROGRESS_MEETING, Part
from activities.models import Activity, Finding
from activities.services.content import ActivityContent, Voice
from activities.services.findings import raise_finding
from activities.services.ledger import Review, review_findings
from activities.services.minutes import Outcome, record_outcome
from activities.services.scheduling import hold, schedule
from shuxiang.demo_activities.recurring import HALL
from shuxiang.demo_activities.surveys import Remedy, put_right
from shuxiang.demo_reading.moments import Office

FIRST, SECOND, THIRD = 101, 12, 10
RAISED = (
    Remedy(
        "部分科室季末集中上报，审阅排队", "联络员每月 20 日前提醒一次；审阅台按等待天数先后审阅", "YZ004", -20,
        "各科室请按月上报，季末最后一周上报的顺延审阅，上报日期不变。", "近两个月按月上报的已占六成。",
    ),
    Remedy(
        "外出审计组借书还书不便", "审计组进点时可以整箱借书，组长登记", "YZ042", -15,
        "进点满两周的审计组可以整箱借，每箱 20 册，联系宋兰芝。", "已有两个组借过，归还齐全。",
    ),
    Remedy("走廊图书角光线暗，晚上不能看书", "结合图书角改造加装壁灯和感应开关", "YZ007", 25, ""),
)  # fmt: skip
# What the second meeting said of them, and whether the matter is settled.
SPOKEN = {
    "部分科室季末集中上报，审阅排队": ("按月上报的已过七成，继续由联络员提醒，下次会再看。", False),
    "外出审计组借书还书不便": ("三个组用过，反映好，写进借阅规则。", True),
    "走廊图书角光线暗，晚上不能看书": ("壁灯已订货，等走线方案。", False),
}
NEW = "学习大讲堂的课件没有统一存放，缺席的人补不了课"
MINUTES = {
    FIRST: Outcome(
        minutes="会议听取了上半程读书活动开展情况，各科室逐一说明上报和参加活动的人数。大家集中提出三个问题，已记入问题台账，"
        "当场明确了责任人和期限。",
        conclusions="1. 每月上报，不等季末。\n2. 三个问题下次会逐条过。",
    ),
    SECOND: Outcome(
        minutes="会议先对照问题台账逐条过：外出审计组借书的办法可行，记为已整改；季末集中上报有好转，继续跟踪；走廊照明等待走线方案。\n\n"
        "随后讨论学习大讲堂的安排，提出课件存放的问题，记入台账。",
        conclusions="1. 整箱借书写进借阅规则。\n2. 下次会由孟凡林说明走廊照明的工期。",
    ),
}  # fmt: skip


def meet(office: Office) -> None:
    first = called(office, office.workday(FIRST), "读书活动推进会（第一次）", FIRST)
    for remedy in RAISED:
        put_right(office, first, remedy, FIRST)
    held(office, first, FIRST)
    second = called(office, office.workday(SECOND), "读书活动推进会（第二次）", SECOND)
    held(office, second, SECOND)
    at = office.at(second.date, time(16, 30))
    raise_finding(by=office.clerk, text=NEW, source=second, now=at)
    findings = Finding.objects.filter(text__in=SPOKEN)
    reviews = [Review(finding.pk, finding.version, *SPOKEN[finding.text]) for finding in findings]
    review_findings(meeting=second, by=office.clerk, reviews=reviews, now=at)
    called(office, office.ahead(THIRD), "读书活动推进会（第三次）", 3)


def called(office: Office, day: date, title: str, ago: int) -> Activity:
    """Announced a week before."""
    content = ActivityContent(
        title=title, date=day, category=PROGRESS_MEETING, starts_at=time(15), ends_at=time(16, 30), venue=HALL,
        organiser=office.people["YZ004"], description="各科室负责人和联络员参加，对照问题台账逐条过。",
        voices=[Voice(Part.HOST, office.people["YZ002"])], for_branch=True,
    )  # fmt: skip
    return schedule(content=content, by=office.clerk, now=office.at(office.workday(ago + 7), time(9)))


def held(office: Office, meeting: Activity, ago: int) -> None:
    at = office.at(meeting.date, time(16, 40))
    hold(activity=meeting, by=office.clerk, now=at)
    meeting.refresh_from_db()
    record_outcome(activity=meeting, seen=meeting.version, outcome=MINUTES[ago], by=office.clerk, now=at)
