"""The pages of a stocktake: scanning with and without scripts, ticking, differences, report, workbook."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from organization.models import AccessEvent
from reading.models import Copy, Difference, Scan, Stocktake
from reading.services.stocktakes import finish_stocktake
from reading.tests.factories import PlaceFactory
from reading.tests.hostile import HOSTILE
from reading.tests.stocktaking import Count, at
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def count(client) -> Count:
    made = Count()
    client.force_login(made.librarian)
    return made


def address(count: Count, name: str, **more) -> str:
    return reverse(name, kwargs={"stocktake_id": count.stocktake.pk, **more})


def test_a_stocktake_begins_and_a_second_of_the_same_room_is_told(client, count):
    place = PlaceFactory()
    response = client.post(reverse("stocktake_start"), {"place": place.pk})
    assert response.url == reverse("stocktake", args=[Stocktake.objects.get(place=place).pk])
    assert "还没有结束" in client.post(reverse("stocktake_start"), {"place": place.pk}).content.decode()
    assert "请选择盘点的地点" in client.post(reverse("stocktake_start"), {}).content.decode()


def test_without_scripts_a_scan_is_stored_and_told_on_the_page(client, count):
    copy = count.copy()
    response = client.post(address(count, "stocktake_scan"), {"barcode": copy.barcode}, follow=True)
    words = text_of(response.content.decode())
    assert f"已记下：{copy.barcode}" in words
    assert "应有 1 已见 1 未见 0" in words
    again = text_of(
        client.post(address(count, "stocktake_scan"), {"barcode": copy.barcode}, follow=True).content.decode()
    )
    assert "先前已经扫过" in again
    assert Scan.objects.count() == 1


def test_several_scans_at_once_are_stored_but_those_that_are_none(client, count):
    sent = {"barcode": [count.copy().barcode, "X" * 31, "NEW-1"]}
    answer = client.post(address(count, "stocktake_scan"), sent, headers=JSON).json()
    assert Scan.objects.count() == 2
    assert (answer["wrong"], answer["told"]) == (True, ["条码最多 30 个字符，读到的太长，请再扫一次。"])
    assert "目录里没有这个条码" in answer["live"]


def test_scans_that_come_too_late_are_told_and_not_lost_in_silence(client, count):
    count.compare()
    response = client.post(address(count, "stocktake_scan"), {"barcode": "X1"}, headers=JSON)
    assert (response.status_code, "核对差异" in response.json()["told"]) == (409, True)
    told = client.post(address(count, "stocktake_scan"), {"barcode": "X1"}, follow=True).content.decode()
    assert "核对差异" in told
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("word", HOSTILE)
def test_whatever_is_scanned_or_typed_the_pages_answer(client, count, word):
    copy = count.copy()
    assert client.post(address(count, "stocktake_scan"), {"barcode": word}).status_code in (200, 302)
    assert client.post(address(count, "stocktake_scan"), {"barcode": word}, headers=JSON).status_code == 200
    assert client.post(address(count, "stocktake_unscan"), {"scan": word}).status_code == 302
    assert client.post(reverse("stocktake_start"), {"place": word}).status_code == 200
    for query in ({"q": word[:3000]}, {"page": word[:3000]}, {"seen": word[:3000]}):
        assert client.get(address(count, "stocktake_list"), query).status_code == 200
    count.compare()
    row = count.of(copy)
    resolved = address(count, "difference_resolve", difference_id=row.pk)
    for sent in ({"resolution": word}, {"resolution": "noted", "note": word, "page": word}, {"to": word, "kind": word}):
        assert client.post(resolved, sent).status_code in (200, 302)
    assert client.post(address(count, "difference_undo", difference_id=row.pk), {"kind": word}).status_code == 302


def test_a_list_is_ticked_by_who_has_no_scanner(client, count):
    first, second = count.copy(), count.copy()
    client.post(address(count, "stocktake_scan"), {"barcode": [first.barcode, second.barcode], "next": "list"})
    assert Scan.objects.count() == 2
    assert "清单上的都见到了" in text_of(client.get(address(count, "stocktake_list")).content.decode())
    page = client.get(address(count, "stocktake_list"), {"seen": "1"}).content.decode()
    assert page.count("checked disabled") == 2


def test_a_difference_is_resolved_on_its_page_and_the_second_person_told(client, count):
    copy = count.copy()
    count.compare()
    resolve = address(count, "difference_resolve", difference_id=count.of(copy).pk)
    page = client.post(resolve, {"resolution": "noted", "note": ""}).content.decode()
    assert "写一句怎样处理的" in page
    too_long = client.post(resolve, {"resolution": "noted", "note": "长" * 201}).content.decode()
    assert "最多 200 字" in too_long
    assert "长" * 201 in too_long
    assert client.post(resolve, {"resolution": "found"}).status_code == 302
    client.force_login(count.other)
    words = text_of(client.post(resolve, {"resolution": "lost", "note": "找过"}, follow=True).content.decode())
    assert f"{count.librarian.name}已于" in words
    assert "处理为“已找到”" in words
    assert Copy.objects.get().state == "available"


def test_the_sheet_has_the_numbers_of_the_page(client, count):
    found, moved = count.copy(), count.copy(count.elsewhere)
    count.scan(moved)
    count.scan("=cmd()")
    count.compare()
    count.resolve(found, "found")
    count.resolve(moved, "moved")
    count.resolve("=cmd()", "noted", note="=1+1")
    finish_stocktake(stocktake=count.stocktake, by=count.librarian, now=at(90))
    page = text_of(client.get(address(count, "stocktake_report")).content.decode())
    assert "应有 1 册 核对时实有 0 册 处理后实有 2 册" in page
    response = client.get(address(count, "stocktake_workbook"))
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert list(book["汇总"].iter_rows(min_row=4, max_row=5, values_only=True)) == [
        ("应有", 1), ("核对时实有", 0),
    ]  # fmt: skip
    rows = list(book["差异"].iter_rows(min_row=4, values_only=True))
    assert [(*row[:2], row[4], row[7]) for row in rows] == [
        ("应在未见", found.barcode, "已找到", None),
        ("放错地点", moved.barcode, "改为此处馆藏", None),
        ("条码不在目录", "=cmd()", "已记录", "=1+1"),
    ]
    assert AccessEvent.objects.filter(action="export", actor=count.librarian).count() == 1


def test_the_sheet_tells_who_began_compared_reopened_and_finished_it(client, count):
    for name in ("stocktake_compare", "stocktake_count", "stocktake_compare", "stocktake_finish"):
        client.post(address(count, name))
    page = text_of(client.get(address(count, "stocktake_report")).content.decode())
    words = ["开始清点", "核对差异", "回到清点", "核对差异", "完成盘点"]
    history = page[page.index("经过") : page.index("清点人：")]
    assert [word for word in history.split() if word in words] == words
    assert history.count(f"· {count.librarian.name}") == 5


def test_a_finished_stocktake_leads_to_its_sheet(client, count):
    assert client.get(address(count, "stocktake_report")).url == address(count, "stocktake")
    count.compare()
    assert client.post(address(count, "stocktake_finish")).url == address(count, "stocktake_report")
    assert client.get(address(count, "stocktake")).url == address(count, "stocktake_report")


@pytest.mark.parametrize(
    "name", ["stocktakes", "stocktake", "stocktake_list", "stocktake_differences", "stocktake_report"]
)
def test_a_page_asks_as_much_for_30_rows_as_for_1_and_is_well_formed(client, count, name):
    url = reverse(name) if name == "stocktakes" else address(count, name)

    def asked(many: int) -> int:
        for _ in range(many):
            copy, missing = count.copy(), count.copy()
            Stocktake.objects.create(place=PlaceFactory(), started_by=count.other, started_at=at(0))
            Scan.objects.create(stocktake=count.stocktake, copy=copy, barcode=copy.barcode, scanned_by=count.other,
                                scanned_at=at(1))  # fmt: skip
            Difference.objects.create(stocktake=count.stocktake, kind="missing", copy=missing, barcode=missing.barcode)
        if name in ("stocktake_differences", "stocktake_report"):
            Stocktake.objects.filter(pk=count.stocktake.pk).update(state="compared", compared_at=at(60), expected=2)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert Page(response.content.decode()).faults() == []
        return len(captured)

    few = asked(1)
    assert asked(29) == few
    assert few <= 10
