"""The pages of calls for works: drafted and opened, seen by whom they concern, hostile input, a lost session."""

import re
import time
from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from activities.kinds import WorkKind
from activities.models import Call
from activities.states import CallState
from activities.tests.calling import NOW, SINCE, a_draft, an_open_call, opened_call
from activities.tests.factories import ActivityFactory, CallFactory, ThemeFactory
from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db


def typed(**more) -> dict[str, object]:
    said = {"title": "读党章", "kinds": ["essay", "recitation"], "rules": "一、\r\n二、", "since": "2026-03-09"}
    return {**said, "until": "2026-03-31", "labels": ["for_branch"], **more}


@pytest.mark.at(NOW)
def test_the_office_drafts_looks_opens_and_extends(client):
    office, cadre = reader(Role.OFFICE), reader()
    client.force_login(office)
    assert "一、征集内容" in client.get(reverse("call_new")).content.decode()
    page = client.post(reverse("call_new"), typed(), follow=True)
    call = Call.objects.get()
    assert (call.kinds, call.rules) == ("recitation,essay", "一、\n二、")
    assert (call.for_office, call.for_branch) == (False, True)
    assert "修改草稿" in page.content.decode()
    client.post(reverse("call_edit", args=[call.pk]), typed(title="读准则", version=call.version))
    state = reverse("call_state", args=[call.pk])
    asked = client.get(state, {"action": "open"})
    assert "冻结" in asked.content.decode()
    client.post(state, {"action": "open", "version": asked.context["seen"]})
    client.force_login(cadre)
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    call.refresh_from_db()
    assert "规则于 2026 年 3 月 9 日发布时冻结" in page
    shown, _, more = page.partition('<details class="howto small"><summary>校验值')[2].partition("</summary>")
    assert f">{call.rules_sha256[:12]}…<" in shown
    assert call.rules_sha256 not in shown
    assert f">{call.rules_sha256}<" in more.partition("</details>")[0]
    assert page.count(call.rules_sha256) == 1
    assert "还有 22 天" in page
    assert f"/works/new/essay/?call={call.pk}" in page
    client.force_login(office)
    client.post(state, {"action": "extend", "version": call.version, "until": "2026-04-30"})
    call.refresh_from_db()
    assert (call.title, call.until) == ("读准则", date(2026, 4, 30))
    assert client.get(reverse("call_edit", args=[call.pk])).url == reverse("call", args=[call.pk])


@pytest.mark.at(NOW)
def test_the_loser_of_two_edits_is_told_and_keeps_the_text(client):
    client.force_login(office := reader(Role.OFFICE))
    call = a_draft(office)
    url = reverse("call_edit", args=[call.pk])
    assert client.post(url, typed(title="先存的", version=1)).status_code == 302
    late = client.post(url, typed(title="后填的", version=1))
    assert late.status_code == 409
    assert "先存的" in late.content.decode()
    assert 'value="后填的"' in late.content.decode()
    assert client.post(url, typed(title="后填的", version=late.context["seen"])).status_code == 302
    state = reverse("call_state", args=[call.pk])
    assert client.post(state, {"action": "open", "version": "1"}).status_code == 409
    assert Call.objects.get().state == CallState.DRAFT


@pytest.mark.at(NOW)
def test_drafts_are_seen_by_their_office_only_and_calls_by_whom_they_concern(client):
    group = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    office = CadreFactory(roles=[Role.OFFICE], department=group)
    draft, opened = a_draft(office, department=group), an_open_call(office, department=group, title="发布的")
    shown = lambda **asked: [call.pk for call, _ in client.get(reverse("calls"), asked).context["rows"]]  # noqa: E731
    for viewer, found in ((CadreFactory(department=group), [opened.pk]), (office, [opened.pk])):
        client.force_login(viewer)
        assert shown() == found
    assert shown(state="draft") == [draft.pk]
    client.force_login(CadreFactory(department=group))
    assert shown(state="all") == [opened.pk]
    assert client.get(reverse("call", args=[draft.pk])).status_code == 404
    client.force_login(CadreFactory(department=DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)))
    assert shown(state="all") == []
    assert client.get(reverse("call", args=[opened.pk])).status_code == 404
    assert client.get(reverse("call_print", args=[opened.pk])).status_code == 404


