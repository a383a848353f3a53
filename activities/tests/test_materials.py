"""Materials of activities, themes and calls: who adds, who sees, what is left after removing."""

import errno
import os
from threading import Barrier, Thread

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from activities.models import Activity, ActivityEvent, Material
from activities.services import materials as service
from activities.services.materials import add_material, materials_of, remove_material
from activities.tests.calling import opened_call
from activities.tests.factories import ActivityFactory, CallFactory, ThemeFactory
from activities.tests.media import (
    PDF,
    a_call,
    a_material,
    a_theme,
    activity,
    assert_nothing_left,
    organiser,
    status_of,
    uploaded,
)
from organization.models import LooseFile
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.services.verifying import verify
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.factories import reader
from shuxiang.tests.queries import queries
from shuxiang.tests.races import at_once
from shuxiang.uploads import Refused

__all__ = ["activity", "organiser"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
SENT_BY_SCRIPT = {"x-requested-with": "XMLHttpRequest", "accept": "application/json"}


def add(client, activity, content=PDF, name="课件<b>.pdf", headers=None, **typed):
    form = {"title": "", "file": uploaded(content, name), **typed}
    return client.post(f"/activities/{activity.pk}/materials/", form, headers=headers)


def test_a_material_is_kept_recorded_and_sent_in_parts(client, activity, organiser):
    assert add(client, activity, title="第一讲课件").url == f"/activities/{activity.pk}/materials/"
    row = Material.objects.get()
    assert (row.title, row.format, row.size, row.original_name) == ("第一讲课件", "PDF", len(PDF), "课件<b>.pdf")
    event = ActivityEvent.objects.get()
    assert (event.action, event.actor, event.reason) == ("edit", organiser, "加上材料“第一讲课件”")
    page = client.get(f"/activities/{activity.pk}/materials/").content.decode()
    assert f'<a href="/materials/{row.pk}/"><bdi>第一讲课件</bdi></a>' in page
    client.force_login(reader())
    part = client.get(f"/materials/{row.pk}/", headers={"range": "bytes=1-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, PDF[1:4])
    assert part["Content-Type"] == "application/pdf"


def test_without_a_title_the_file_names_it_and_escaped(client, activity):
    add(client, activity, name="a.b<script>.pdf")
    assert Material.objects.get().title == "a.b<script>"
    page = client.get(f"/activities/{activity.pk}/materials/").content.decode()
    assert "<bdi>a.b&lt;script&gt;</bdi>" in page
    assert "<script>.pdf" not in page


def test_the_web_server_in_front_sends_it(client, activity, settings):
    settings.MEDIA_ACCEL = "/stored/"
    row = a_material(activity=activity)
    sent = client.get(f"/materials/{row.pk}/")
    assert (sent.content, sent["X-Accel-Redirect"]) == (b"", f"/stored/{row.file.name}")


def test_the_same_file_again_is_kept_once(client, activity):
    add(client, activity, title="甲")
    again = add(client, activity, title="乙")
    assert again.status_code == 302
    assert [row.title for row in Material.objects.all()] == ["甲"]
    assert (verify().loose, verify().orphans) == (0, [])
    other = ActivityFactory(organiser=activity.organiser)
    add(client, other)
    assert Material.objects.count() == 2


def test_a_script_is_told_where_to_go_or_what_is_wrong(client, activity):
    told = add(client, activity, headers=SENT_BY_SCRIPT).json()
    assert told == {"address": f"/activities/{activity.pk}/materials/"}
    assert "已加上" in client.get(told["address"]).content.decode()
    page = add(client, activity, b"", headers=SENT_BY_SCRIPT, title="留着的名称").json()["page"]
    assert "文件是空的" in page
    assert "留着的名称" in page
    client.force_login(reader())
    assert add(client, activity, headers=SENT_BY_SCRIPT).status_code == 404


@pytest.mark.parametrize("typed", ["𠮷" * 100, "=cmd|' /C calc'!A0", "课\u202e件\x00", "长" * 100_000])
def test_strange_titles(client, activity, typed):
    response = add(client, activity, title=typed)
    if len(typed) > 100:
        assert "名称最多 100 字" in response.content.decode()
        assert_nothing_left()
    else:
        assert Material.objects.get().title == typed.replace("\u202e", "").replace("\x00", "")


def test_removing_asks_first_and_lets_the_file_go(client, activity, organiser):
    add(client, activity)
    row = Material.objects.get()
    address = f"/materials/{row.pk}/remove/"
    assert "不能恢复" in client.get(address).content.decode()
    assert Material.objects.count() == 1
    assert client.post(address).url == f"/activities/{activity.pk}/materials/"
    assert Material.objects.count() == 0
    assert [loose.name for loose in LooseFile.objects.all()] == [row.file.name]
    assert ActivityEvent.objects.order_by("-id")[0].reason == "去掉材料“课件<b>”"
    assert remove_material(material=row, by=organiser, now=timezone.now()) is False
    assert ActivityEvent.objects.count() == 2


def test_only_who_runs_it_adds_and_removes(client, activity):
    row, stranger = a_material(activity=activity), reader(Role.LEADER)
    for call in (
        lambda: add_material(owner=activity, upload=uploaded(PDF), by=stranger, now=timezone.now()),
        lambda: remove_material(material=row, by=stranger, now=timezone.now()),
    ):
        with pytest.raises(NotAllowed):
            call()
    client.force_login(stranger)
    assert client.get(f"/activities/{activity.pk}/materials/").status_code == 404
    assert client.post(f"/materials/{row.pk}/remove/").status_code == 404
    assert Material.objects.count() == 1


def test_what_another_agency_holds_is_not_handed_out(client, seeds):
    county = County()
    viewer = CadreFactory(department=county.office)
    ours, theirs = (
        a_material(activity=ActivityFactory(department=place)) for place in (county.office, county.foreign_office)
    )
    client.force_login(viewer)
    assert status_of(client, f"/materials/{ours.pk}/") == 200
    assert status_of(client, f"/materials/{theirs.pk}/") == 404


def test_materials_of_themes_and_calls_belong_to_their_hosts(client, seeds):
    county = County()
    client.force_login(county.clerk)
    for host, reads, keeps in ((county.office, True, True), (county.foreign_office, False, False), (None, True, False)):
        owners = (ThemeFactory(department=host), opened_call(department=host))
        for owner, name in zip(owners, ("theme", "call"), strict=True):
            kept = a_material(**{name: owner})
            assert status_of(client, f"/materials/{kept.pk}/") == (200 if reads else 404)
            assert client.get(f"/{name}s/{owner.pk}/materials/").status_code == (200 if keeps else 404)
            assert client.post(f"/materials/{kept.pk}/remove/").status_code == (302 if keeps else 404)
            assert Material.objects.filter(pk=kept.pk).exists() is not keeps
            if not keeps:
                with pytest.raises(NotAllowed):
                    add_material(owner=owner, upload=None, by=county.clerk, now=timezone.now())
    draft = a_material(call=CallFactory(department=county.foreign_office))
    assert status_of(client, f"/materials/{draft.pk}/") == 404


def test_a_draft_of_a_call_hands_out_nothing_but_to_the_office(client, seeds):
    draft = a_material(call=a_call())
    theme = a_material(theme=a_theme())
    for role, status in ((Role.CADRE, 404), (Role.OFFICE, 200)):
        client.force_login(reader(role))
        assert status_of(client, f"/materials/{draft.pk}/") == status
        assert status_of(client, f"/materials/{theme.pk}/") == 200


def test_a_lost_file_is_not_found_and_named(client, activity):
    row = a_material(activity=activity)
    default_storage.delete(row.file.name)
    assert status_of(client, f"/materials/{row.pk}/") == 404
    assert verify().faults == [f"活动材料 {row.pk}：文件 {row.file.name} 不在存储中。"]


def test_a_full_disk_refuses_and_leaves_nothing(client, activity, monkeypatch):
    def full(*anything, **more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(default_storage, "save", full)
    page = add(client, activity, title="名称还在").content.decode()
    assert "存储空间不足" in page
    assert "名称还在" in page
    assert_nothing_left()


@pytest.mark.postgresql
def test_two_who_send_the_same_at_once_keep_it_once(activity, organiser):
    barrier, found = Barrier(4), []

    def send():
        try:
            barrier.wait()
            own = Activity.objects.get(pk=activity.pk)
            found.append(add_material(owner=own, upload=uploaded(PDF), by=organiser, now=timezone.now()).is_new)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, False, True]
    assert (Material.objects.count(), verify().loose, verify().orphans) == (1, 0, [])


class Overtaken(SimpleUploadedFile):
    """An upload during which something else happens."""

    def __init__(self, name, meanwhile, content):
        super().__init__(name, content)
        self.meanwhile = meanwhile

    def chunks(self, chunk_size=None):
        self.meanwhile()
        return super().chunks(chunk_size)


def owners():
    return [ActivityFactory(), a_theme(), a_call()]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_two_stale_copies_only_one_takes_the_last_place(place, seeds, monkeypatch):
    """The second passes the first look, and is refused by what is stored when it writes."""
    monkeypatch.setattr(service, "MOST", 1)
    owner, by = owners()[place], reader(Role.OFFICE)
    stale = type(owner).objects.get(pk=owner.pk)
    own = Overtaken(
        "b.txt", lambda: add_material(owner=owner, upload=uploaded(PDF), by=by, now=timezone.now()), "别的".encode()
    )
    with pytest.raises(Refused):
        add_material(owner=stale, upload=own, by=by, now=timezone.now())
    assert (materials_of(owner).count(), verify().loose, verify().orphans) == (1, 0, [])


@pytest.mark.postgresql
@pytest.mark.parametrize("place", [0, 1, 2])
def test_two_at_once_never_exceed_the_most(place, seeds, monkeypatch):
    monkeypatch.setattr(service, "MOST", 3)
    owner, by = owners()[place], reader(Role.OFFICE)
    column = owner._meta.model_name
    for number in range(2):
        a_material(**{column: owner}, sha256=str(number))
    for round_number in range(5):
        Material.objects.exclude(format="PDF").delete()
        done = at_once(
            *(
                lambda text=f"第 {round_number} 次第 {number} 份材料": add_material(
                    owner=type(owner).objects.get(pk=owner.pk), upload=uploaded(text.encode(), "a.txt"), by=by,
                    now=timezone.now(),
                )
                for number in range(2)
            )
        )  # fmt: skip
        assert sorted(type(each).__name__ for each in done) == ["Added", "Refused"], done
        assert materials_of(owner).count() == 3


def test_one_query_more_for_no_row(client, activity):
    for rows in (1, 30):
        for number in range(rows):
            a_material(activity=activity, sha256=f"{rows}-{number}")
        assert queries(client, f"/activities/{activity.pk}/materials/") <= 10
        Material.objects.all().delete()
