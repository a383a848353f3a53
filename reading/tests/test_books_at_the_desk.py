"""Books and MARC files at the desk, over HTTP: looked at, applied exactly as shown, by librarians and the office."""

import re
import zipfile
from datetime import datetime
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from organization.models import AccessAction, AccessEvent, RegisterImport
from reading.models import Book, Copy, CopyEvent
from reading.tests.arriving import SAMPLES, books_file, catalogue, row
from reading.tests.factories import reader
from reading.tests.marc_files import iso2709, plain_cnmarc, write, xml_of, xml_record
from reading.tests.people import librarian
from shuxiang.tests.desk_imports import address, clerk, decide, faults, looked_at, media_files, upload, upload_by_hand
from shuxiang.tests.hostile import FOLDER
from shuxiang.tests.queries import queries

__all__ = ["clerk", "librarian"]
pytestmark = pytest.mark.django_db
ADD = "admin:organization_registerimport_add"
HOSTILE = sorted(path.name for path in FOLDER.iterdir())
MARC_SAMPLES = ["cnmarc_gbk.iso", "cnmarc_utf8.iso", "marc21.xml", "marc21_utf8.mrc"]


def test_a_librarian_brings_books_in(client, librarian, tmp_path):
    before = catalogue()
    found = looked_at(client, books_file(tmp_path, row(册数=2), row("孟子", 位置="走廊书角")), "books")
    page = client.get(address(found)).content.decode()
    assert (catalogue() == before, faults(page)) == (True, [])
    for words in ("导入 2 行", "新建地点 2 处", "新馆藏 3 册", "新书目", "2 册"):
        assert words in page
    assert "已导入图书" in decide(client, found).content.decode()
    assert (Copy.objects.count(), set(CopyEvent.objects.values_list("actor", flat=True))) == (3, {librarian.pk})
    event = AccessEvent.objects.get(action=AccessAction.IMPORT)
    assert (event.actor, event.detail) == (librarian, "已导入图书“登记表.xlsx”：新增 2 行")
    again = looked_at(client, books_file(tmp_path, row(册数=2), row("孟子", 位置="走廊书角")), "books")
    assert "表里的内容与系统一致" in client.get(address(again)).content.decode()


def test_the_labels_of_an_import_are_those_of_its_own_copies(client, librarian, tmp_path):
    pages = []
    for title in ("论语", "孟子"):
        found = looked_at(client, books_file(tmp_path, row(title)), "books")
        page = decide(client, found).content.decode()
        pages.append(unescape(re.findall(r'href="([^"]+)">打印新馆藏的标签', page)[0]))
    shown = [re.findall("SX[0-9]{6}(?=<)", client.get(each).content.decode()) for each in pages]
    assert [set(codes) for codes in shown] == [{"SX000001"}, {"SX000002"}]
    again = re.findall('name="at" value="([^"]+)"', client.get(pages[0]).content.decode())
    assert datetime.fromisoformat(again[0]) == CopyEvent.objects.earliest("at").at
    day = pages[0].partition("&")[0]
    for nonsense in ("", "&at=x", "&at=2024-13-45T99:99", "&at=2024-01-01T00:00", "&at=%00", "&at=9999-12-31T23:59Z"):
        assert "共 2 张标签" in client.get(day + nonsense).content.decode()


@pytest.mark.parametrize("name", MARC_SAMPLES)
def test_a_marc_file_is_previewed_and_applied(client, librarian, name):
    found = looked_at(client, SAMPLES / name, "marc")
    page = client.get(address(found)).content.decode()
    assert (Book.objects.count(), "导入 30 条" in page, faults(page)) == (0, True, [])
    decide(client, found)
    assert Book.objects.count() == 30


def test_bad_records_are_shown_with_number_and_field_and_can_be_fetched(client, librarian, tmp_path):
    bad = iso2709(plain_cnmarc("坏", isbn="9787020002208"), "gbk")
    found = looked_at(client, write(tmp_path, iso2709(plain_cnmarc("好"), "gbk"), bad), "marc")
    page = client.get(address(found)).content.decode()
    for words in ("有 1 条有误", "先写入好的条：导入 1 条", '<th scope="col">字段</th>', "<td>010</td>", "校验位不对"):
        assert words in page
    archive = zipfile.ZipFile(BytesIO(b"".join(client.get(address(found, "refused")))))
    assert archive.read("退回的记录.mrc") == bad
    assert "“MARC”第 2 条记录“010”" in archive.read("原因.txt").decode()
    decide(client, found)
    assert list(Book.objects.values_list("title", flat=True)) == ["好"]


