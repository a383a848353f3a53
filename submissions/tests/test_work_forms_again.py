"""The same form once more: clicked twice, gone back to, saved by a script, in an old page, after its draft went."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils import timezone

from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import TEXTS, answered, author, filled, hidden, office, only, opened
from submissions.views.filled import Filled

__all__ = ["author", "office"]
pytestmark = pytest.mark.django_db
KINDS = list(Kind.values)


def test_double_submit_makes_one_work(client, author):
    form = filled(client, "essay")
    first, second = (client.post("/works/new/essay/", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == f"/works/{only().pk}/"
    assert only().decisions.count() == 1


def test_a_draft_sent_twice_is_one_draft_and_one_changed_in_an_old_page_is_a_conflict(client, author):
    form = filled(client, "essay", "draft")
    client.post("/works/new/essay/", form)
    assert client.post("/works/new/essay/", form).status_code == 302
    response = client.post("/works/new/essay/", {**form, "body": "另一份。"})
    page = response.content.decode()
    assert response.status_code == 409
    assert Page(page).faults() == []
    assert "这份草稿在别处改动过" in page
    assert "<del>学而时习之。" in page
    assert "另一份。" in page
    assert only().versions.get().body == "学而时习之。\n不亦说乎。"
    again = {**form, "body": "另一份。", "revision": hidden(page, "revision")}
    assert client.post("/works/new/essay/", again).status_code == 302
    assert only().versions.get().body == "另一份。"


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "6a28b61f-afd8-4d66-a763-40029e14fe89", "\x00"])
def test_any_token_makes_one_draft(client, author, token):
    form = {**TEXTS["idea"], "token": token, "action": "draft"}
    assert client.post("/works/new/idea/", form).status_code == 302
    assert only().kind == "idea"


def test_a_token_of_another_kind_is_not_found(client, author):
    form = filled(client, "essay", "draft")
    client.post("/works/new/essay/", form)
    assert client.post("/works/new/idea/", form).status_code == 404


GRACE, AFTER = datetime(2024, 7, 5, 1, tzinfo=UTC), datetime(2024, 7, 11, 1, tzinfo=UTC)


def test_what_cannot_be_stored_is_not_said_to_be_a_draft(client, author):
    work = SubmissionFactory(kind="essay", people=[author], entered_by=author)
    form = {"title": "改", "body": "又写了一段。", "revision": "1", "action": "submit"}
    page = client.post(f"/works/{work.pk}/edit/", form).content.decode()
    assert "保存为草稿" not in page
    assert "刚才填写的没有保存" in page
    assert "又写了一段。" in page


def test_the_slower_of_two_clicks_is_told_the_same(client, author, rf):
    form = filled(client, "essay")
    request = rf.post("/works/new/essay/", form)
    request.user, request._messages = author, CookieStorage(request)
    slower = Filled(request, author, Kind.ESSAY, None, UUID(form["token"]), timezone.now())
    assert client.post("/works/new/essay/", form).status_code == 302
    assert slower.answer().url == f"/works/{only().pk}/"


@pytest.mark.parametrize("more", [{}, {"show_in_showcase": "on"}])
def test_of_two_clicks_at_one_moment_none_is_told_of_a_change_elsewhere(client, author, rf, more):
    """The other click has stored the text that both bring, and has not handed it in yet."""
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    address = f"/works/{only().pk}/edit/"
    form = {**opened(client, address), **TEXTS["essay"], "body": "改好了。", "action": "submit", **more}
    request = rf.post(address, form)
    request.user, request._messages = author, CookieStorage(request)
    slower = Filled(request, author, Kind.ESSAY, only(), UUID(form["token"]), timezone.now())
    client.post(address, {**form, "action": "draft"})
    assert slower.answer().url == f"/works/{only().pk}/"
    assert (only().state, only().versions.get().body) == ("pending", "改好了。")
    assert client.post(address, form).url == f"/works/{only().pk}/"
    assert only().decisions.count() == 1


def test_going_back_and_handing_in_the_same_again_makes_no_second_work(client, author):
    for _ in range(2):
        response = client.post("/works/new/essay/", filled(client, "essay"))
        assert response.url == f"/works/{only().pk}/"
    assert "没有重复上报" in text_of(client.get(response.url).content.decode())
    client.post("/works/new/essay/", filled(client, "essay", body="另一篇。"))
    assert Submission.objects.count() == 2


def test_the_same_text_for_another_colleague_or_another_day_is_another_work(client, office):
    liaison = CadreFactory(roles=[Role.LIAISON], department=office)
    people = [CadreFactory(department=office).employee_number for _ in range(2)]
    client.force_login(liaison)
    for number in people:
        client.post("/works/new/idea/", filled(client, "idea", main_author=number))
    assert Submission.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        client.force_login(liaison)
        client.post("/works/new/idea/", filled(client, "idea", main_author=people[0]))
    assert Submission.objects.count() == 3


def test_what_is_typed_after_the_draft_was_removed_elsewhere_begins_a_new_one(client, author):
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    address = f"/works/{only().pk}/edit/"
    form = {**opened(client, address), **TEXTS["essay"], "body": "后来写的。", "action": "draft"}
    client.post(address.replace("edit", "discard"))
    answer = answered(client, form, address).json()
    assert only().versions.get().body == "后来写的。"
    form |= {"body": "再写一句。", "revision": str(answer["revision"])}
    assert client.post(address, form).url == f"/works/{only().pk}/edit/"
    page = client.get(f"/works/{only().pk}/edit/").content.decode()
    assert "再写一句。" in page
    assert page.count("原来的草稿已在别处删除") == 1
    assert client.get(address).status_code == 404
    assert client.post(address, {"body": "没有表单。"}).status_code == 404


def test_a_work_handed_in_meanwhile_is_not_thrown_away(client, author):
    work = SubmissionFactory(kind="essay", people=[author], entered_by=author)
    assert client.get(f"/works/{work.pk}/discard/").status_code == 404
    assert client.post(f"/works/{work.pk}/discard/").url == f"/works/{work.pk}/"
    assert "作品现在是“待审”，不能修改" in client.get(f"/works/{work.pk}/").content.decode()


def test_a_script_saves_and_learns_where_the_draft_is(client, author):
    form = filled(client, "essay", "draft", body="")
    answer = answered(client, form).json()
    work = only()
    assert re.fullmatch(r"\d\d:\d\d", answer.pop("saved_at"))
    assert "怎样计入" in answer.pop("counting")
    assert answer == {
        "work": work.pk, "revision": 1, "address": f"/works/{work.pk}/edit/", "missing": ["正文"], "errors": {},
    }  # fmt: skip
    form |= {"body": "写好了。", "revision": "1"}
    assert answered(client, form, answer["address"]).json()["revision"] == 2
    stale = answered(client, {**form, "body": "旧页面。"}, answer["address"])
    assert (stale.status_code, stale.json()["conflict"]) == (409, True)
    assert work.versions.get().body == "写好了。"


def test_a_script_learns_what_was_not_saved(client, author):
    answer = answered(client, filled(client, "essay", "draft", title="字" * 201)).json()
    assert list(answer["errors"]) == ["title"]
    assert only().versions.get().book_title == "论语"
