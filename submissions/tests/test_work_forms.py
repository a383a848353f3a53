"""The five forms without scripts: drafts, errors, handing in, what survives."""

import re
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client
from django.utils import timezone

from organization.models import PartyGroup, PartyMembership
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Kind
from submissions.models import Decision, Submission, Version
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import TEXTS, filled, hidden, opened
from submissions.views.drafts import Filled

pytestmark = pytest.mark.django_db
KINDS = list(Kind.values)


@pytest.fixture
def office():
    return DepartmentFactory(parent=bureau(), name="法规审理科")


@pytest.fixture
def author(client, office):
    found = CadreFactory(name="秦越", department=office)
    client.force_login(found)
    return found


def only() -> Submission:
    return Submission.objects.get()


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


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "6a28b61f-afd8-4d66-a763-40029e14fe89", "\x00"])
def test_any_token_makes_one_draft(client, author, token):
    form = {**TEXTS["idea"], "token": token, "action": "draft"}
    assert client.post("/works/new/idea/", form).status_code == 302
    assert only().kind == "idea"


@pytest.mark.parametrize("kind", ["poem", "x", "%00", "RECITATION"])
def test_an_unknown_kind_is_not_found(client, author, kind):
    assert client.get(f"/works/new/{kind}/").status_code == 404


def test_a_token_of_another_kind_is_not_found(client, author):
    form = filled(client, "essay", "draft")
    client.post("/works/new/essay/", form)
    assert client.post("/works/new/idea/", form).status_code == 404


GRACE, AFTER = datetime(2024, 7, 5, 1, tzinfo=UTC), datetime(2024, 7, 11, 1, tzinfo=UTC)


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


def expired(client, form, path="/works/new/essay/"):
    session = client.session
    session["seen_at"] = int(time.time()) - 31 * 60
    session.save()
    return client.post(path, form, headers={"referer": f"http://testserver{path}"})


def test_what_was_typed_outlives_the_session(client, author):
    author.set_password("Lanting-3-yue")
    author.save()
    client.force_login(author)
    form = filled(client, "essay", body="没有保存的话。")
    response = expired(client, form)
    assert response.url == "/login/?next=%2Fworks%2Fnew%2Fessay%2F"
    assert "您填写的文字已经留存" in client.get(response.url).content.decode()
    assert Submission.objects.count() == 0
    client.post(response.url, {"username": author.employee_number, "password": "Lanting-3-yue"})
    page = client.get("/works/new/essay/").content.decode()
    assert "没有保存的话。" in page
    assert "您填写的文字已经恢复" in page
    assert "data-restored" in page
    assert hidden(page, "token") == form["token"]
    assert "没有保存的话。" not in client.get("/works/new/essay/").content.decode()


def test_each_page_that_was_open_gets_its_own_text_back(client, author):
    author.set_password("Lanting-3-yue")
    author.save()
    client.force_login(author)
    forms = {kind: filled(client, kind, "draft", body=f"没有保存的{kind}。") for kind in ("essay", "idea", "creation")}
    for kind, form in forms.items():
        response = expired(client, form, f"/works/new/{kind}/")
    client.post(response.url, {"username": author.employee_number, "password": "Lanting-3-yue"})
    for kind in forms:
        assert f"没有保存的{kind}。" in client.get(f"/works/new/{kind}/").content.decode()


def test_of_several_long_texts_the_last_is_kept(client, author):
    author.set_password("Lanting-3-yue")
    author.save()
    client.force_login(author)
    forms = {kind: filled(client, kind, "draft", body=kind * 12_000) for kind in ("essay", "idea")}
    for kind, form in forms.items():
        response = expired(client, form, f"/works/new/{kind}/")
    client.post(response.url, {"username": author.employee_number, "password": "Lanting-3-yue"})
    assert "essayessay" not in client.get("/works/new/essay/").content.decode()
    assert "ideaidea" in client.get("/works/new/idea/").content.decode()


def test_somebody_else_at_the_same_machine_does_not_get_it(client, author, office):
    form = filled(client, "essay", body="没有保存的话。")
    response = expired(client, form)
    other = CadreFactory(department=office)
    other.set_password("Lanting-3-yue")
    other.save()
    client.post(response.url, {"username": other.employee_number, "password": "Lanting-3-yue"})
    assert "没有保存的话。" not in client.get("/works/new/essay/").content.decode()


def test_a_text_too_large_to_keep_is_said_to_be_lost(client, author):
    response = expired(client, filled(client, "essay", body="字" * 100_001))
    assert "刚才提交的内容没有保存" in client.get(response.url).content.decode()


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


def test_signs_that_turn_or_hide_words_stay_out_of_titles(client, author):
    client.post("/works/new/essay/", filled(client, "essay", "draft", title="读\u202e《论\u200b语》\u2069😀"))
    assert only().title == "读《论语》😀"