def test_a_librarian_sees_no_other_register(client, librarian, clerk, tmp_path):
    roster = looked_at(client, "工号,姓名,科室,入职日期\nA1,甲,办公室,2020-01-01\n".encode())
    books = looked_at(client, books_file(tmp_path, row()), "books")
    client.force_login(librarian)
    pages = [address(roster, page) for page in ("change", "file", "refused")]
    pages += [f"{reverse(ADD)}?kind=roster", reverse("admin:organization_registerimport_template", args=["roster"])]
    assert [client.get(url).status_code for url in pages] == [403] * 5
    assert (upload(client, b"x", "roster").status_code, decide(client, roster).status_code) == (403, 403)
    assert client.get(address(books)).status_code == 200
    listed = client.get(reverse("admin:organization_registerimport_changelist")).context["cl"]
    assert [found.pk for found in listed.queryset] == [books.pk]
    assert [kind.key for kind in client.get(reverse(ADD)).context["kinds"]] == ["books", "marc"]
    roster.refresh_from_db()
    assert roster.state == "previewed"


def test_a_cadre_brings_nothing_in(client):
    client.force_login(reader())
    assert client.get(f"{reverse(ADD)}?kind=books").status_code in (302, 403)


@pytest.mark.parametrize("kind", ["books", "marc"])
def test_what_is_too_large_for_a_page_is_told_the_command(client, librarian, tmp_path, settings, kind):
    settings.WORKBOOK_MAX_WEB_ROWS = 1
    path = books_file(tmp_path, row(), row("孟子")) if kind == "books" else SAMPLES / MARC_SAMPLES[0]
    assert ("登记表超过 1 行" if kind == "books" else "manage.py import_marc") in upload(
        client, path, kind
    ).content.decode()
    settings.WORKBOOK_MAX_BYTES = 100
    page = upload(client, path, kind).content.decode()
    assert ("超过上限" if kind == "books" else "请系统维护人员在服务器上运行：manage.py import_marc") in page
    assert RegisterImport.objects.count() == 0


@pytest.mark.parametrize("kind", ["books", "marc"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_workbook_breaks_the_page_or_writes(client, librarian, settings, name, kind):
    before = catalogue()
    response = upload(client, FOLDER / name, kind)
    assert response.status_code in (200, 302)
    if response.status_code == 200:
        assert (media_files(settings), bool(response.context["form"].errors)) == ([], True)
    else:
        assert client.get(response.url).status_code == 200
    assert catalogue() == before


HOSTILE_MARC = {
    "cut": iso2709(plain_cnmarc())[:-10],
    "nuls": b"\x00" * 5_000 + iso2709(plain_cnmarc()),
    "rtl": iso2709(plain_cnmarc("\u202e反\u2066")),
    "script": iso2709(plain_cnmarc("<script>alert(1)</script>")),
    "long": iso2709([("200", "1 $a" + "长" * 60_000)], lengths="zero"),
    "ends": b"\x1d" * 10_000,
    "records": b"x\x1d" * 5_000,
    "entities": b'<!DOCTYPE a [<!ENTITY a "b">]>' + xml_of(xml_record("&a;"), "").encode(),
    "half": xml_of(xml_record()).encode()[:-9],
    "utf-16": "论语".encode("utf-16"),
    "gzip": b"\x1f\x8b\x08rest",
}


@pytest.mark.parametrize("name", HOSTILE_MARC)
def test_no_hostile_marc_file_breaks_the_page(client, librarian, name):
    response = upload(client, HOSTILE_MARC[name], "marc")
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        page = client.get(response.url).content.decode()
        assert ("<script>alert" in page, "\u202e" in page) == (False, False)


@examples(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=60).map(lambda junk: iso2709(plain_cnmarc("XX")).replace(b"XX", junk)),
        st.text(max_size=60).map(lambda text: f"书名,作者,册数\n{text}".encode("utf-8", "replace")),
        st.text(max_size=60).map(lambda text: xml_of(text).encode("utf-8", "replace")),
    ),
    kind=st.sampled_from(["books", "marc"]),
)
def test_no_bytes_break_the_page(client, librarian, content, kind):
    response = upload_by_hand(client, content, kind, "书.mrc")
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert client.get(response.url).status_code == 200


def test_the_blank_register_can_be_filled_in(client, librarian):
    content = b"".join(client.get(reverse("admin:organization_registerimport_template", args=["books"])))
    assert "没有数据行" in upload(client, content, "books").content.decode()
    assert client.get(reverse("admin:organization_registerimport_template", args=["marc"])).status_code == 404


@pytest.mark.parametrize("query", ["", "?kind=books", "?kind=marc"])
def test_the_pages_before_the_preview(client, librarian, query):
    page = client.get(reverse(ADD) + query)
    assert (page.status_code, faults(page.content.decode())) == (200, [])


def test_a_preview_asks_as_little_for_many_rows_as_for_one(client, librarian, tmp_path):
    counts = []
    for many in (1, 30):
        found = looked_at(client, books_file(tmp_path, *[row(f"书{number}") for number in range(many)]), "books")
        counts.append(queries(client, address(found)))
    assert counts[0] == counts[1] <= 10


def test_a_preview_that_is_no_longer_true_is_shown_anew(client, librarian, tmp_path):
    found = looked_at(client, books_file(tmp_path, row(位置="甲室")), "books")
    other = looked_at(client, books_file(tmp_path, row(位置="甲室", 册数=2)), "books")
    decide(client, other)
    assert "预览之后资料有了变化" in decide(client, found).content.decode()
    assert Copy.objects.count() == 2
