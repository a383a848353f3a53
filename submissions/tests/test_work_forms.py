"""The five forms without scripts: what they show, take, refuse and hand in."""

from datetime import UTC, datetime

import pytest
import time_machine

from organization.models import AccessAction, AccessEvent
from organization.tests.factories import CadreFactory
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Kind
from submissions.models import Decision, Submission, Version
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import TEXTS, answered, author, filled, hidden, office, only, opened

__all__ = ["author", "office"]
pytestmark = pytest.mark.django_db
KINDS = list(Kind.values)
GRACE, AFTER = datetime(2024, 7, 5, 1, tzinfo=UTC), datetime(2024, 7, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_the_empty_form_is_a_sound_page_with_every_field_and_limit(client, author, kind):
    page = client.get(f"/works/new/{kind}/").content.decode()
    assert Page(page).faults() == []
    for name in TEXTS[kind]:
        assert f'name="{name}"' in page
    assert "最多 20,000 字" in page
    assert 'name="action" value="draft"' in page
    assert 'name="action" value="submit"' in page
    assert "for_quarter" not in page or datetime.now(tz=UTC).day < 11


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_stored_and_shown_again(client, author, kind):
    response = client.post(f"/works/new/{kind}/", filled(client, kind, "draft", show_in_showcase="on"))
    work = only()
    assert (response.status_code, response.url) == (302, f"/works/{work.pk}/edit/")
    assert (work.state, work.kind, work.show_in_showcase, work.show_outside) == (State.DRAFT, kind, True, False)
    page = client.get(response.url).content.decode()
    assert Page(page).faults() == []
    for text in TEXTS[kind].values():
        assert text.replace("\r\n", "\n").replace("978-7-101-00000-9", "9787101000009") in page
    assert client.get(f"/works/{work.pk}/").status_code == 200


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "recitation"])
def test_each_kind_is_handed_in(client, author, kind):
    response = client.post(f"/works/new/{kind}/", filled(client, kind), follow=True)
    work = only()
    assert (work.state, work.contributors.get().cadre) == (State.PENDING, author)
    assert "已上报，编号 WB" in text_of(response.content.decode())
    if kind == "essay":
        assert work.versions.get().body == "学而时习之。\n不亦说乎。"


def test_the_access_event_of_a_hand_in_names_the_work_by_its_new_number(client, author):
    client.post("/works/new/essay/", filled(client, "essay"))
    event = AccessEvent.objects.get(action=AccessAction.DECISION, detail__contains="上报")
    assert (event.about, event.about.startswith("WB")) == (str(only()), True)


def test_what_is_missing_is_named_at_its_field_and_all_is_kept(client, author):
    response = client.post("/works/new/recitation/", filled(client, "recitation"))
    page = response.content.decode()
    assert response.status_code == 200
    assert Page(page).faults() == []
    assert "上传录音文件 ：请在本页录音，或上传录音文件。" in text_of(page)
    assert "其他内容已经保存为草稿。" in page
    assert only().state == State.DRAFT
    assert only().versions.get().body == "壬戌之秋，七月既望。"
    assert hidden(page, "revision") == str(only().revision)


def test_too_long_a_text_is_told_and_kept_and_the_rest_is_stored(client, author):
    long = "字" * 20_001
    response = client.post("/works/new/essay/", filled(client, "essay", body=long))
    page = response.content.decode()
    assert "正文最多 20,000 字，现在有 20001 字" in page
    assert long in page
    assert (only().title, only().versions.get().body) == ("读《论语》", "")


@pytest.mark.parametrize("isbn", ["9787101000000", "123", "978710100000X", "not a number"])
def test_an_isbn_that_cannot_be_one_stays_a_draft(client, author, isbn):
    response = client.post("/works/new/recommendation/", filled(client, "recommendation", isbn=isbn))
    assert "号码不对" in response.content.decode()
    assert only().state == State.DRAFT


HOSTILE = "<script>alert(1)</script>\x00\x07‮" + "a" * 150


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words(client, author, kind):
    form = {**opened(client, f"/works/new/{kind}/"), **dict.fromkeys(TEXTS[kind], HOSTILE), "action": "submit"}
    form |= {"for_quarter": HOSTILE, "members": HOSTILE, "department": HOSTILE, "party_group": "9" * 30,
             "source_work": HOSTILE, "main_author": HOSTILE, "revision": HOSTILE, "show_outside": HOSTILE}  # fmt: skip
    response = client.post(f"/works/new/{kind}/", form)
    assert response.status_code == 200
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "\x00" not in page
    assert Page(page).faults() == []


@pytest.mark.parametrize("kind", ["poem", "x", "%00", "RECITATION"])
def test_an_unknown_kind_is_not_found(client, author, kind):
    assert client.get(f"/works/new/{kind}/").status_code == 404


