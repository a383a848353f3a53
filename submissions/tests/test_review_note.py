"""Reason templates of the office, and a note to the author with one strength and one suggestion."""

import pytest

from notices.models import Notice
from organization.models import Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, bureau
from submissions.models import Decision, ReasonTemplate
from submissions.seeds import TEMPLATES, seed_reason_templates
from submissions.states import State
from submissions.tests.review_desk import BULK, faults, office, page_of, state_of, tick, typed

__all__ = ["office"]
pytestmark = pytest.mark.django_db


def template(**values) -> ReasonTemplate:
    return ReasonTemplate.objects.create(**{"name": "写自己的话", "text": "请写一件自己经手的事。"} | values)


def test_a_note_reaches_the_author(client, office):
    work = office.work()
    note = {"strength": "例子是自己的", "suggestion": "结尾再收一收"}
    client.post(page_of(work), typed(work, "approve", **note))
    decision = Decision.objects.get()
    assert (decision.strength, decision.suggestion) == ("例子是自己的", "结尾再收一收")
    assert Notice.objects.get(recipient=office.author).body == "优点：例子是自己的\n建议：结尾再收一收"
    client.force_login(office.author)
    page = client.get(f"/works/{work.pk}/").content.decode()
    assert ("优点：例子是自己的" in page, "建议：结尾再收一收" in page) == (True, True)


def test_it_is_not_needed_and_not_too_long(client, office):
    work = office.work()
    client.post(page_of(work), typed(work, "approve", strength="长" * 201))
    assert state_of(work) == State.PENDING
    client.post(page_of(work), typed(work, "approve", strength=" "))
    assert (state_of(work), Decision.objects.get().strength) == (State.APPROVED, "")


def test_a_template_is_the_reason_where_none_was_typed(client, office):
    chosen = template()
    work = office.work()
    client.post(page_of(work), typed(work, "return", template=chosen.pk))
    assert Decision.objects.get().reason == "请写一件自己经手的事。"


def test_what_was_typed_stands_and_a_template_of_another_decision_does_not(client, office):
    chosen, other = template(), template(action="reject", text="内容重复。")
    work = office.work()
    client.post(page_of(work), typed(work, "return", template=other.pk))
    assert state_of(work) == State.PENDING
    client.post(page_of(work), typed(work, "return", template=chosen.pk, reason="请补末段。"))
    assert Decision.objects.get().reason == "请补末段。"


@pytest.mark.parametrize("sent", ["x", "987654", "9" * 30])
def test_garbage_for_a_template_is_refused_in_words(client, office, sent):
    work = office.work()
    response = client.post(page_of(work), typed(work, "return", template=sent, reason="请补末段。"))
    assert (response.status_code, state_of(work)) == (200, State.PENDING)


def test_only_templates_of_what_can_be_decided_are_offered(client, office):
    template(name="退回用")
    template(name="撤销用", action="reopen")
    template(name="停用的", is_offered=False)
    page = client.get(page_of(office.work())).content.decode()
    assert [each in page for each in ("退回用", "撤销用", "停用的")] == [True, False, False]
    assert faults(page) == []


def test_for_many_there_is_no_note(client, office):
    work = office.work()
    sent = {"action": "approve", "confirmed": "1", "works": tick(work), "grade": "", "reason": ""}
    client.post(BULK, sent)
    assert (state_of(work), Decision.objects.get().strength) == (State.APPROVED, "")


def test_the_seeds_are_there_once_and_an_edited_one_stays():
    ReasonTemplate.objects.filter(name="篇幅不够").update(text="改过的。")
    seed_reason_templates(ReasonTemplate)
    assert ReasonTemplate.objects.count() == len(TEMPLATES)
    assert ReasonTemplate.objects.get(name="篇幅不够").text == "改过的。"


def test_the_office_of_the_root_edits_them_at_its_desk(client):
    clerk = CadreFactory(roles=[Role.OFFICE], department=bureau())
    client.force_login(clerk)
    sent = {"name": "新的", "action": "return", "text": "请补出处。", "position": "3", "is_offered": "on"}
    assert client.post("/admin/submissions/reasontemplate/add/", sent).status_code == 302
    assert ReasonTemplate.objects.get(name="新的").text == "请补出处。"
    Posting.objects.all().delete()
    assert client.get("/admin/submissions/reasontemplate/add/").status_code == 403
