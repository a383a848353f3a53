"""One work at the review desk: what is shown, what is decided, and who is refused."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from organization.models import AccessEvent
from organization.tests.factories import CadreFactory
from shuxiang.tests.queries import queries
from shuxiang.tests.test_pages_markup import Page
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.services.review import StaleSubmission
from submissions.states import Action, State
from submissions.tests.factories import name
from submissions.tests.review_desk import (
    OWN_WAYS,
    QUEUE,
    Office,
    faults,
    make_own,
    office,
    other_agencys_work,
    page_of,
    state_of,
    typed,
)

__all__ = ["office"]
pytestmark = pytest.mark.django_db
DECISIONS = [
    (State.PENDING, "approve", {}, State.APPROVED, ""),
    (State.PENDING, "approve", {"grade": "excellent", "reason": "切题"}, State.APPROVED, "excellent"),
    (State.PENDING, "return", {"reason": "请补齐出处"}, State.RETURNED, ""),
    (State.PENDING, "reject", {"reason": "与人雷同"}, State.REJECTED, ""),
    (State.APPROVED, "rate", {"grade": "good"}, State.APPROVED, "good"),
    (State.APPROVED, "reopen", {"reason": "评错"}, State.PENDING, ""),
    (State.REJECTED, "reopen", {"reason": "误判"}, State.PENDING, ""),
]
each_decision = pytest.mark.parametrize(("before", "action", "fields", "after", "grade"), DECISIONS)


@each_decision
def test_a_decision_is_stored_logged_and_told(before, action, fields, after, grade, client, office):
    work = office.work(state=before)
    response = client.post(page_of(work), typed(work, action, **fields), follow=True)
    stored = Submission.objects.get(pk=work.pk)
    decision = work.decisions.get()
    assert response.redirect_chain == [(page_of(work), 302)]
    assert (stored.state, stored.grade, stored.revision) == (after, grade, 2)
    assert (decision.actor, decision.action, decision.reason) == (office.clerk, action, fields.get("reason", ""))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message[:3]) == (office.clerk, str(work.pk), "审阅：")
    event = AccessEvent.objects.get()
    assert (event.action, event.actor, event.about, event.address) == (
        "decision",
        office.clerk,
        str(work),
        "127.0.0.1",
    )
    (message,) = response.context["messages"]
    assert (work.title in message.message, f'href="{page_of(work)}"' in message.message) == (True, True)


@each_decision
@pytest.mark.parametrize("way", OWN_WAYS)
def test_nobody_decides_on_an_own_work_by_a_crafted_form(way, before, action, fields, after, grade, client, office):
    work = make_own(office.work(state=before), office.clerk, way)
    assert 'name="action"' not in client.get(page_of(work)).content.decode()
    response = client.post(page_of(work), typed(work, action, **fields))
    assert (response.status_code, state_of(work)) == (200, before)
    assert "不能办理自己参与的作品" in response.content.decode()
    assert (Decision.objects.count(), LogEntry.objects.count()) == (0, 0)


@each_decision
def test_a_stale_tab_is_told_and_keeps_what_was_typed(before, action, fields, after, grade, client, office):
    work = office.work(state=before)
    Submission.objects.filter(pk=work.pk).update(revision=7)
    response = client.post(page_of(work), typed(work, action, **fields | {"reason": "写了很久的意见"}))
    page = response.content.decode()
    assert (response.status_code, state_of(work), Decision.objects.count()) == (200, before, 0)
    assert (str(StaleSubmission()) in page, "写了很久的意见" in page) == (True, True)
    assert 'name="revision" value="7"' in page


def test_a_tab_that_is_late_sees_the_new_state_and_keeps_the_words(client, office):
    work = office.work()
    sent = typed(work, "return", reason="请补齐出处")
    client.post(page_of(work), sent)
    page = client.post(page_of(work), sent).content.decode()
    assert ("现在不需要办理" in page, "请补齐出处" in page, work.decisions.count()) == (True, True, 1)


@pytest.mark.parametrize("revision", ["", "x", "-1", "1.0", "１", "9" * 5000, "\0"])
def test_a_form_without_a_sound_revision_is_stale(revision, client, office):
    work = office.work()
    page = client.post(page_of(work), typed(work, "approve", revision=revision)).content.decode()
    assert (str(StaleSubmission()) in page, state_of(work)) == (True, State.PENDING)


@pytest.mark.parametrize(
    ("before", "fields", "told"),
    [
        (State.PENDING, {"action": ""}, "请选择结论"),
        (State.PENDING, {"action": "withdraw"}, "选择一个有效的选项"),
        (State.PENDING, {"action": "rate", "grade": "good"}, "选择一个有效的选项"),
        (State.PENDING, {"action": "approve", "grade": "nonsense"}, "选择一个有效的选项"),
        (State.PENDING, {"action": "return", "reason": " \n "}, "退回修改要写明理由"),
        (State.PENDING, {"action": "reject"}, "不通过要写明理由"),
        (State.PENDING, {"action": "return", "reason": "改", "grade": "good"}, "退回修改时不评级"),
        (State.PENDING, {"action": "approve", "reason": "长" * 501}, "500"),
        (State.PENDING, {"action": "approve", "reason": "\0"}, 'class="errorlist"'),
        (State.APPROVED, {"action": "rate"}, "请选择评级"),
        (State.APPROVED, {"action": "reopen"}, "撤销决定要写明理由"),
        (State.WITHDRAWN, {"action": "approve"}, "没有可以做的决定"),
        (State.RETURNED, {"action": "approve"}, "等作者修改后再报"),
    ],
)
def test_a_form_that_does_not_fit_is_told_and_kept(before, fields, told, client, office):
    work = office.work(state=before)
    response = client.post(page_of(work), typed(work, "") | fields)
    assert (response.status_code, state_of(work), Decision.objects.count()) == (200, before, 0)
    page = response.content.decode()
    assert told in page
    if before == State.PENDING and len(fields.get("reason", "").strip()) == 1 and fields["reason"] != "\0":
        assert f">\n{fields['reason']}</textarea>" in page
    assert faults(page) == []


def test_saving_leads_to_the_next_work_that_one_may_decide_about(client, office):
    works = [office.work(title=f"第 {number} 件") for number in range(4)]
    make_own(works[1], office.clerk, "named")

    def save(work):
        return client.post(page_of(work) + "?kind=essay", typed(work, "approve", next="1")).url

    assert save(works[0]) == page_of(works[2]) + "?kind=essay"
    assert save(works[3]) == page_of(works[2]) + "?kind=essay"
    assert save(works[2]) == QUEUE + "?kind=essay"
    assert "都办完了" in client.get(QUEUE).content.decode()


def test_the_neighbours_are_those_of_the_filtered_queue(client, office):
    first, second, third = (office.work() for _ in range(3))
    Submission.objects.filter(pk=second.pk).update(kind="idea")
    place = client.get(page_of(first) + "?kind=essay").context["place"]
    assert (place.number, place.total, place.previous, place.following) == (1, 2, None, third.pk)
    place = client.get(page_of(second) + "?kind=essay").context["place"]
    assert (place.number, place.total, place.following) == (None, 2, first.pk)


def test_everything_to_judge_by_is_on_the_page(client, office):
    work = office.work(credit_date=date(2024, 1, 5), quarter="2023Q4")
    name(work, CadreFactory(name="待确认的人"), 1, Contributor.State.NAMED)
    Version.objects.filter(submission=work).update(body="第一稿的话")
    newest = Version.objects.create(submission=work, number=2, title="改稿", body="第二稿的话", source="《古文观止》")
    for role in ("audio", "cover", "document"):
        Attachment.objects.create(
            version=newest, role=role, original_name=f"{role}.bin", size=9, sha256="0" * 64, state="ready"
        )
    Decision.objects.create(
        submission=work, actor=office.other_clerk, action=Action.RETURN, to_state=State.RETURNED, reason="请改结尾"
    )
    page = client.get(page_of(work)).content.decode()
    wanted = [
        "第一稿的话",
        "第二稿的话",
        "《古文观止》",
        "待确认的人",
        "请改结尾",
        "2023 年第四季度",
        "补报",
        "audio.bin",
    ]
    assert [text for text in wanted if text not in page] == []
    audio, picture = Page(page).all("audio")[0], Page(page).all("img")[0]
    files = {file.role: f"/media/{file.pk}/" for file in newest.attachments.all()}
    assert (audio["src"], picture["src"]) == (files["audio"], files["cover"])
    assert faults(page) == []


def test_hostile_words_stay_text(client, office):
    evil = "<img src=x onerror=alert(1)>"
    work = office.work(title=evil)
    name(work, CadreFactory(name=evil), 1)
    Version.objects.filter(submission=work).update(body=evil, summary=evil, reason=evil, author=evil, book_title=evil)
    Attachment.objects.create(version=work.versions.get(), role="audio", original_name=evil, size=1, sha256="0" * 64)
    client.post(page_of(work), typed(work, "return", reason=evil))
    page = client.get(page_of(work)).content.decode()
    assert ("<img" in page, "&lt;img src=x" in page) == (False, True)
    assert faults(page) == []


@pytest.mark.parametrize("key", ["0", "987654", "9" * 30])
def test_a_work_that_does_not_exist_is_not_found(key, client, office):
    assert (client.get(f"{QUEUE}{key}/").status_code, client.post(f"{QUEUE}{key}/").status_code) == (404, 404)


def test_a_draft_is_not_at_the_desk(client, office):
    work = office.work(state=State.DRAFT, people=[office.clerk])
    assert client.get(page_of(work)).status_code == 404


def test_another_agencys_work_is_not_decided(client):
    foreign = other_agencys_work()
    ours = other_agencys_work()
    place = ours.contributors.get().cadre.postings.get().department
    office = Office()
    office.clerk.postings.update(department=place)
    client.force_login(office.clerk)
    assert client.post(page_of(foreign), typed(foreign, "approve")).status_code == 404
    assert client.post(page_of(ours), typed(ours, "approve")).status_code == 302
    assert state_of(foreign) == State.PENDING


def test_only_a_work_that_lacks_nothing_but_a_grade_comes_with_a_choice_made(client, office):
    chosen = {}
    for state in (State.PENDING, State.APPROVED, State.REJECTED):
        form = client.get(page_of(office.work(state=state))).context["form"]
        chosen[state] = form["action"].value()
    assert chosen == {State.PENDING: None, State.APPROVED: Action.RATE, State.REJECTED: None}


def test_the_registers_page_leads_here(client, office):
    work = office.work()
    page = client.get(f"/admin/submissions/submission/{work.pk}/change/").content.decode()
    assert f'href="{page_of(work)}"' in page


def test_the_page_asks_as_much_for_many_rows_as_for_one(client, office):
    work = office.work()
    url = page_of(work)

    def asked() -> int:
        ContentType.objects.clear_cache()
        return queries(client, url)

    def add(number: int) -> None:
        name(work, CadreFactory(), number)
        version = Version.objects.create(submission=work, number=number + 1, title="改稿", body="正文")
        Attachment.objects.create(version=version, role="document", original_name="a", size=1, sha256="0" * 64)
        Decision.objects.create(
            submission=work, version=version, actor=CadreFactory(), action=Action.APPROVE, to_state=State.APPROVED
        )
        office.work()

    add(1)
    first = asked()
    for number in range(2, 31):
        add(number)
    assert asked() == first