def test_the_quarter_is_offered_in_the_grace_days_only(client, office):
    author = CadreFactory(department=office)
    with time_machine.travel(GRACE, tick=False):
        client.force_login(author)
        page = client.get("/works/new/essay/").content.decode()
        assert '<option value="2024Q2">2024 年第二季度（补报，7 月 10 日前）</option>' in page
        client.post("/works/new/essay/", filled(client, "essay", for_quarter="2024Q2"))
        assert (only().quarter, only().is_late) == ("2024Q2", True)
    with time_machine.travel(AFTER, tick=False):
        client.force_login(author)
        assert "for_quarter" not in client.get("/works/new/essay/").content.decode()
        response = client.post("/works/new/essay/", filled(client, "essay", for_quarter="2024Q2"))
        assert "已过宽限期" in response.content.decode()
        assert Submission.objects.filter(state=State.PENDING).count() == 1


def test_the_form_says_which_quota_it_fills(client, author):
    with time_machine.travel(AFTER, tick=False):
        client.force_login(author)
        text = text_of(client.get("/works/new/essay/").content.decode())
        assert "考核期 2024 年第三季度" in text
        assert "本季应报 1 件，另外已报 0 件，这件正好计入" in text
        assert "基础分 1.00" in text
        client.post("/works/new/essay/", filled(client, "essay"))
        text = text_of(client.get("/works/new/essay/").content.decode())
        assert "另外已报 1 件，这件为多报" in text
        assert "不占应报任务" in text_of(client.get("/works/new/creation/").content.decode())


@pytest.mark.parametrize("kind", list(Kind.values))
def test_an_empty_form_stores_nothing_and_says_what_is_missing(client, author, kind):
    address = f"/works/new/{kind}/"
    form = {**opened(client, address), "show_in_showcase": "on"}
    for action, said in (("submit", "需要改正"), ("draft", "还没有填写内容，没有保存。")):
        text = text_of(client.post(address, {**form, "action": action}).content.decode())
        assert (said in text, "请填写" in text, "已经保存" in text) == (True, action == "submit", False)
    answer = answered(client, {**form, "action": "draft"}, address).json()
    assert (answer["work"], Submission.objects.count()) == (None, 0)


def test_a_returned_work_is_mended_beside_the_old(client, author):
    work = SubmissionFactory(kind="essay", people=[author], entered_by=author, state=State.RETURNED)
    Version.objects.filter(submission=work).update(title=work.title, body="第一稿。")
    Decision.objects.create(submission=work, action="return", to_state="returned", reason="请补末段。")
    page = client.get(f"/works/{work.pk}/edit/").content.decode()
    assert "请补末段。" in page
    assert "第一稿。" in page
    form = {**opened(client, f"/works/{work.pk}/edit/"), "title": work.title, "body": "第二稿。", "action": "submit"}
    assert client.post(f"/works/{work.pk}/edit/", form).url == f"/works/{work.pk}/"
    work.refresh_from_db()
    assert (work.state, work.versions.count(), str(work.credit_date)) == (State.PENDING, 2, "2024-02-01")
    assert "第一稿。" in client.get(f"/works/{work.pk}/?version=1").content.decode()


def test_what_was_handed_in_is_not_edited(client, author):
    work = SubmissionFactory(people=[author])
    assert client.get(f"/works/{work.pk}/edit/").url == f"/works/{work.pk}/"
    form = {"title": "改", "body": "改", "revision": "1", "action": "draft"}
    response = client.post(f"/works/{work.pk}/edit/", form)
    assert response.status_code == 409
    assert "不能修改" in response.content.decode()
    assert work.versions.get().title != "改"


def test_signs_that_turn_or_hide_words_stay_out_of_titles(client, author):
    client.post("/works/new/essay/", filled(client, "essay", "draft", title="读\u202e《论\u200b语》\u2069😀"))
    assert only().title == "读《论语》😀"


def test_a_draft_is_thrown_away_after_a_question(client, author):
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    address = f"/works/{only().pk}/discard/"
    assert "不能恢复" in client.get(address).content.decode()
    assert client.post(address).url == "/works/new/"
    assert Submission.objects.count() == 0


def test_the_choice_shows_what_was_begun(client, author):
    assert "没有草稿" in client.get("/works/new/").content.decode()
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    SubmissionFactory(people=[author], state=State.RETURNED, title="退回的")
    text = text_of(client.get("/works/new/").content.decode())
    assert "读《论语》" in text
    assert "退回的" in text


def test_queries_of_the_form_do_not_grow(client, author, office):
    for _ in range(30):
        CadreFactory(department=office)
    assert queries(client, "/works/new/recitation/") <= 20
    for _ in range(40):
        SubmissionFactory(people=[author], state=State.RETURNED)
    assert queries(client, "/works/new/") <= 12
