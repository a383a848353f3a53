"""The box: its clock, its steps with two stale copies, who sees what, hostile texts."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.urls import reverse

from activities.kinds import FeedbackKind
from activities.models import Feedback
from activities.services.receipts import ALPHABET, code_of, digest
from activities.services.replying import (
    accept_feedback,
    answerers,
    ask_back,
    close_feedback,
    reopen_feedback,
    reply_to_feedback,
)
from activities.services.warning import warn_of_feedback
from activities.states import FEEDBACK_TRANSITIONS, FeedbackAction, FeedbackState
from activities.tests.feedback_rows import NOW, TEXT, TODAY, office, person, replied, sent
from notices.models import Notice
from organization.models import AccessEvent, Holiday
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.hostile import HOSTILE
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
CLOCK = {"today": TODAY, "now": NOW}


def step(action, feedback, by, seen=None):
    seen = feedback.version if seen is None else seen
    common = {"feedback": feedback, "by": by, "seen": seen, **CLOCK}
    if action == FeedbackAction.REPLY:
        return reply_to_feedback(text="答复", is_public=False, **common)
    if action == FeedbackAction.ASK:
        return ask_back(text="追问", **common)
    verbs = {"accept": accept_feedback, "close": close_feedback, "reopen": reopen_feedback}
    return verbs[action](**common)


def test_a_reply_is_due_after_working_days(settings):
    assert sent(person()).feedback.reply_by == date(2026, 3, 16)
    Holiday.objects.create(date=date(2026, 3, 3), name="休息")
    assert sent(person()).feedback.reply_by == date(2026, 3, 17)
    settings.FEEDBACK_REPLY_DAYS = 1
    assert sent(person()).feedback.reply_by == date(2026, 3, 4)


def test_what_is_named_is_told_to_the_office_and_each_step_to_the_author():
    author, clerk, other = person(), office(), person(Role.LEADER)
    feedback = sent(author).feedback
    assert [notice.recipient for notice in Notice.objects.all()] == [clerk]
    step(FeedbackAction.ACCEPT, feedback, clerk)
    step(FeedbackAction.REPLY, feedback, other)
    step(FeedbackAction.ASK, feedback, author)
    step(FeedbackAction.REPLY, feedback, clerk)
    step(FeedbackAction.CLOSE, feedback, clerk)
    step(FeedbackAction.REOPEN, feedback, clerk)
    told = list(Notice.objects.filter(recipient=author).order_by("pk").values_list("subject", flat=True))
    words = ("已受理", "有了答复", "有了答复", "已办结", "重新办理")
    assert told == [f"您的建议{word}" for word in words]
    assert list(feedback.events.values_list("position", "action")) == list(
        enumerate(("send", "accept", "reply", "ask", "reply", "close", "reopen"), start=1)
    )
    assert not AccessEvent.objects.filter(detail__contains=TEXT).exists()


def test_a_complaint_is_told_to_leaders_too():
    clerk, leader = office(), person(Role.LEADER)
    assert answerers(None, {FeedbackKind.SUGGESTION}, TODAY) == [clerk]
    assert answerers(None, {FeedbackKind.COMPLAINT}, TODAY) == [clerk, leader]


@pytest.mark.parametrize("state", FeedbackState)
@pytest.mark.parametrize("action", [action for action in FeedbackAction if action != FeedbackAction.SEND])
def test_every_state_with_every_action(state, action):
    author, clerk = person(), office()
    feedback = sent(author).feedback
    Feedback.objects.filter(pk=feedback.pk).update(state=state, reply="早先的答复")
    feedback.refresh_from_db()
    by = author if action == FeedbackAction.ASK else clerk
    after = FEEDBACK_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(IllegalStep):
            step(action, feedback, by)
        return
    step(action, feedback, by)
    feedback.refresh_from_db()
    event = feedback.events.last()
    assert (feedback.state, event.from_state, event.to_state, event.day) == (after, state, after, TODAY)


@pytest.mark.parametrize("action", [FeedbackAction.ACCEPT, FeedbackAction.REPLY])
def test_the_second_of_two_clerks_is_told(action):
    feedback = sent(person()).feedback
    one, other = (Feedback.objects.get(pk=feedback.pk) for _ in range(2))
    step(FeedbackAction.REPLY, one, office())
    with pytest.raises(Stale):
        step(action, other, office())
    assert feedback.events.count() == 2


def test_nobody_answers_the_own_words_nor_another_agencys():
    clerk = office()
    feedback = sent(clerk).feedback
    for by in (clerk, person()):
        with pytest.raises(NotAllowed):
            step(FeedbackAction.ACCEPT, feedback, by)
    with pytest.raises(NotAllowed):
        step(FeedbackAction.ASK, replied(person()).feedback, clerk)


def test_the_box_is_its_own_agencys(client):
    county = County()
    leader = CadreFactory(roles=[Role.LEADER], department=county.foreign_office)
    made = sent(county.colleague).feedback
    assert made.department == county.ours
    url = reverse("feedback", args=[made.pk])
    for viewer, status in ((county.clerk, 200), (county.colleague, 200), (leader, 404), (county.head, 404)):
        client.force_login(viewer)
        assert client.get(url).status_code == status, viewer
        assert (TEXT in client.get(reverse("feedback_list")).content.decode()) == (status == 200)
    reply_to_feedback(feedback=made, by=county.clerk, text="可以", is_public=True, seen=1, **CLOCK)
    client.force_login(county.stranger)
    assert client.get(url).status_code == 404
    assert answerers(county.ours.pk, set(), TODAY) == [county.clerk]


def test_public_ones_show_neither_author_nor_thread(client):
    author = person(name="张提意")
    made = replied(author, is_public=True).feedback
    ask_back(feedback=made, by=author, text="不想公开的追问", seen=2, **CLOCK)
    client.force_login(person())
    page = client.get(reverse("feedback", args=[made.pk])).content.decode()
    assert TEXT in page
    assert "中午已安排值守" in page
    assert not any(word in page for word in ("张提意", "不想公开的追问", "受理"))
    assert TEXT in client.get(reverse("feedback_list")).content.decode()


def test_what_was_public_is_hidden_when_taken_up_again():
    clerk = office()
    made = replied(person(), clerk=clerk, is_public=True).feedback
    step(FeedbackAction.CLOSE, made, clerk)
    step(FeedbackAction.REOPEN, made, clerk)
    assert not Feedback.objects.public_to(person()).exists()
    with pytest.raises(IntegrityError):
        Feedback.objects.filter(pk=made.pk).update(is_public=True, reply="")


def test_a_named_form_sent_twice_makes_one(client):
    client.force_login(person())
    token = client.get(reverse("feedback_new")).context["token"]
    form = {"kind": "complaint", "text": TEXT, "who": "named", "token": token, "next": "https://evil.example"}
    first, second = (client.post(reverse("feedback_new"), form) for _ in range(2))
    assert first.url == second.url == reverse("feedback", args=[Feedback.objects.get().pk])
    client.post(reverse("feedback_new"), {**form, "text": "另一件事"})
    assert Feedback.objects.count() == 2


def test_the_loser_of_two_clerks_keeps_the_text(client):
    made = sent(person()).feedback
    client.force_login(office())
    url = reverse("feedback_reply", args=[made.pk])
    step(FeedbackAction.ACCEPT, Feedback.objects.get(), office())
    lost = client.post(url, {"text": "辛苦写的答复", "seen": "1"})
    assert (lost.status_code, lost.context["reply"]["seen"].value()) == (409, "2")
    assert "辛苦写的答复" in lost.content.decode()
    assert client.post(url, {"text": "辛苦写的答复", "seen": "2"}).status_code == 302
    again = client.post(url, {"text": "第二份答复", "seen": "2"})
    assert (again.status_code, "第二份答复" in again.content.decode()) == (409, True)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_stored_or_refused(client, text):
    author = person()
    client.force_login(author)
    form = {"kind": text, "text": text, "who": text, "token": text}
    assert client.post(reverse("feedback_new"), form).status_code == 200
    good = client.post(reverse("feedback_new"), {"kind": "problem", "text": text, "who": "named"})
    assert good.status_code in (200, 302)
    for name in ("q", "find", "kind", "state", "page", "public"):
        assert client.get(reverse("feedback_list"), {name: text}).status_code == 200
    assert client.post(reverse("feedback_receipt"), {"code": text}).status_code in (200, 429)
    made = sent(author).feedback
    client.force_login(office())
    assert client.post(reverse("feedback_step", args=[made.pk]), {"action": text, "seen": text}).status_code == 200
    reply = client.post(reverse("feedback_reply", args=[made.pk]), {"text": text, "seen": text})
    assert reply.status_code in (200, 409)


def test_lists_ask_as_much_for_30_rows_as_for_1(client):
    clerk = office()
    client.force_login(clerk)
    for number in (1, 29):
        for _ in range(number):
            replied(clerk, clerk=office(), is_public=True)
            sent(person())
        assert queries(client, reverse("feedback_list")) <= 10


def test_the_office_filters_the_box(client):
    client.force_login(office())
    sent(person(), text="旧的", now=NOW - timedelta(days=60))
    sent(person(), text="新的", kind=FeedbackKind.COMPLAINT)
    replied(person(), text="答过的")
    queries = ("state=overdue&kind=suggestion", "kind=complaint", "state=replied", "q=新", "state=nonsense")
    pages = {query: client.get(f"{reverse('feedback_list')}?{query}").context["page"] for query in queries}
    shown = {query: [each.text for each in page] for query, page in pages.items()}
    assert shown["kind=complaint"] == ["新的"]
    assert shown["state=replied"] == ["答过的"]
    assert shown["q=新"] == ["新的"]
    assert shown["state=nonsense"] == ["旧的", "新的"]
    assert shown["state=overdue&kind=suggestion"] == ["旧的"]


def test_the_office_is_warned_once_before_and_once_after():
    clerk = office()
    sent(person())  # due on Monday 16 March
    Notice.objects.all().delete()
    moments = [NOW + timedelta(days=days) for days in range(1, 20)]
    told = [(moment.day, warn_of_feedback(now=moment)) for moment in moments]
    assert [day for day, number in told if number] == [12, 17]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {clerk.pk}


def test_an_anonymous_one_is_told_only_the_day_after():
    office()
    made = sent(person(), named=False).feedback
    assert Notice.objects.count() == 0
    assert warn_of_feedback(now=NOW + timedelta(hours=2)) == 0
    assert [warn_of_feedback(now=NOW + timedelta(days=1, hours=hours)) for hours in (0, 1)] == [1, 0]
    assert str(made.pk) not in Notice.objects.get().address


def test_codes_are_readable_and_of_60_bits():
    codes = {code_of(uuid4(), "x") for _ in range(300)}
    assert len(codes) == 300
    assert {len(code) for code in codes} == {14}
    assert {sign for code in codes for sign in code} == {*ALPHABET, "-"}
    assert len(ALPHABET) ** 12 == 2**60
    code = codes.pop()
    assert digest(code) == digest(f" {code.lower().replace('-', '')} ") == digest(code.replace("-", "－"))
