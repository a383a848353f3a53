"""Findings: their steps with two stale copies, who sees what, what they lack, reminders, the workbook."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from openpyxl import load_workbook

from activities.kinds import TALK
from activities.models import Finding, FindingEvent, Questionnaire
from activities.services.findings import (
    assign_finding,
    drop_finding,
    raise_finding,
    reopen_finding,
    reply_to_finding,
    report_progress,
    solve_finding,
)
from activities.services.warning import warn_owners
from activities.states import FINDING_TRANSITIONS, FindingAction, FindingState
from activities.tests.factories import ActivityFactory
from activities.tests.feedback_rows import NOW, TODAY, a_finding, office, person, progress_meeting, sent
from notices.models import Notice
from organization.models import AccessEvent
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.hostile import HOSTILE
from shuxiang.periods import written
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=14)  # a Monday


def step(action, finding, by, seen=None, **more):
    common = {"finding": finding, "by": by, "seen": finding.version if seen is None else seen, "now": NOW}
    if action == FindingAction.ASSIGN:
        given = {"text": finding.text, "action": "加梯凳", "owner": None, "due_on": DUE} | more
        return assign_finding(**common, **given)
    if action == FindingAction.REVIEW:
        return report_progress(note="已经下单", **common)
    if action == FindingAction.REPLY:
        return reply_to_finding(reply="下月到位", is_public=True, **common)
    verbs = {"solve": solve_finding, "drop": drop_finding, "reopen": reopen_finding}
    return verbs[action](reason="说明", **common)


@pytest.mark.parametrize("state", FindingState)
@pytest.mark.parametrize("action", [action for action in FindingAction if action != FindingAction.RAISE])
def test_every_state_with_every_action(state, action):
    clerk = office()
    finding = a_finding(clerk, state=state, action="加梯凳")
    after = FINDING_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(IllegalStep):
            step(action, finding, clerk)
        return
    step(action, finding, clerk)
    finding.refresh_from_db()
    event = finding.events.last()
    assert (finding.state, finding.version, event.from_state, event.to_state) == (after, 2, state, after)


@pytest.mark.parametrize("action", ["assign", "review", "reply", "solve", "drop"])
def test_the_second_of_two_is_told(action):
    clerk = office()
    finding = a_finding(clerk, action="加梯凳")
    one, other = (Finding.objects.get(pk=finding.pk) for _ in range(2))
    step(FindingAction.REPLY, one, clerk)
    with pytest.raises(Stale):
        step(FindingAction(action), other, clerk)
    assert finding.events.count() == 2


def test_each_gets_an_action_an_owner_a_date_and_a_public_reply():
    clerk, owner = office(), person()
    finding = a_finding(clerk)
    assert finding.lacks == ["整改措施", "责任人", "完成期限", "公开答复"]
    step(FindingAction.ASSIGN, finding, clerk, owner=owner)
    assert finding.lacks == ["公开答复"]
    assert list(Finding.objects.lacking()) == [finding]
    step(FindingAction.REPLY, finding, clerk)
    assert (finding.lacks, Finding.objects.lacking().count()) == ([], 0)
    dropped = a_finding(clerk, text="别的")
    drop_finding(finding=dropped, by=clerk, seen=1, now=NOW, reason="重复")
    assert (dropped.lacks, Finding.objects.lacking().count()) == ([], 0)


def test_the_owner_is_told_reports_and_does_not_close():
    clerk, owner = office(), office()
    finding = a_finding(clerk)
    step(FindingAction.ASSIGN, finding, clerk, owner=owner)
    assert Notice.objects.get(body__contains=f"完成期限 {written(DUE)}。").recipient == owner
    step(FindingAction.ASSIGN, finding, clerk, owner=owner)
    assert Notice.objects.count() == 1
    step(FindingAction.REVIEW, finding, owner)
    for action in (FindingAction.SOLVE, FindingAction.DROP):
        with pytest.raises(NotAllowed):
            step(action, finding, owner)
    step(FindingAction.SOLVE, finding, person(Role.LEADER))
    assert Notice.objects.filter(recipient=owner).count() == 2
    with pytest.raises(NotAllowed):
        step(FindingAction.REVIEW, finding, person())


def test_nothing_is_solved_without_an_action():
    clerk = office()
    finding = a_finding(clerk)
    with pytest.raises(ValueError, match="整改措施"):
        step(FindingAction.SOLVE, finding, clerk)
    with pytest.raises(IntegrityError):
        Finding.objects.filter(pk=finding.pk).update(state="done")


def test_who_may_raise_one_and_twice_is_once():
    organiser, clerk = person(), office()
    talk = ActivityFactory(category=TALK, organiser=organiser)
    questionnaire = Questionnaire.objects.create(title="现状调查")
    message = sent(person()).feedback
    first, second = (raise_finding(by=organiser, text="灯太暗", source=talk, now=NOW) for _ in range(2))
    assert (first, FindingEvent.objects.count()) == (second, 1)
    for source in (questionnaire, message):
        raise_finding(by=clerk, text="灯太暗", source=source, now=NOW)
        with pytest.raises(NotAllowed):
            raise_finding(by=organiser, text="灯太暗", source=source, now=NOW)
    sources = [(each.activity, each.questionnaire, each.feedback) for each in Finding.objects.order_by("pk")]
    assert sources == [(talk, None, None), (None, questionnaire, None), (None, None, message)]


def test_everybody_sees_public_ones_without_the_owner(client):
    clerk, owner = office(), person(name="张责任")
    place = owner.postings.get().department.name
    finding = a_finding(clerk)
    step(FindingAction.ASSIGN, finding, clerk, owner=owner)
    client.force_login(person())
    url = reverse("finding", args=[finding.pk])
    assert client.get(url).status_code == 404
    step(FindingAction.REPLY, finding, clerk)
    for address in (url, reverse("findings")):
        page = client.get(address).content.decode()
        assert place in page
        assert "下月到位" in page
        assert "张责任" not in page
    client.force_login(owner)
    assert "张责任" in client.get(url).content.decode()


def test_another_agencys_are_404(client):
    county = County()
    finding = a_finding(county.clerk, source=ActivityFactory(department=county.ours), reply="x", is_public=True)
    clerk = CadreFactory(roles=[Role.OFFICE], department=county.foreign_office)
    for viewer, status in ((county.clerk, 200), (county.head, 200), (county.stranger, 404), (clerk, 404)):
        client.force_login(viewer)
        assert client.get(reverse("finding", args=[finding.pk])).status_code == status, viewer
        assert len(client.get(reverse("findings"), {"state": "all"}).context["rows"]) == (status == 200)
    assert client.get(reverse("finding_new"), {"activity": finding.activity_id}).status_code == 404


def test_where_a_finding_is_raised_is_said_with_links(client):
    links = [f'<a href="{reverse(name)}">' for name in ("activities", "questionnaires", "feedback_list")]
    client.force_login(person())
    assert "要记一条问题" not in client.get(reverse("findings")).content.decode()
    told = client.get(reverse("finding_new"), follow=True).content.decode()
    assert all(link in told[told.index("要记一条问题") :] for link in links)
    client.force_login(office())
    page = client.get(reverse("findings")).content.decode()
    assert all(link in page[page.index("要记一条问题") :] for link in links)


def test_the_overdue_come_first(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    clerk, late = office(), TODAY - timedelta(days=1)
    for text, due_on, state in (
        ("超期一天", late, "open"),
        ("超期十天", TODAY - timedelta(days=10), "open"),
        ("今天到期", TODAY, "open"),
        ("已整改的", late, "done"),
        ("未定", None, "open"),
    ):
        a_finding(clerk, text=text, due_on=due_on, state=state, action="落实")
    client.force_login(clerk)
    rows = client.get(reverse("findings"), {"state": "all"}).context["rows"]
    assert [each.text for each, _ in rows] == ["超期十天", "超期一天", "未定", "已整改的", "今天到期"]


def test_who_registers_nothing_goes_back_to_where_it_was_found(client):
    clerk = office()
    talk, meeting, box = ActivityFactory(category=TALK), progress_meeting(), sent(person()).feedback
    questionnaire = Questionnaire.objects.create(title="现状调查")
    client.force_login(clerk)
    for name, source, page in (
        ("activity", talk, "activity"),
        ("activity", meeting, "activity"),
        ("meeting", meeting, "meeting"),
        ("questionnaire", questionnaire, "questionnaire_results"),
        ("feedback", box, "feedback"),
    ):
        new = f"{reverse('finding_new')}?{name}={source.pk}"
        for answer in (client.get(new), client.post(new, {"text": ""})):
            back = f'<a class="btn" href="{reverse(page, args=[source.pk])}">不登记了</a>'
            assert back in answer.content.decode(), name
    assert client.get(reverse("finding_new"), {"meeting": talk.pk}).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(client, text):
    clerk = office()
    client.force_login(clerk)
    finding = a_finding(clerk)
    for name in ("assign", "reply", "progress", "decide"):
        fields = (
            "text",
            "action",
            "measure",
            "owner",
            "owner_choice",
            "due_on",
            "seen",
            "reply",
            "note",
            "reason",
            "is_public",
        )
        page = client.post(reverse(f"finding_{name}", args=[finding.pk]), dict.fromkeys(fields, text))
        assert page.status_code in (200, 302, 409)
    new = f"{reverse('finding_new')}?activity={finding.activity_id}"
    assert client.post(new, {"text": text}).status_code in (200, 302)
    for name in ("activity", "meeting", "questionnaire", "feedback"):
        assert client.get(reverse("finding_new"), {name: text}).status_code == 404
    for name in ("q", "owner", "state", "source", "page"):
        assert client.get(reverse("findings"), {name: text}).status_code == 200
    assert client.get(reverse("findings_workbook")).status_code == 200


def test_the_workbook_holds_what_the_filter_shows_and_is_logged(client):
    clerk, owner = office(), person(name="王负责")
    finding = a_finding(clerk, text="=1+1")
    step(FindingAction.ASSIGN, finding, clerk, owner=owner, text="=1+1")
    a_finding(clerk, text="别的")
    client.force_login(clerk)
    content = b"".join(client.get(reverse("findings_workbook"), {"owner": "王负责"}).streaming_content)
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[4], row[5], row[7], row[10]) for row in rows] == [
        ("=1+1", "加梯凳", "王负责", "待整改", "公开答复")
    ]
    assert "王负责" in AccessEvent.objects.get(action="export").detail


def test_owners_are_reminded_once_before_and_once_after():
    clerk, owner = office(), person()
    finding = a_finding(clerk)
    step(FindingAction.ASSIGN, finding, clerk, owner=owner)
    Notice.objects.all().delete()
    moments = [NOW + timedelta(days=days) for days in range(1, 20)]
    assert [moment.day for moment in moments if warn_owners(now=moment)] == [12, 17]
    step(FindingAction.ASSIGN, finding, clerk, owner=owner, due_on=DUE + timedelta(days=2))
    assert warn_owners(now=moments[-1]) == 1
    assert set(Notice.objects.values_list("recipient", flat=True)) == {owner.pk}


def test_the_list_asks_as_much_for_30_rows_as_for_1(client):
    client.force_login(clerk := office())
    for number in (1, 29):
        for place in range(number):
            a_finding(clerk, text=f"问题 {number} {place}", owner=person(), is_public=True, reply="好")
        assert queries(client, reverse("findings")) <= 10


def shown(tag, viewer, **context) -> str:
    request = RequestFactory().get("/")
    request.user = viewer
    return Template(f"{{% load findings %}}{{% {tag} %}}").render(Context({"request": request, **context}))


def test_the_parts_of_other_pages(django_assert_max_num_queries):
    organiser, clerk = person(), office()
    talk = ActivityFactory(category=TALK, organiser=organiser)
    questionnaire = Questionnaire.objects.create(title="现状调查")
    assert shown("findings_part activity", person(), activity=talk).strip() == ""
    hidden = raise_finding(by=organiser, text="内部问题", source=talk, now=NOW)
    public = raise_finding(by=organiser, text="公开问题", source=talk, now=NOW)
    step(FindingAction.REPLY, public, clerk)
    raise_finding(by=clerk, text="问卷问题", source=questionnaire, now=NOW)
    reader = person()
    with django_assert_max_num_queries(2):
        page = shown("findings_part activity", reader, activity=talk)
    assert ("公开问题" in page, hidden.text in page, "记一条问题" in page) == (True, False, False)
    page = shown("findings_part activity", organiser, activity=talk)
    assert (hidden.text in page, f"{reverse('finding_new')}?activity={talk.pk}" in page) == (True, True)
    page = shown("findings_of questionnaire", clerk, questionnaire=questionnaire)
    assert ("问卷问题" in page, f"?questionnaire={questionnaire.pk}" in page) == (True, True)
    assert shown("findings_of questionnaire", person(), questionnaire=questionnaire).strip() == ""
