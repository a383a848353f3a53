"""Progress meetings: the ledger over three meetings by hand count, and the form of what was said."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from activities.kinds import TALK
from activities.models import Finding, FindingEvent
from activities.services.findings import drop_finding, raise_finding, reopen_finding, report_progress, solve_finding
from activities.services.ledger import Review, ReviewRefused, ledger_of, review_findings
from activities.tests.factories import ActivityFactory
from activities.tests.feedback_rows import a_finding, office, person, progress_meeting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 6, 1), date(2026, 9, 7)


def at(day: date, hour: int = 15) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def told(ledger) -> dict[str, list]:
    return {
        "open": [(row.finding.text, row.carried) for row in ledger.open],
        "new": [row.finding.text for row in ledger.new],
        "settled": [row.finding.text for row in ledger.settled],
    }


def solve(finding, by, day, meeting=None):
    Finding.objects.filter(pk=finding.pk).update(action="已落实")
    fresh = Finding.objects.get(pk=finding.pk)
    solve_finding(finding=fresh, by=by, seen=fresh.version, now=at(day), meeting=meeting)


def test_open_problems_carry_over_three_meetings():
    """By hand: before the first meeting one problem (问卷); at it two (甲, 乙); between, one from a talk (座谈)."""
    clerk = office()
    meetings = [progress_meeting(day, title=f"第{day.month}月推进会") for day in (FIRST, SECOND, THIRD)]
    early = a_finding(clerk, now=at(FIRST - timedelta(days=9)), source=ActivityFactory(), text="问卷")
    one, two = (raise_finding(by=clerk, text=text, source=meetings[0], now=at(FIRST)) for text in ("甲", "乙"))
    assert told(ledger_of(meetings[0])) == {"open": [("问卷", 0)], "new": ["甲", "乙"], "settled": []}

    solve(one, clerk, FIRST + timedelta(days=20))
    between = a_finding(clerk, now=at(SECOND - timedelta(days=5)), source=ActivityFactory(category=TALK), text="座谈")
    assert told(ledger_of(meetings[1])) == {
        "open": [("问卷", 1), ("乙", 1), ("座谈", 0)], "new": [], "settled": ["甲"],
    }  # fmt: skip

    third = raise_finding(by=clerk, text="丙", source=meetings[1], now=at(SECOND))
    solve(early, clerk, SECOND, meeting=meetings[1])
    fresh = Finding.objects.get(pk=between.pk)
    drop_finding(finding=fresh, by=clerk, seen=fresh.version, now=at(SECOND + timedelta(days=3)), reason="重复")
    assert told(ledger_of(meetings[2])) == {"open": [("乙", 2), ("丙", 1)], "new": [], "settled": ["座谈"]}

    # The ledgers of the earlier meetings stay what they were.
    assert told(ledger_of(meetings[0])) == {"open": [("问卷", 0)], "new": ["甲", "乙"], "settled": []}
    assert told(ledger_of(meetings[1])) == {
        "open": [("问卷", 1), ("乙", 1), ("座谈", 0)], "new": ["丙"], "settled": ["甲"],
    }  # fmt: skip
    assert (two.text, third.text) == ("乙", "丙")


def test_both_sides_of_a_meetings_day():
    clerk = office()
    first, second = progress_meeting(FIRST), progress_meeting(SECOND)
    day_before = a_finding(clerk, now=at(FIRST - timedelta(days=1)), text="前一天提的")
    same_day = a_finding(clerk, now=at(FIRST), text="当天提的")
    a_finding(clerk, now=at(FIRST + timedelta(days=1)), text="后一天提的")
    solve(day_before, clerk, FIRST)
    solve(same_day, clerk, FIRST - timedelta(days=0))
    assert [text for text, _ in told(ledger_of(first))["open"]] == ["前一天提的", "当天提的"]
    assert told(ledger_of(second)) == {
        "open": [("后一天提的", 0)], "new": [], "settled": ["前一天提的", "当天提的"],
    }  # fmt: skip


def test_what_is_taken_up_again_comes_back():
    clerk = office()
    meetings = [progress_meeting(day) for day in (FIRST, SECOND, THIRD)]
    finding = raise_finding(by=clerk, text="甲", source=meetings[0], now=at(FIRST))
    solve(finding, clerk, FIRST, meeting=meetings[0])
    assert told(ledger_of(meetings[1])) == {"open": [], "new": [], "settled": []}
    fresh = Finding.objects.get()
    reopen_finding(finding=fresh, by=clerk, seen=fresh.version, now=at(SECOND + timedelta(days=1)), reason="又坏了")
    assert told(ledger_of(meetings[1])) == {"open": [], "new": [], "settled": []}
    assert told(ledger_of(meetings[2])) == {"open": [("甲", 0)], "new": [], "settled": []}


def test_cancelled_meetings_and_other_agencies_do_not_count():
    county = County()
    here = {"department": county.office}
    first, second = progress_meeting(FIRST, **here), progress_meeting(THIRD, department=county.ours)
    progress_meeting(SECOND, state="cancelled", **here)
    foreign = progress_meeting(SECOND, department=county.theirs)
    raise_finding(by=county.clerk, text="我们的", source=first, now=at(FIRST))
    assert told(ledger_of(second))["open"] == [("我们的", 1)]
    assert ledger_of(second).previous == first
    assert told(ledger_of(foreign)) == {"open": [], "new": [], "settled": []}
    assert ledger_of(foreign).previous is None


def test_a_review_is_written_by_who_runs_the_meeting_and_all_or_nothing():
    organiser, clerk = person(), office()
    meeting = progress_meeting(FIRST, organiser=organiser)
    findings = [a_finding(clerk, now=at(FIRST - timedelta(days=3)), text=text) for text in ("甲", "乙")]
    reviews = [Review(each.pk, 1, "谈了进展", solved=each.text == "乙") for each in findings]
    with pytest.raises(NotAllowed):
        review_findings(meeting=meeting, by=person(), reviews=reviews, now=at(FIRST))
    with pytest.raises(ReviewRefused) as refused:
        review_findings(meeting=meeting, by=organiser, reviews=reviews, now=at(FIRST))
    assert list(refused.value.reasons) == [findings[1].pk]
    assert FindingEvent.objects.filter(meeting=meeting).count() == 0
    Finding.objects.update(action="已落实")
    assert review_findings(meeting=meeting, by=organiser, reviews=reviews, now=at(FIRST)) == 2
    assert [(row.note, row.finding.state) for row in ledger_of(meeting).open] == [
        ("谈了进展", "open"), ("谈了进展", "done"),
    ]  # fmt: skip
    stale = [Review(findings[0].pk, 1, "另一个人写的")]
    with pytest.raises(ReviewRefused) as refused:
        review_findings(meeting=meeting, by=clerk, reviews=stale, now=at(FIRST))
    assert refused.value.stale
    same = [Review(findings[0].pk, 1, "谈了进展")]
    assert review_findings(meeting=meeting, by=organiser, reviews=same, now=at(FIRST)) == 0


def test_the_page_for_organiser_office_and_leaders(client):
    organiser, clerk, leader = person(), office(), person(Role.LEADER)
    meeting = progress_meeting(FIRST, organiser=organiser, minutes="通报了上半年情况", department=None)
    finding = a_finding(clerk, now=at(FIRST - timedelta(days=3)), text="书架太高")
    url, review = (reverse(name, args=[meeting.pk]) for name in ("meeting", "meeting_review"))
    field = f"finding-{finding.pk}"
    for viewer, may_read, may_write in (
        (organiser, 200, 302),
        (clerk, 200, 302),
        (leader, 200, 404),
        (person(), 404, 404),
    ):
        client.force_login(viewer)
        assert client.get(url).status_code == may_read
        sent = {f"{field}-note": f"{viewer.name}说", f"{field}-seen": str(Finding.objects.get().version)}
        assert client.post(review, sent).status_code == may_write
    client.force_login(clerk)
    page = client.get(url).content.decode()
    assert all(word in page for word in ("书架太高", "通报了上半年情况", f"{clerk.name}说"))
    lost = client.post(review, {f"{field}-note": "辛苦写的", f"{field}-seen": "1"})
    assert (lost.status_code, "辛苦写的" in lost.content.decode()) == (409, True)
    other = ActivityFactory(category=TALK)
    assert client.get(reverse("meeting", args=[other.pk])).status_code == 404


def test_words_on_what_was_settled_meanwhile_are_told_and_kept(client):
    clerk = office()
    meeting = progress_meeting(FIRST, organiser=clerk)
    one, two = (a_finding(clerk, now=at(FIRST - timedelta(days=3)), text=text, action="落实") for text in ("甲", "乙"))
    solve(one, office(), FIRST)
    client.force_login(clerk)
    sent = {
        f"finding-{each.pk}-{name}": value for each in (one, two) for name, value in (("seen", 1), ("note", "会上说的"))
    }
    address = reverse("meeting_review", args=[meeting.pk])
    told = client.post(address, sent)
    assert (told.status_code, told.content.decode().count("会上说的")) == (409, 2)
    assert FindingEvent.objects.filter(meeting=meeting).count() == 0
    sent |= {f"finding-{one.pk}-note": "", f"finding-{two.pk}-solved": "on"}
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert FindingEvent.objects.filter(meeting=meeting).count() == 1


def test_a_row_that_is_refused_comes_back_as_it_was_typed(client):
    clerk = office()
    meeting = progress_meeting(FIRST, organiser=clerk)
    bare, good = (a_finding(clerk, now=at(FIRST - timedelta(days=3)), text=text) for text in ("甲", "乙"))
    client.force_login(clerk)
    sent = {f"finding-{bare.pk}-seen": 1, f"finding-{bare.pk}-note": "", f"finding-{bare.pk}-solved": "on"}
    sent |= {f"finding-{good.pk}-seen": 1, f"finding-{good.pk}-note": "谈了进展"}
    page = client.post(reverse("meeting_review", args=[meeting.pk]), sent)
    html = page.content.decode()
    assert "有 1 条不能保存，请看下面各条的提示；所有各条都还没有保存" in html
    assert FindingEvent.objects.filter(meeting=meeting).count() == 0
    form = next(line.form for line in page.context["lines"] if line.row.finding == bare)
    assert [form[name].value() for name in ("note", "solved", "seen")] == ["", True, "1"]
    assert "[&#x27;" not in html


def test_the_newest_words_of_all_are_shown_with_their_day_and_person(client):
    clerk, owner = office(name="孟记录"), person(name="钱责任")
    first, second, third = (progress_meeting(day, organiser=clerk) for day in (FIRST, SECOND, THIRD))
    finding = a_finding(clerk, now=at(FIRST - timedelta(days=9)), owner=owner, action="落实")

    def note(text: str, day: date, by, meeting=None) -> None:
        fresh = Finding.objects.get(pk=finding.pk)
        if meeting is None:
            report_progress(finding=fresh, by=by, note=text, seen=fresh.version, now=at(day))
        else:
            review_findings(meeting=meeting, by=by, reviews=[Review(fresh.pk, fresh.version, text)], now=at(day))

    def newest(meeting) -> str:
        (row,) = ledger_of(meeting).open
        return row.note or (row.latest.reason if row.latest else "")

    note("责任人早先说的", FIRST - timedelta(days=2), owner)
    assert newest(first) == "责任人早先说的"
    note("第一次会上说的", FIRST, clerk, first)
    assert [newest(each) for each in (first, second, third)] == ["第一次会上说的"] * 3
    client.force_login(clerk)
    page = client.get(reverse("meeting", args=[second.pk])).content.decode()
    assert "第一次会上说的" in page
    assert "2026 年 3 月 2 日，孟记录" in page
    note("责任人后来说的", FIRST + timedelta(days=9), owner)
    note("第二次会上说的", SECOND, clerk, second)
    note("会后说的", SECOND + timedelta(days=1), owner)
    assert [newest(each) for each in (first, second, third)] == ["第一次会上说的", "第二次会上说的", "会后说的"]
    FindingEvent.objects.filter(meeting=second).delete()
    assert newest(second) == "责任人后来说的"


def test_the_sums_add_up_to_the_states_in_the_table(client):
    clerk = office()
    meeting = progress_meeting(FIRST, organiser=clerk)
    early = [a_finding(clerk, now=at(FIRST - timedelta(days=3)), text=text) for text in "甲乙丙"]
    raise_finding(by=clerk, text="丁", source=meeting, now=at(FIRST))
    solve(early[0], clerk, FIRST, meeting)
    client.force_login(clerk)
    url = reverse("meeting", args=[meeting.pk])
    sums = dict(client.get(url).context["sums"])
    assert sums == {"会前待整改": 3, "会上提出": 1, "现在待整改": 3, "现在已整改": 1, "会前已整改或不再跟踪": 0}
    drop_finding(finding=early[1], by=clerk, seen=1, now=at(FIRST), reason="重复")
    page = client.get(url)
    assert dict(page.context["sums"]) == sums | {"现在待整改": 2, "现在不再跟踪": 1}
    assert not any(word in page.content.decode() for word in ("办结", "仍在整改"))


def test_a_leader_of_one_agency_does_not_read_the_umbrellas_ledger(client):
    county = County()
    meeting = progress_meeting(FIRST)
    client.force_login(CadreFactory(roles=[Role.LEADER], department=county.office))
    assert client.get(reverse("meeting", args=[meeting.pk])).status_code == 404
    client.force_login(county.head)
    assert client.get(reverse("meeting", args=[meeting.pk])).status_code == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(client, text):
    clerk = office()
    client.force_login(clerk)
    meeting = progress_meeting(FIRST)
    finding = a_finding(clerk, now=at(FIRST - timedelta(days=3)))
    sent = {f"finding-{finding.pk}-{name}": text for name in ("note", "seen")}
    assert client.post(reverse("meeting_review", args=[meeting.pk]), sent).status_code in (200, 302, 409)


def test_the_ledger_asks_as_much_for_30_rows_as_for_1(client):
    clerk = office()
    client.force_login(clerk)
    meeting = progress_meeting(SECOND)
    progress_meeting(FIRST)
    client.get(reverse("findings"))  # stamps the session
    for number in (1, 29):
        for place in range(number):
            a_finding(clerk, now=at(FIRST), text=f"问题 {number} {place}", owner=person())
        assert queries(client, reverse("meeting", args=[meeting.pk])) <= 10