@pytest.mark.at(NOW)
def test_the_list_finds_and_filters(client):
    office = reader(Role.OFFICE)
    client.force_login(office)
    essay, idea = an_open_call(office), an_open_call(office, title="金点子", kinds=(WorkKind.IDEA,))
    shown = lambda **asked: {call.pk for call, _ in client.get(reverse("calls"), asked).context["rows"]}  # noqa: E731
    assert shown() == {essay.pk, idea.pk}
    assert shown(kind="idea") == shown(q="金点") == shown(q=idea.reference) == {idea.pk}
    assert shown(state="closed") == set()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_told_or_kept(text, client):
    client.force_login(office := reader(Role.OFFICE))
    draft, opened = a_draft(office), an_open_call(office, title="发布的")
    fields = ("title", "kinds", "rules", "since", "until", "theme", "activity", "department", "labels", "version",
              "action", "reason")  # fmt: skip
    sent = dict.fromkeys(fields, text)
    assert client.post(reverse("call_new"), sent).status_code == 200
    assert client.post(reverse("call_edit", args=[draft.pk]), sent).status_code == 200
    state = reverse("call_state", args=[opened.pk])
    assert client.post(state, sent).status_code == 302
    assert client.post(state, {**sent, "action": "extend"}).status_code < 500
    assert client.get(state, {"action": text}).status_code == 302
    asked = dict.fromkeys(("state", "kind", "q", "page", "department", "theme", "activity"), text)
    for name in ("calls", "call_new"):
        assert client.get(reverse(name), asked).status_code == 200
    assert client.get(reverse("call", args=[opened.pk]), asked).status_code == 200
    assert Call.objects.count() == 2


def test_hostile_words_are_kept_as_they_were_typed(client):
    client.force_login(reader(Role.OFFICE))
    client.post(reverse("call_new"), typed(title="=cmd 📚", rules="<b>规则</b>\x00\u202e倒"))
    call = Call.objects.get()
    assert (call.title, call.rules) == ("=cmd 📚", "<b>规则</b> 倒")
    assert "&lt;b&gt;规则" in client.get(reverse("call", args=[call.pk])).content.decode()


def test_as_many_queries_for_thirty_as_for_one(client):
    client.force_login(reader(Role.OFFICE))
    theme, activity, counts = ThemeFactory(), ActivityFactory(), []
    for number in (1, 29):
        for _ in range(number):
            opened_call(theme=theme, activity=activity)
        counts.append(queries(client, reverse("calls")))
    assert counts[0] == counts[1] <= 10


def test_an_activity_shows_its_calls_with_one_query(django_assert_max_num_queries):
    activity = ActivityFactory()
    CallFactory(title="草稿", activity=activity)
    opened_call(title="发布的", activity=activity)
    request = RequestFactory().get("/")
    request.user = reader()
    assert request.user.roles
    template = engines["django"].from_string("{% load calls %}{% calls_part activity %}")
    with django_assert_max_num_queries(1):
        shown = template.render({"activity": activity}, request)
    assert ("发布的" in shown, "草稿" in shown, "起草征集令" in shown) == (True, False, False)
    assert template.render({"activity": ActivityFactory()}, request).strip() == ""


@pytest.mark.at(NOW)
def test_what_was_typed_outlives_the_session(client):
    office = reader(Role.OFFICE)
    office.password = make_password("Lanting-3-yue")
    office.save(update_fields=["password"])
    draft, theme = a_draft(office), ThemeFactory()
    before = (draft.title, theme.title)
    books = {"books-TOTAL_FORMS": "1", "books-INITIAL_FORMS": "0", "books-0-title": "没有存上的书"}
    pages = [reverse("call_new"), reverse("call_edit", args=[draft.pk]), reverse("theme_new")]
    for page in [*pages, reverse("theme_edit", args=[theme.pk])]:
        client.force_login(office)
        opened = client.get(page).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(writer|version)" value="([^"]*)"', opened))
        session = client.session
        session["seen_at"] = int(time.time()) - 31 * 60
        session.save()
        response = client.post(page, {**typed(title="没有存上的"), **books, **hidden})
        assert response.url.startswith(reverse("login")), page
        client.post(response.url, {"username": office.employee_number, "password": "Lanting-3-yue"})
        again = client.get(page).content.decode()
        assert 'value="没有存上的"' in again, page
        assert ("theme" in page) == ('value="没有存上的书"' in again), page
        assert "version" not in hidden or f'name="version" value="{hidden["version"]}"' in again, page
        assert 'value="没有存上的"' not in client.get(page).content.decode()
    draft.refresh_from_db()
    theme.refresh_from_db()
    assert (draft.title, theme.title) == before


def test_since_and_until_stand_in_their_order(client):
    client.force_login(reader(Role.OFFICE))
    page = client.post(reverse("call_new"), typed(until=str(SINCE - timedelta(days=1)))).content.decode()
    assert "截止日期不能早于开始日期" in page
    assert client.post(reverse("call_new"), typed(until=str(SINCE))).status_code == 302
