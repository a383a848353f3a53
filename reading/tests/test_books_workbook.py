"""The catalogue as Excel: read back cell by cell, brought in again, and who may take it."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organization.models import AccessAction, AccessEvent
from organization.roles import Role
from reading.models import Book, Copy, CopyEvent, SubjectArea
from reading.tests.arriving import ISBNS, books_file, catalogue, row
from reading.tests.factories import reader
from shuxiang.tests.registers import run

pytestmark = pytest.mark.django_db
URL = "books_workbook"


@pytest.fixture
def stocked(tmp_path):
    run(
        "import_books",
        books_file(
            tmp_path,
            row("=cmd()", ISBN=ISBNS[0], 作者="+甲", 出版年=1998, 分类="文学经典/I210.6", 册数=2, 位置="阅览室/A架"),
            row("论语", 来源="捐赠", 捐赠人="@王某", 入藏日期="2024-03-01", 位置="走廊书角"),
        ),
    )


def sheet_of(content: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["图书"]
    return [[cell.value for cell in line] for line in book["图书"].iter_rows(min_row=3)]


def fetched(client, **query) -> list[list[object]]:
    response = client.get(reverse(URL), query)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return sheet_of(b"".join(response.streaming_content))


def test_every_copy_is_a_row_and_text_is_text(client, stocked):
    client.force_login(reader(Role.LIBRARIAN))
    header, *rows = fetched(client)
    assert header == [
        "条码", "索书号", "ISBN", "书名", "作者", "出版社", "出版年", "分类", "册数", "位置", "来源", "捐赠人",
        "入藏日期", "状态",
    ]  # fmt: skip
    assert [each[0] for each in rows] == ["SX000001", "SX000002", "SX000003"]
    assert rows[0][2:11] == [ISBNS[0], "=cmd()", "+甲", None, 1998, "文学经典/I210.6", 1, "阅览室/A架", "采购"]
    assert (rows[2][3], rows[2][11], str(rows[2][12])[:10], rows[2][13]) == ("论语", "@王某", "2024-03-01", "在架")


def test_it_can_be_brought_in_again(stocked, tmp_path):
    path = tmp_path / "清册.xlsx"
    assert "3 册馆藏已写入" in run("export_books", path)
    before = catalogue()
    assert "新增 0 行，修改 0 行，未变 3 行" in run("import_books", path)
    assert catalogue() == before
    wanted = list(
        Copy.objects.values_list("barcode", "book__title", "book__call_number", "home__name", "donor", "acquired_on")
    )
    for model in (CopyEvent, Copy, Book):
        model.objects.all().delete()
    run("import_books", path)
    columns = ("barcode", "book__title", "book__call_number", "home__name", "donor", "acquired_on")
    assert list(Copy.objects.values_list(*columns)) == wanted


def test_it_holds_what_the_list_shows(client, stocked):
    client.force_login(reader(Role.LIBRARIAN))
    area = SubjectArea.objects.get(name="文学经典").pk
    place = Copy.objects.get(book__title="论语").home_id
    counts = [len(fetched(client, **query)) - 1 for query in ({"q": "lunyu"}, {"area": area}, {"place": place})]
    assert counts == [1, 2, 1]
    odd = [{"area": "x"}, {"place": "9" * 40}, {"q": "'; --"}, {"q": "\x00"}, {"area": "²"}, {"place": "-1"}]
    assert all(len(fetched(client, **query)) >= 1 for query in odd)


def test_the_catalogue_leads_librarians_to_it_with_what_they_chose(client, stocked):
    client.force_login(reader(Role.LIBRARIAN))
    assert f'href="{reverse(URL)}"' in client.get(reverse("books")).content.decode()
    assert f'href="{reverse(URL)}?q=lunyu"' in client.get(reverse("books"), {"q": "lunyu"}).content.decode()
    client.force_login(reader())
    assert reverse(URL) not in client.get(reverse("books")).content.decode()


def test_taking_it_is_an_access_event(client, stocked):
    viewer = reader(Role.LIBRARIAN)
    client.force_login(viewer)
    fetched(client, q="论语")
    event = AccessEvent.objects.get(action=AccessAction.EXPORT)
    assert (event.actor, event.about, event.detail) == (viewer, "图书馆藏清册", "检索“论语”")


def test_it_asks_as_little_for_many_as_for_one(client, stocked, tmp_path):
    client.force_login(reader(Role.LIBRARIAN))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            fetched(client)
        counts.append(len(captured))
        run("import_books", books_file(tmp_path, *[row(f"书{number}", 位置="走廊书角") for number in range(30)]))
    assert counts[0] == counts[1] <= 10


def test_readers_do_not_take_it(client):
    client.force_login(reader())
    assert client.get(reverse(URL)).status_code == 404
