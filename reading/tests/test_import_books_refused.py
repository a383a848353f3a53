"""import_books: what is refused."""

from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError
from django.utils import timezone

from reading.models import Book, Copy, Place
from reading.services.book_register import SPECS, BookRegister, plan_books
from reading.tests.arriving import HEADER, ISBNS, catalogue, file, refused, row
from reading.tests.factories import BookFactory, PlaceFactory
from shuxiang.tests.registers import run
from shuxiang.workbooks.refusal import WorkbookRefused
from shuxiang.workbooks.registers import read_register

__all__ = ["file"]
pytestmark = pytest.mark.django_db
DAY, NOW = date(2024, 3, 1), timezone.now()


BAD = {
    "no title": (row("", 作者="甲"), "“书名”：为空"),
    "isbn digit": (row(ISBN="9787020002208"), "“ISBN”：“9787020002208”的校验位不对"),
    "isbn scientific": (row(ISBN="9.78702E+12"), "“ISBN”：“9.78702E+12”是科学计数法"),
    "isbn rounded": (row(ISBN=9787020000000.0), "末尾的几个 0 可能是 Excel 改的"),
    "isbn words": (row(ISBN="无"), "“ISBN”"),
    "year": (row(出版年="民国二十三年"), "“出版年”：“民国二十三年”不是年份"),
    "year early": (row(出版年=999), "“出版年”"),
    "year late": (row(出版年=2999), "2999 年不在"),
    "division": (row(分类="小说"), "“分类”：“小说”不是主题类别（政治理论、政策法规、业务知识、文学经典、科技前沿）"),
    "two areas": (row(分类="政治理论/文学经典"), "写了不止一个"),
    "class long": (row(分类="B" + "2" * 50), "有 51 个字，分类号最多 50 个字"),
    "class longer": (row(分类="B" + "2" * 80), "有 81 个字，分类号最多 50 个字"),
    "copies none": (row(册数=0), "“册数”：“0”不是册数"),
    "copies many": (row(册数=501), "“册数”"),
    "copies part": (row(册数=1.5), "“册数”"),
    "source": (row(来源="偷"), "“来源”：“偷”无效，请填写采购、捐赠、调拨之一"),
    "day": (row(入藏日期="3/1/2020"), "“入藏日期”"),
    "day to come": (row(入藏日期="2150-01-01"), "“入藏日期”：2150-01-01 在今天之后，请改正，不知道就留空"),
    "place": (row(位置="甲/乙/丙/丁/戊/己"), "“位置”"),
    "long": (row("长" * 30_000), "“书名”：有 30000 个字"),
    "digits": (row(册数="9" * 40), "“册数”"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_told_with_sheet_row_and_column_and_nothing_is_written(file, name):
    bad, says = BAD[name]
    said = refused(file(row("好书"), bad))
    assert ("“图书”第 3 行" in said, says in said, "没有写入任何数据" in said) == (True, True, True), said


def test_one_isbn_with_two_titles_is_refused(file):
    assert "这个 ISBN 已是《论语》" in refused(file(row("论语", ISBN=ISBNS[0]), row("孟子", ISBN=ISBNS[0])))
    BookFactory(isbn=ISBNS[1], title="大学")
    assert "这个 ISBN 已是《大学》" in refused(file(row("中庸", ISBN=ISBNS[1])))


def test_no_place_where_there_are_several_is_a_bad_row(file):
    PlaceFactory(name="甲室", position=1)
    PlaceFactory(name="乙室", position=2)
    assert "“位置”：为空，而地点不止一个（甲室、乙室），请填写放在哪里" in refused(file(row()))


def test_a_closed_place_and_one_of_two_of_a_name_are_refused(file):
    PlaceFactory(name="旧库", is_closed=True)
    for room in (PlaceFactory(name="甲室"), PlaceFactory(name="乙室")):
        PlaceFactory(name="A架", parent=room)
    assert "“旧库”已停用" in refused(file(row(位置="旧库")))
    assert "“A架”有 2 处" in refused(file(row(位置="A架")))


@pytest.mark.parametrize(
    "title", ["=cmd()", "\u202e反", "😀", "<script>alert(1)</script>", "'; DROP TABLE reading_book;--"]
)
def test_odd_titles_are_text(file, title):
    run("import_books", file(row(title)))
    assert Book.objects.get().title == title.replace("\u202e", "")


def test_rows_do_not_build_a_deep_tree(file):
    said = refused(file(*[row(f"书{number}", 位置=f"L{number}x/L{number + 1}x") for number in range(12)]))
    assert "“位置”：“L4x/L5x”会使地点一层套一层超过 5 层" in said


def test_more_copies_than_the_desk_takes_are_for_the_command(file):
    register = read_register(file(*[row(f"书{number}", 册数=500) for number in range(41)]), SPECS)
    with pytest.raises(WorkbookRefused, match=r"超过 20000 册.*manage.py import_books 文件"):
        plan_books(register, today=DAY, now=NOW)
    assert str(BookRegister(today=DAY, now=NOW).plan(register).created[-1]) == "新馆藏 20500 册：阅览室 20500 册"


@pytest.mark.parametrize("where", ["阅览室", "阅览室/新架"])
def test_nothing_comes_to_a_place_that_was_closed_after_the_look(file, where):
    room = PlaceFactory(name="阅览室")
    plan = plan_books(read_register(file(row(位置=where)), SPECS), today=DAY, now=NOW)
    Place.objects.filter(pk=room.pk).update(is_closed=True)
    before = catalogue()
    with pytest.raises(WorkbookRefused, match="没有导入。“阅览室”已经停用"):
        plan.apply()
    assert catalogue() == before


def test_bad_rows_are_kept_apart_mended_and_brought_in(file, tmp_path):
    out = tmp_path / "退回.xlsx"
    said = run("import_books", file(row("好书"), row("坏书", 册数="多")), skip_bad=out)
    assert ("1 行有误，已存入" in said, list(Book.objects.values_list("title", flat=True))) == (True, ["好书"])
    book = openpyxl.load_workbook(out)
    sheet = book["图书"]
    assert [cell.value for cell in sheet[1]] == [*HEADER, "原因"]
    sheet["G2"] = 2
    book.save(out)
    run("import_books", out)
    assert Copy.objects.filter(book__title="坏书").count() == 2


def test_a_dry_run_writes_nothing(file):
    path = file(row(位置="甲室", 册数=2))
    before = catalogue()
    said = run("import_books", path, dry_run=True)
    assert ("新增 1 行，修改 0 行，未变 0 行（未写入）" in said, "新增 论语：新书目、2 册" in said) == (True, True)
    assert catalogue() == before


def test_a_refused_file_that_cannot_be_written_stops_all(file, tmp_path):
    before = catalogue()
    with pytest.raises(CommandError, match="没有导入任何数据"):
        run("import_books", file(row(), row("坏", 册数="x")), skip_bad=tmp_path / "none" / "x.xlsx")
    assert catalogue() == before


def test_donations_without_donor_are_taken_with_a_word(file):
    assert "有 1 行来源是“捐赠”而没有写捐赠人" in run("import_books", file(row(来源="捐赠")))
    assert Copy.objects.get().source == "donation"
