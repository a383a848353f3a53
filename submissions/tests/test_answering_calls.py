"""A work answers a call: the service and the form."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Call
from activities.services.calling import close_call, close_finished
from activities.states import CallState
from activities.tests.calling import an_open_call, opened_call
from activities.tests.factories import CallFactory
from organization.models import DepartmentKind
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.services.contents import Content, Incomplete
from submissions.services.drafting import begin, save
from submissions.services.handing_in import hand_in
from submissions.services.review import review
from submissions.states import Action, State
from submissions.tests.handing_in import TEXTS, author, filled, office, opened

__all__ = ["author", "office"]
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
ESSAY = {"title": "读《论语》", "body": "学而时习之。"}


def draft(author, call: Call | None, now: datetime = NOW) -> Submission:
    content = Content(version=ESSAY, work={"call": call})
    return begin(kind=Kind.ESSAY, content=content, by=author, token=uuid4(), now=now)[0]


# The service


@pytest.mark.at(NOW)
def test_a_draft_names_a_call_that_takes_it_and_no_other():
    own, other = (DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY) for _ in range(2))
    author = CadreFactory(department=other)
    assert draft(author, call := opened_call()).call == call
    refused = [
        opened_call(kinds="idea,creation"),
        opened_call(since=date(2026, 3, 10)),
        opened_call(until=date(2026, 3, 8)),
        opened_call(department=own),
        CallFactory(),
        opened_call(state=CallState.CANCELLED),
        opened_call(state=CallState.CLOSED),
    ]
    work = draft(author, None)
    for each in refused:
        with pytest.raises(NotAllowed):
            draft(author, each)
        with pytest.raises(NotAllowed):
            save(submission=work, seen=1, content=Content(work={"call": each}), by=author, now=NOW)
    assert draft(CadreFactory(department=own), refused[3]).call == refused[3]


@pytest.mark.at(NOW)
def test_the_last_day_counts_to_its_midnight():
    author, call = reader(), opened_call(until=date(2026, 3, 9))
    works = [draft(author, call) for _ in range(2)]
    evening, night = datetime(2026, 3, 9, 23, 59, tzinfo=SHANGHAI), datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)
    hand_in(submission=works[0], seen=1, by=author, now=evening)
    with pytest.raises(Incomplete) as refused:
        hand_in(submission=works[1], seen=1, by=author, now=night)
    assert refused.value.errors == {"call": f"没有上报：征集令{call.quoted}已经结束，请改选“不应征”或别的征集令。"}
    works[1].refresh_from_db()
    assert (works[1].state, works[1].call) == (State.DRAFT, call)


@pytest.mark.at(NOW)
def test_a_returned_work_keeps_its_call_after_the_end():
    author, office = reader(), reader(Role.OFFICE)
    call = an_open_call(office)
    work = draft(author, call)
    hand_in(submission=work, seen=1, by=author, now=NOW)
    work.refresh_from_db()
    review(submission=work, seen=work.revision, reviewer=office, action=Action.RETURN, reason="补充", now=NOW)
    assert close_finished(now=NOW + timedelta(days=30)) == 1
    work = Submission.objects.get(pk=work.pk)
    content = Content(version={"body": "改好了。"}, work={"call": call})
    work = save(submission=work, seen=work.revision, content=content, by=author, now=NOW)
    hand_in(submission=work, seen=work.revision, by=author, now=NOW)
    work.refresh_from_db()
    assert (work.state, work.call) == (State.PENDING, call)


def test_every_kind_offers_the_calls_that_take_it(client, author):
    for kind in Kind.values:
        call = opened_call(kinds=kind, title=f"征集{kind}")
        page = client.get(f"/works/new/{kind}/", {"call": call.pk}).content.decode()
        assert [each for each in Kind.values if f"征集{each}" in page] == [kind]
        assert f'<option value="{call.pk}" selected>' in page
        stored = {**opened(client, f"/works/new/{kind}/"), **TEXTS[kind], "action": "draft", "call": call.pk}
        client.post(f"/works/new/{kind}/", stored)
        assert Submission.objects.get(kind=kind).call == call


def test_without_a_call_the_form_does_not_ask(client, author):
    assert "应征" not in client.get("/works/new/essay/").content.decode()
    over = opened_call(state=CallState.CLOSED)
    page = client.get("/works/new/essay/", {"call": over.pk}).content.decode()
    assert "现在不收这类作品" in page


def test_a_work_is_handed_in_for_a_call_and_says_so(client, author):
    call = opened_call(title="读党章征集")
    answer = client.post("/works/new/essay/", filled(client, "essay", call=call.pk), follow=True)
    work = Submission.objects.get()
    assert (work.call, work.state) == (call, State.PENDING)
    assert f'应征 <a href="/calls/{call.pk}/"><bdi>读党章征集</bdi></a>' in answer.content.decode()


def test_a_call_that_closed_meanwhile_is_told_and_the_rest_is_kept(client, author):
    office = reader(Role.OFFICE)
    call = an_open_call(office, now=timezone.now(), since=timezone.localdate(), until=timezone.localdate())
    form = filled(client, "essay", call=call.pk)
    client.post("/works/new/essay/", {**form, "action": "draft"})
    work = Submission.objects.get()
    assert work.call == call
    close_call(call=call, seen=call.version, by=office, now=timezone.now())
    edit = reverse("work_edit", args=[work.pk])
    assert "已经结束" in client.get(edit).content.decode()
    sent = {**form, **opened(client, edit), "body": "又写了一段。", "action": "submit"}
    page = client.post(edit, sent).content.decode()
    assert "没有上报：征集令" in page
    assert "其他内容已经保存为草稿" in page
    work.refresh_from_db()
    assert (work.state, work.versions.get().body) == (State.DRAFT, "又写了一段。")
    again = {**sent, **opened(client, edit), "call": ""}
    assert client.post(edit, again).url == reverse("work", args=[work.pk])
    work.refresh_from_db()
    assert (work.state, work.call) == (State.PENDING, None)


def test_a_call_that_closed_before_the_first_saving_is_told_at_its_field(client, author):
    call = opened_call()
    form = filled(client, "essay", action="draft", call=call.pk)
    Call.objects.filter(pk=call.pk).update(state=CallState.CLOSED)
    page = client.post("/works/new/essay/", form).content.decode()
    assert "这份征集令已经结束，或不收这类作品" in page
    work = Submission.objects.get()
    assert (work.title, work.call) == (TEXTS["essay"]["title"], None)


def test_an_older_form_leaves_the_call_alone(client, author):
    call = opened_call()
    client.post("/works/new/essay/", filled(client, "essay", action="draft", call=call.pk))
    work = Submission.objects.get()
    edit = reverse("work_edit", args=[work.pk])
    client.post(edit, {**opened(client, edit), **TEXTS["essay"], "title": "改过", "action": "draft"})
    work.refresh_from_db()
    assert (work.title, work.call) == ("改过", call)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_call_stores_everything_else(text, client, author):
    opened_call()
    form = filled(client, "essay", action="draft", call=text)
    assert client.post("/works/new/essay/", form).status_code == 200
    assert client.get("/works/new/essay/", {"call": text}).status_code == 200
    work = Submission.objects.get()
    assert (work.title, work.call) == (TEXTS["essay"]["title"], None)
    client.force_login(reader(Role.OFFICE))
    queue = reverse("admin:submissions_submission_queue")
    assert client.get(queue, {"call": text}).status_code == 200
