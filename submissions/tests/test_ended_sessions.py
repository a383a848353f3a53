"""What was typed while the session ended, or the password fell due, waits for the same person on the same page."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from organization.models import Cadre
from organization.tests.factories import CadreFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import PASSWORD, answered, author, filled, hidden, office

__all__ = ["author", "office"]
pytestmark = pytest.mark.django_db
NEXT = "Lanting-4-yue"


def expired(client, form, path="/works/new/essay/"):
    session = client.session
    session["seen_at"] = int(time.time()) - 31 * 60
    session.save()
    return client.post(path, form, headers={"referer": f"http://testserver{path}"})


def test_what_was_typed_outlives_the_session(client, author):
    form = filled(client, "essay", body="没有保存的话。")
    response = expired(client, form)
    assert response.url == "/login/?next=%2Fworks%2Fnew%2Fessay%2F"
    assert "您填写的文字已经留存" in client.get(response.url).content.decode()
    assert Submission.objects.count() == 0
    client.post(response.url, {"username": author.employee_number, "password": PASSWORD})
    page = client.get("/works/new/essay/").content.decode()
    assert "没有保存的话。" in page
    assert "您填写的文字已经恢复" in page
    assert "data-restored" in page
    assert hidden(page, "token") == form["token"]
    assert "没有保存的话。" not in client.get("/works/new/essay/").content.decode()


def test_each_page_that_was_open_gets_its_own_text_back(client, author):
    forms = {kind: filled(client, kind, "draft", body=f"没有保存的{kind}。") for kind in ("essay", "idea", "creation")}
    for kind, form in forms.items():
        response = expired(client, form, f"/works/new/{kind}/")
    client.post(response.url, {"username": author.employee_number, "password": PASSWORD})
    for kind in forms:
        assert f"没有保存的{kind}。" in client.get(f"/works/new/{kind}/").content.decode()


def test_of_several_long_texts_the_last_is_kept(client, author):
    forms = {kind: filled(client, kind, "draft", body=kind * 12_000) for kind in ("essay", "idea")}
    for kind, form in forms.items():
        response = expired(client, form, f"/works/new/{kind}/")
    client.post(response.url, {"username": author.employee_number, "password": PASSWORD})
    assert "essayessay" not in client.get("/works/new/essay/").content.decode()
    assert "ideaidea" in client.get("/works/new/idea/").content.decode()


def test_somebody_else_at_the_same_machine_does_not_get_it(client, author, office):
    form = filled(client, "essay", body="没有保存的话。")
    response = expired(client, form)
    other = CadreFactory(department=office, password=make_password(PASSWORD))
    client.post(response.url, {"username": other.employee_number, "password": PASSWORD})
    assert "没有保存的话。" not in client.get("/works/new/essay/").content.decode()


def test_a_text_too_large_to_keep_is_said_to_be_lost(client, author):
    response = expired(client, filled(client, "essay", body="字" * 100_001))
    assert "刚才提交的内容没有保存" in client.get(response.url).content.decode()


def test_where_the_session_is_gone_altogether_the_form_itself_says_whose_it_is(client, author, office):
    """A browser that has lost its cookie, or a session that was cleared away."""
    other = CadreFactory(department=office, password=make_password(PASSWORD))
    for reader, is_there in ((other, False), (author, True)):
        client.force_login(author)
        form = filled(client, "essay", "draft", body="没有保存的话。")
        client.cookies.clear()
        response = client.post("/works/new/essay/", form, headers={"referer": "http://testserver/works/new/essay/"})
        client.post(response.url, {"username": reader.employee_number, "password": PASSWORD})
        assert ("没有保存的话。" in client.get("/works/new/essay/").content.decode()) == is_there


@pytest.mark.parametrize("writer", ["", "7", "eyJ4Ijox:1:x", "\x00", "字" * 9])
def test_who_never_had_a_form_stores_nothing(client, office, writer):
    form = {"title": "随便", "body": "字" * 20_000, "writer": writer}
    response = client.post("/works/new/essay/", form)
    assert "刚才提交的内容没有保存" in client.get(response.url).content.decode()
    assert "kept_forms" not in client.session


def test_a_form_of_last_week_stores_nothing(client, author):
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        client.force_login(author)
        form = filled(client, "essay", "draft", body="没有保存的话。")
    client.cookies.clear()
    response = client.post("/works/new/essay/", form)
    assert "刚才提交的内容没有保存" in client.get(response.url).content.decode()


def falls_due(author) -> None:
    Cadre.objects.filter(pk=author.pk).update(password_changed_at=timezone.now() - timedelta(days=400))


def changed(client, gate="/password/"):
    return client.post(gate, {"old_password": PASSWORD, "new_password1": NEXT, "new_password2": NEXT})


def test_what_was_typed_outlives_a_password_that_falls_due(client, author):
    form = filled(client, "essay", body="没有保存的话。")
    falls_due(author)
    assert client.post("/works/new/essay/", form).url == "/password/?next=%2Fworks%2Fnew%2Fessay%2F"
    assert "您填写的文字已经留存。请先修改密码" in client.get("/password/").content.decode()
    assert Submission.objects.count() == 0
    assert changed(client).url == "/"
    page = client.get("/works/new/essay/").content.decode()
    assert ("没有保存的话。" in page, "您填写的文字已经恢复" in page) == (True, True)
    assert hidden(page, "token") == form["token"]


def test_the_new_password_leads_to_the_form_whose_text_waits(client, author):
    form, page = filled(client, "essay", body="没有保存的话。"), "/works/new/essay/?call=7"
    falls_due(author)
    gate = client.post("/works/new/essay/", form, headers={"referer": f"http://testserver{page}"}).url
    assert changed(client, gate).url == page
    client.cookies.clear()
    log_in = client.post("/works/new/essay/", form, headers={"referer": f"http://testserver{page}"}).url
    falls_due(author)
    gate = client.post(log_in, {"username": author.employee_number, "password": NEXT}, follow=True).redirect_chain[-1][
        0
    ]
    form = {"old_password": NEXT, "new_password1": f"{NEXT}!", "new_password2": f"{NEXT}!"}
    assert client.post(gate, form).url == page
    assert "没有保存的话。" in client.get(page).content.decode()


def test_without_a_word_on_the_page_before_the_way_back_leads_to_the_text(client, author):
    form = filled(client, "essay", body="没有保存的话。")
    client.cookies.clear()
    log_in = client.post("/works/new/essay/", form).url
    assert client.post(log_in, {"username": author.employee_number, "password": PASSWORD}).url == "/works/new/essay/"
    client.cookies.clear()
    assert client.post("/works/new/essay/", {"title": "随便"}).url == "/login/?next=%2F"


def test_a_form_that_keeps_nothing_says_so_where_the_password_falls_due(client, author):
    work = SubmissionFactory(people=[author])
    falls_due(author)
    client.get(f"/works/{work.pk}/withdraw/")
    assert "刚才提交的内容" not in client.get("/password/").content.decode()
    client.post(f"/works/{work.pk}/withdraw/", {"reason": "重写。"})
    assert "刚才提交的内容没有保存。请先修改密码" in client.get("/password/").content.decode()


def test_a_script_that_saves_is_led_away_as_from_an_ended_session_and_its_text_waits(client, author):
    form = filled(client, "essay", "draft", body="自动保存的话。")
    falls_due(author)
    response = answered(client, form)
    assert (response.status_code, response.url) == (302, "/password/?next=%2Fworks%2Fnew%2Fessay%2F")
    changed(client)
    assert "自动保存的话。" in client.get("/works/new/essay/").content.decode()
