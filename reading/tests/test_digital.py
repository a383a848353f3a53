"""The pages of digital resources, as readers and librarians use them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organization.models import LooseFile
from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import DigitalResource, SubjectArea
from reading.services.digital import Details, LinkOrFile, StaleResource, add_resource, change_resource
from reading.tests.digital_pages import FORM, edited, names, only, today, uploaded
from reading.tests.digital_samples import PDF
from reading.tests.factories import DigitalResourceFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian
from shuxiang.links import BadLink
from shuxiang.tests.addresses import read_out
from shuxiang.tests.queries import queries
from shuxiang.uploads import Refused

__all__ = ["librarian"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]


def test_readers_find_what_is_offered_by_kind_area_and_words(client):
    area = SubjectArea.objects.get(name="文学经典")
    columns = {"description": "历代诗文"}
    client.force_login(reader(Role.LIBRARIAN))
    client.post("/digital/new/", {**FORM, "title": "古诗文网", "area": area.pk, **columns})
    client.post("/digital/new/", {**FORM, "title": "审计讲座", "kind": "audiobook", "author": "秦越"})
    client.force_login(reader(Role.CADRE))
    assert names(client) == ["古诗文网", "审计讲座"]
    assert names(client, "?kind=audiobook") == ["审计讲座"]
    assert names(client, f"?area={area.pk}") == ["古诗文网"]
    for word in ("古诗", "gushiwen", "gsww", "历代", "qinyue"):
        assert len(names(client, f"?q={word}")) == 1, word
    assert names(client, "?q=没有") == []
    assert names(client, "?kind=x&area=999999&care=dead") == ["古诗文网", "审计讲座"]


def test_what_has_ended_or_is_closed_only_librarians_see(client):
    yesterday = today() - timedelta(days=1)
    ended = DigitalResourceFactory(title="到期", licence_until=yesterday)
    closed = DigitalResourceFactory(title="停用", is_closed=True)
    DigitalResourceFactory(title="今天到期", licence_until=today())
    client.force_login(reader(Role.CADRE))
    assert names(client) == ["今天到期"]
    for resource in (ended, closed):
        for page in ("", "open/"):
            assert client.get(f"/digital/{resource.pk}/{page}").status_code == 404
    assert "快到期" in client.get("/digital/").content.decode()
    client.force_login(reader(Role.LIBRARIAN))
    assert sorted(names(client)) == ["今天到期", "停用", "到期"]
    assert [names(client, f"?care={care}") for care in ("ending", "ended", "closed")] == [
        ["今天到期"],
        ["到期"],
        ["停用"],
    ]
    page = client.get("/digital/").content.decode()
    assert "授权已到期" in page
    assert "已停用" in page


def test_the_way_out_stands_in_no_page(client):
    resource = DigitalResourceFactory(link="https://out.example/a?b=1")
    client.force_login(reader(Role.CADRE))
    page = client.get("/digital/").content.decode()
    assert "out.example" not in page
    assert f'href="/digital/{resource.pk}/open/" target="_blank" rel="noopener noreferrer"' in page
    assert client.get(f"/digital/{resource.pk}/open/").url == "https://out.example/a?b=1"
    assert 'href="https://out' not in client.get(f"/digital/{resource.pk}/").content.decode()


def test_an_empty_list_says_what_to_do(client, librarian):
    assert "登记</a>" in client.get("/digital/").content.decode()
    client.force_login(reader(Role.CADRE))
    assert "告诉图书管理员" in client.get("/digital/").content.decode()
    assert "看全部" in client.get("/digital/?q=x").content.decode()


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIBRARIAN])
def test_the_list_asks_no_more_of_many_than_of_one(client, role):
    client.force_login(reader(role))
    counts = []
    for number in (1, 29):
        for _ in range(number):
            DigitalResourceFactory(area=SubjectArea.objects.first())
        counts.append(queries(client, "/digital/?page=1"))
    assert counts[0] == counts[1] <= 10


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(client, librarian):
    resource = DigitalResourceFactory()
    first, second = (edited(client, resource, title=title) for title in ("先存", "后存"))
    assert client.post(f"/digital/{resource.pk}/edit/", first).status_code == 302
    late = client.post(f"/digital/{resource.pk}/edit/", second)
    page = late.content.decode()
    assert (late.status_code, only().title) == (409, "先存")
    assert "刚被别人修改过" in page
    assert 'value="后存"' in page
    again = {**second, "seen": late.context["seen"]}
    assert client.post(f"/digital/{resource.pk}/edit/", again).status_code == 302
    assert only().title == "后存"


def test_a_link_check_meanwhile_throws_nobody_back(client, librarian):
    resource = DigitalResourceFactory()
    form = edited(client, resource)
    DigitalResource.objects.filter(pk=resource.pk).update(link_checked_at=timezone.now(), link_state="dead")
    assert client.post(f"/digital/{resource.pk}/edit/", form).status_code == 302
    assert (only().link_state, only().link_checked_at) == ("unchecked", None)


@pytest.mark.parametrize("seen", ["", "x", "2024-01-01", "9999-99-99", "2024-01-01T00:00:00+08:00"])
def test_a_form_without_a_sensible_stamp_is_stale(client, librarian, seen):
    resource = DigitalResourceFactory()
    assert client.post(f"/digital/{resource.pk}/edit/", {**FORM, "seen": seen}).status_code == 409


FIELDS = ["title", "kind", "area", "author", "description", "link", "format", "login_hint", "licence_until"]
ODD = [*HOSTILE, "a\x00b", "\ud7ff"]


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:8]))
@pytest.mark.parametrize("field", FIELDS)
def test_hostile_words_are_stored_clean_or_refused_at_their_field(client, librarian, field, text):
    response = client.post("/digital/new/", {**FORM, "author": "原作者", "login_hint": "问办公室", field: text})
    assert response.status_code in (200, 302)
    if response.status_code == 200:
        page = response.content.decode()
        assert "<script>alert" not in page
        assert set(response.context["form"].errors) == {field}
        kept = {"title": "国家图书馆", "author": "原作者", "login_hint": "问办公室"}
        assert all(f'value="{word}"' in page for name, word in kept.items() if name != field)
    else:
        page = client.get(response.url).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_javascript_is_no_address(client, librarian):
    for link in ("javascript:alert(1)", "data:text/html,x", "//x", "http://[::1", "https://u:p@x.example/"):
        response = client.post("/digital/new/", {**FORM, "link": link})
        assert list(response.context["form"].errors) == ["link"], link
    assert not DigitalResource.objects.exists()


def test_the_services_ask_for_authority_and_for_a_link_or_a_file():
    cadre, office, now = reader(Role.CADRE), reader(Role.OFFICE), timezone.now()
    details = Details(title="网", kind="platform", link="https://a.example/")
    with pytest.raises(NotAllowed):
        add_resource(details=details, upload=None, by=cadre, now=now)
    made = add_resource(details=details, upload=None, by=office, now=now)
    seen = made.changed_at
    with pytest.raises(NotAllowed):
        change_resource(resource=made, seen=seen, details=details, upload=None, by=cadre, now=now)
    change = {"resource": made, "details": details, "upload": None, "by": office}
    changed = change_resource(**change, seen=seen, now=now + timedelta(seconds=1))
    with pytest.raises(StaleResource):
        change_resource(**change, seen=seen, now=now + timedelta(seconds=2))
    bare = Details(title="网", kind="platform")
    with pytest.raises(LinkOrFile):
        add_resource(details=bare, upload=None, by=office, now=now)
    with pytest.raises(LinkOrFile):
        change_resource(**{**change, "details": bare}, seen=changed.changed_at, now=now)
    with pytest.raises(BadLink):
        add_resource(details=Details(title="网", kind="platform", link="x"), upload=None, by=office, now=now)
    with pytest.raises(Refused):
        add_resource(details=bare, upload=uploaded(b"MZ" + bytes(99)), by=office, now=now)


def test_a_new_end_of_the_licence_warns_again(client, librarian):
    resource = DigitalResourceFactory(licence_until=today(), warned_until=today())
    end = today() + timedelta(days=400)
    client.post(f"/digital/{resource.pk}/edit/", edited(client, resource, licence_until=end.isoformat()))
    assert (only().licence_until, only().warned_until) == (end, None)


def test_what_was_typed_survives_an_ended_session(client, librarian):
    page = client.get("/digital/new/")
    form = {**FORM, "writer": page.context["writer"], "author": "秦越"}
    client.logout()
    client.post("/digital/new/", form)
    client.force_login(librarian)
    assert 'value="秦越"' in client.get("/digital/new/").content.decode()


def test_the_desk_adds_a_link_and_changes_it(client, librarian):
    add = "/admin/reading/digitalresource/add/"
    assert "http:// 或 https://" in client.post(add, {**FORM, "link": "javascript:x"}).content.decode()
    assert client.post(add, FORM).status_code == 302
    resource = only()
    assert resource.search_text != ""
    page = f"/admin/reading/digitalresource/{resource.pk}/change/"
    form = {**FORM, "title": "改名", "licence_until": "2030-01-01"}
    seen = resource.changed_at.isoformat()
    assert "刚被别人修改过" in client.post(page, {**form, "seen": "x"}).content.decode()
    assert client.post(page, {**form, "seen": seen}).status_code == 302
    assert (only().title, "gaiming" in only().search_text) == ("改名", True)


def test_the_desk_replaces_a_file_by_a_link(client, librarian):
    client.post("/digital/new/", {**FORM, "link": "", "file": uploaded(PDF)})
    page = f"/admin/reading/digitalresource/{only().pk}/change/"
    form = {**FORM, "format": "PDF", "seen": only().changed_at.isoformat()}
    assert client.post(page, {**form, "link": ""}).status_code == 302
    assert str(only().file)
    form["seen"] = only().changed_at.isoformat()
    assert client.post(page, form).status_code == 302
    assert (str(only().file), only().link) == ("", FORM["link"])
    assert LooseFile.objects.count() == 1


def test_reading_a_range_ends(client, librarian):
    client.post("/digital/new/", {**FORM, "link": "", "file": uploaded(PDF)})
    response = client.get(f"/digital/{only().pk}/open/", headers={"range": "bytes=99999999-"})
    read_out(response)
    assert response.status_code == 416