def test_a_stranger_finds_no_draft(client, author, office):
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    work = only()
    addresses = [f"/works/{work.pk}/{page}" for page in ("", "edit/", "discard/")]
    for role in Role:
        other = Client()
        other.force_login(CadreFactory(roles=[role], department=office))
        assert [other.get(each).status_code for each in addresses] == [404] * 3
        assert [other.post(each).status_code for each in addresses[1:]] == [404] * 2


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_the_forms_and_nobody_else(client, office, role):
    addresses = ["/works/new/", *(f"/works/new/{kind}/" for kind in KINDS)]
    assert [client.get(each).url for each in addresses] == [f"/login/?next={each}" for each in addresses]
    client.force_login(CadreFactory(roles=[role], department=office))
    assert [client.get(each).status_code for each in addresses] == [200] * 6


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


def answered(client, form, path="/works/new/essay/"):
    return client.post(path, form, headers={"accept": "application/json"})


def test_a_script_saves_and_learns_where_the_draft_is(client, author):
    form = filled(client, "essay", "draft", body="")
    answer = answered(client, form).json()
    work = only()
    assert re.fullmatch(r"\d\d:\d\d", answer.pop("saved_at"))
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


def collective(client, author, office, **more):
    others = [CadreFactory(name=name, department=office) for name in ("许望舒", "温可嘉")]
    return filled(client, "recitation", "draft", department=office.pk, **more), others


def test_members_by_name_number_and_tick(client, author, office):
    form, (one, two) = collective(client, author, office)
    third = CadreFactory(name="丁叔砚", department=DepartmentFactory(parent=bureau()))
    form["members"] = [one.employee_number, f"温可嘉、{third.employee_number.lower()} 秦越"]
    assert client.post("/works/new/recitation/", form).status_code == 302
    work = only()
    assert [each.cadre for each in work.contributors.all()] == [author, one, two, third]
    assert work.owner_department == office
    page = client.get(f"/works/{work.pk}/edit/").content.decode()
    assert f'value="{one.employee_number}" checked' in page
    assert third.employee_number in page


@pytest.mark.parametrize(("typed", "told"), [("张三丰", "没有找到在职的“张三丰”"), ("许望舒", "有 2 人，请改填工号")])
def test_a_name_that_is_nobodys_or_several_peoples_is_told(client, author, office, typed, told):
    form, _ = collective(client, author, office)
    CadreFactory(name="许望舒", department=office)
    response = client.post("/works/new/recitation/", {**form, "members": typed})
    assert told in response.content.decode()
    assert Page(response.content.decode()).faults() == []
    assert only().contributors.count() == 1
    assert typed in response.content.decode()


def test_one_owner_only(client, author, office):
    group = PartyGroup.objects.create(name="第一党小组")
    PartyMembership.objects.create(cadre=author, party_group=group, since="2020-01-01")
    form, (one, _) = collective(client, author, office)
    response = client.post("/works/new/recitation/", {**form, "party_group": group.pk, "members": one.employee_number})
    assert "请只选一个" in response.content.decode()
    work = only()
    assert (work.owner_department, work.owner_party_group) == (office, None)


def test_a_liaison_hands_in_for_a_colleague(client, office):
    liaison = CadreFactory(name="许望舒", roles=[Role.LIAISON], department=office)
    colleague = CadreFactory(name="秦越", department=office)
    client.force_login(liaison)
    client.post("/works/new/essay/", filled(client, "essay", main_author=colleague.employee_number))
    work = only()
    assert (work.entered_by, work.contributors.get().cadre) == (liaison, colleague)
    assert "许望舒代为确认：代为上报" in text_of(client.get(f"/works/{work.pk}/").content.decode())
    assert "读《论语》" in text_of(client.get("/works/new/").content.decode())


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIAISON, Role.OFFICE])
def test_nobody_hands_in_for_other_departments(client, office, role):
    stranger = CadreFactory(name="丁叔砚", department=DepartmentFactory(parent=bureau()))
    viewer = CadreFactory(roles=[role], department=office)
    CadreFactory(department=office)
    client.force_login(viewer)
    client.post("/works/new/essay/", filled(client, "essay", "draft", main_author=stranger.employee_number))
    assert only().contributors.get().cadre == viewer


def test_an_idea_names_an_own_work_only(client, author, office):
    own, foreign = SubmissionFactory(people=[author]), SubmissionFactory(people=[CadreFactory(department=office)])
    form = filled(client, "idea", "draft", source_work=own.pk)
    client.post("/works/new/idea/", form)
    draft = Submission.objects.get(state=State.DRAFT)
    assert draft.versions.get().source_work == own
    answer = answered(client, filled(client, "idea", "draft", source_work=foreign.pk), "/works/new/idea/").json()
    assert list(answer["errors"]) == ["source_work"]


def test_queries_of_the_form_do_not_grow(client, author, office, django_assert_max_num_queries):
    for _ in range(30):
        CadreFactory(department=office)
    with django_assert_max_num_queries(20):
        client.get("/works/new/recitation/")
    for _ in range(40):
        SubmissionFactory(people=[author], state=State.RETURNED)
    with django_assert_max_num_queries(12):
        client.get("/works/new/")
