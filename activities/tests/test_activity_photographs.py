"""Photographs of an activity: several at once, who sees which, order and captions, removal."""

import pytest
from django.utils import timezone
from PIL import Image

from activities.kinds import PhotographKind
from activities.models import Activity, ActivityEvent, Photograph
from activities.services import photographs as service
from activities.services.photographs import Line, add_photograph, arrange, arrangement, remove_photograph
from activities.tests.factories import ActivityFactory
from activities.tests.media import (
    PDF,
    a_photograph,
    activity,
    assert_nothing_left,
    organiser,
    photograph,
    status_of,
    uploaded,
)
from organization.models import LooseFile
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from organization.services.verifying import verify
from reading.tests.factories import reader
from shuxiang.tests.queries import queries
from shuxiang.tests.races import at_once

__all__ = ["activity", "organiser"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
SENT_BY_SCRIPT = {"x-requested-with": "XMLHttpRequest", "accept": "application/json"}


def add(client, activity, *files, kind="picture", headers=None):
    form = {"kind": kind, "upload": list(files)}
    return client.post(f"/activities/{activity.pk}/photographs/", form, headers=headers)


def test_good_ones_are_kept_and_bad_ones_named(client, activity):
    files = [
        uploaded(photograph("red"), "一.jpg"),
        uploaded(PDF, "二<b>.jpg"),
        uploaded(photograph("blue", "PNG"), "三.png"),
        uploaded(b"", "四.jpg"),
    ]
    page = add(client, activity, *files).content.decode()
    assert "收下 2 张照片。" in page
    assert "“<bdi>二&lt;b&gt;.jpg</bdi>”：文件不是图片" in page
    assert "“<bdi>四.jpg</bdi>”：文件是空的" in page
    assert [(row.original_name, row.position) for row in Photograph.objects.all()] == [("一.jpg", 1), ("三.png", 2)]
    assert (verify().faults, verify().orphans, verify().loose) == ([], [], 0)


def test_nothing_chosen_is_said(client, activity):
    assert "请选择照片" in client.post(f"/activities/{activity.pk}/photographs/", {"kind": "picture"}).content.decode()


def test_more_than_are_drawn_in_one_request_are_named(client, activity, monkeypatch):
    monkeypatch.setattr("activities.views.photographs.AT_ONCE", 1)
    page = add(
        client, activity, *(uploaded(photograph(each), f"{each}.jpg") for each in ("red", "blue"))
    ).content.decode()
    assert "“<bdi>blue.jpg</bdi>”：一次最多" in page
    assert Photograph.objects.count() == 1


def test_lists_show_a_small_copy(client, activity):
    add(client, activity, uploaded(photograph(size=(3000, 2000)), "大.jpg"))
    row = Photograph.objects.get()
    with row.thumbnail.open() as file, Image.open(file) as small:
        assert small.size == (480, 320)
    assert (row.width, row.height) == (1600, 1067)
    assert row.thumbnail_size < row.size
    page = client.get(f"/activities/{activity.pk}/photographs/").content.decode()
    assert f'src="/activity-pictures/{row.pk}/?small"' in page
    sent = client.get(f"/activity-pictures/{row.pk}/?small")
    assert len(b"".join(sent.streaming_content)) == row.thumbnail_size
    assert sent["Content-Disposition"].startswith("inline")


def test_the_same_picture_again_is_kept_once(client, activity):
    for _ in range(2):
        assert add(client, activity, uploaded(photograph("red"), "一.jpg")).status_code == 302
    assert (Photograph.objects.count(), verify().loose, verify().orphans) == (1, 0, [])


def test_a_script_sends_one_at_a_time(client, activity):
    told = add(client, activity, uploaded(photograph("red"), "一.jpg"), headers=SENT_BY_SCRIPT)
    assert told.json() == {"address": f"/activities/{activity.pk}/photographs/"}
    told = add(client, activity, uploaded(PDF, "二.jpg"), headers=SENT_BY_SCRIPT)
    assert (told.status_code, told.json()["error"][:6]) == (400, "文件不是图片")
    told = add(client, activity, uploaded(PDF, "二.jpg"), kind="nothing", headers=SENT_BY_SCRIPT)
    assert (told.status_code, told.json()["error"]) == (400, "请选择是现场照片还是签到表。")


def test_sheets_are_for_who_runs_the_activity(client, activity, organiser):
    picture, sheet = a_photograph(activity), a_photograph(activity, PhotographKind.SHEET)
    pages = [f"/activity-pictures/{sheet.pk}/", f"/activities/{activity.pk}/photographs/{sheet.pk}/"]
    assert [status_of(client, page) for page in pages] == [200, 200]
    client.force_login(reader())
    assert [status_of(client, page) for page in pages] == [404, 404]
    gallery = client.get(f"/activities/{activity.pk}/photographs/").content.decode()
    assert f"/photographs/{picture.pk}/" in gallery
    assert f"/photographs/{sheet.pk}/" not in gallery
    assert "签到表" not in gallery
    assert add(client, activity, uploaded(photograph())).status_code == 404
    assert client.get(f"/activity-pictures/{picture.pk}/remove/").status_code == 404


def test_a_large_one_leads_to_its_neighbours(client, activity):
    first, second, third = (a_photograph(activity) for _ in range(3))
    page = client.get(f"/activities/{activity.pk}/photographs/{second.pk}/").content.decode()
    assert f'rel="prev" href="/activities/{activity.pk}/photographs/{first.pk}/"' in page
    assert f'rel="next" href="/activities/{activity.pk}/photographs/{third.pk}/"' in page
    other = ActivityFactory()
    assert client.get(f"/activities/{other.pk}/photographs/{second.pk}/").status_code == 404


def test_captions_and_order_and_the_loser_of_two(client, activity):
    rows = [a_photograph(activity) for _ in range(3)]
    address = f"/activities/{activity.pk}/photographs/arrange/"
    seen = arrangement(rows)
    form = {"seen": seen, f"position-{rows[2].pk}": "1", f"caption-{rows[2].pk}": " 开场\u202e "}
    assert client.post(address, form).status_code == 302
    assert [row.pk for row in activity.photographs.all()] == [rows[0].pk, rows[2].pk, rows[1].pk]
    late = client.post(address, {"seen": seen, f"caption-{rows[2].pk}": "另一个说明"})
    page = late.content.decode()
    assert late.status_code == 409
    assert 'value="另一个说明"' in page
    assert "现在保存的：<bdi>开场</bdi>" in page
    again = {"seen": late.context["fresh"], f"caption-{rows[2].pk}": "另一个说明"}
    assert client.post(address, again).status_code == 302
    assert Photograph.objects.get(pk=rows[2].pk).caption == "另一个说明"


@pytest.mark.parametrize("place", ["0", "4", "x", "9" * 40, "１"])
def test_places_that_are_none(client, activity, place):
    rows = [a_photograph(activity) for _ in range(3)]
    form = {"seen": arrangement(rows), f"position-{rows[1].pk}": place, f"caption-{rows[1].pk}": "说明"}
    response = client.post(f"/activities/{activity.pk}/photographs/arrange/", form)
    if place == "１":
        assert response.status_code == 302
    else:
        assert "第 2 张的顺序请填 1 到 3 的整数。" in response.content.decode()
        assert 'value="说明"' in response.content.decode()


def test_removing_asks_first_and_lets_both_files_go(client, activity, organiser):
    add(client, activity, uploaded(photograph(), "一.jpg"))
    row = Photograph.objects.get()
    address = f"/activity-pictures/{row.pk}/remove/"
    assert "不能恢复" in client.get(address).content.decode()
    assert client.post(address).url == f"/activities/{activity.pk}/photographs/"
    assert Photograph.objects.count() == 0
    assert {loose.name for loose in LooseFile.objects.all()} == {row.file.name, row.thumbnail.name}
    assert ActivityEvent.objects.get().reason == "去掉现场照片"
    assert remove_photograph(photograph=row, by=organiser, now=timezone.now()) is False


def test_two_stale_copies_and_strangers(activity, organiser):
    row = a_photograph(activity)
    first = arrangement([row])
    sent = {"activity": activity, "by": organiser, "now": timezone.now()}
    assert arrange(seen=first, lines={row.pk: Line(1, "甲")}, **sent) == 1
    with pytest.raises(Stale):
        arrange(seen=first, lines={row.pk: Line(1, "乙")}, **sent)
    assert Photograph.objects.get().caption == "甲"
    stranger = {**sent, "by": reader()}
    for call in (
        lambda: arrange(seen=first, lines={}, **stranger),
        lambda: add_photograph(upload=uploaded(photograph()), kind=PhotographKind.PICTURE, **stranger),
        lambda: remove_photograph(photograph=row, by=stranger["by"], now=timezone.now()),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_no_more_than_so_many(client, activity, monkeypatch):
    monkeypatch.setattr(service, "MOST", 0)
    assert "最多 100 张" in add(client, activity, uploaded(photograph(), "一.jpg")).content.decode()
    assert_nothing_left()


@pytest.mark.postgresql
def test_two_at_once_never_exceed_the_most(activity, organiser, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    sent = {"kind": PhotographKind.PICTURE, "by": organiser, "now": timezone.now()}
    done = at_once(
        *(
            lambda colour=colour: add_photograph(
                activity=Activity.objects.get(pk=activity.pk), upload=uploaded(photograph(colour)), **sent
            )
            for colour in ("navy", "red")
        )
    )
    assert sorted(type(each).__name__ for each in done) == ["Added", "Refused"], done
    assert (Photograph.objects.count(), verify().loose, verify().orphans) == (1, 0, [])


def test_as_many_queries_for_many(client, activity):
    for count in (1, 30):
        while activity.photographs.count() < count:
            a_photograph(activity)
        last = Activity.objects.get(pk=activity.pk).photographs.last()
        for page in ("photographs/", f"photographs/{last.pk}/"):
            assert queries(client, f"/activities/{activity.pk}/{page}") <= 10
