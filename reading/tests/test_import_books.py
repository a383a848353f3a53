"""import_books: what comes in, and that a file twice changes nothing."""

from datetime import date

import pytest
from django.db.models import Count
from django.utils import timezone

from organization.models import AccessAction, AccessEvent
from reading.models import Book, Copy, CopyEvent, Place, SubjectArea, Suggestion, SuggestionEvent
from reading.services.arrivals_write import Arriving, write_arrivals
from reading.services.search import compare_index, found_by, index_books, search_text_of
from reading.services.shelving import Shelving
from reading.states import CopyAction, CopyState
from reading.tests.acquisitions import a_suggestion
from reading.tests.arriving import HEADER, ISBNS, catalogue, file, refused, row
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory
from shuxiang.tests.registers import run

__all__ = ["file"]
pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)


# --- what comes in -------------------------------------------------------------


def test_a_row_brings_a_title_with_numbered_copies_at_their_place(file):
    path = file(
        row(
            "呐喊", ISBN="978-7-02-000220-7", 作者="鲁迅", 出版社="人民文学出版社", 出版年="1998年",
            分类="文学经典/I210.6", 册数=3, 位置="阅览室/A架", 来源="捐赠", 捐赠人="王某", 入藏日期="2024-03-01",
        )
    )  # fmt: skip
    said = run("import_books", path)
    book = Book.objects.get()
    assert (book.isbn, book.title, book.author, book.publisher, book.year, book.clc, book.call_number) == (
        "9787020002207", "呐喊", "鲁迅", "人民文学出版社", 1998, "I210.6", "I210.6/1",
    )  # fmt: skip
    assert book.area == SubjectArea.objects.get(name="文学经典")
    assert book.search_text == search_text_of(book) != ""
    assert compare_index().outdated == 0
    assert found_by(Book.objects.all(), "nahan luxun").get() == book
    copies = Copy.objects.order_by("barcode")
    assert [copy.barcode for copy in copies] == ["SX000001", "SX000002", "SX000003"]
    assert {(copy.home.name, copy.source, copy.donor, copy.acquired_on, copy.state) for copy in copies} == {
        ("A架", "donation", "王某", DAY, CopyState.AVAILABLE)
    }
    shelf = Place.objects.get(name="A架")
    assert (shelf.kind, shelf.parent.name, shelf.parent.kind) == ("shelf", "阅览室", "room")
    events = CopyEvent.objects.all()
    assert [(event.action, event.to_state, event.to_place, event.actor) for event in events] == [
        (CopyAction.REGISTER, CopyState.AVAILABLE, shelf, None)
    ] * 3
    assert (
        "新建地点 2 处：阅览室、阅览室/A架" in said,
        "新馆藏 3 册：阅览室/A架 3 册" in said,
        "新增 1 行" in said,
    ) == (True,) * 3
    event = AccessEvent.objects.get(action=AccessAction.IMPORT)
    assert (event.actor, event.about) == (None, "图书 图书.xlsx")


def test_only_the_name_must_be_there(file, time_machine):
    time_machine.move_to("2024-05-06 10:00+08:00")
    run("import_books", file(["大学", None], header=["书名", "作者"]))
    copy = Copy.objects.get()
    assert (copy.book.title, copy.home.name, copy.source, copy.acquired_on) == (
        "大学",
        "阅览室",
        "purchase",
        date(2024, 5, 6),
    )


def test_columns_stand_in_any_order_and_csv_in_gbk_is_read(tmp_path):
    path = tmp_path / "图书.csv"
    path.write_bytes("位置,书名,册数\r\n走廊书角,论语,2\r\n".encode("gbk"))
    run("import_books", path)
    assert (Copy.objects.count(), Place.objects.get().kind) == (2, "corner")


def test_rows_of_one_isbn_are_copies_of_one_title_in_several_places(file):
    run(
        "import_books",
        file(row("论语", ISBN=ISBNS[0], 位置="甲室", 册数=2), row("《论语》", ISBN=ISBNS[0], 位置="乙室")),
    )
    assert (Book.objects.count(), Copy.objects.filter(home__name="甲室").count(), Copy.objects.count()) == (1, 2, 3)


def test_without_isbn_title_author_publisher_and_year_tell_titles_apart(file):
    rows = [
        row("论语", 作者="甲"),
        row("论语", 作者="甲", 册数=2),
        row("论语", 作者="乙"),
        row("论语", 作者="甲", 出版年=1990),
    ]
    run("import_books", file(*rows))
    counts = Book.objects.annotate(number=Count("copies")).values_list("author", "year", "number")
    assert sorted(counts, key=str) == [("乙", None, 1), ("甲", 1990, 1), ("甲", None, 3)]


DIVISIONS = {
    "I210.6": (None, "I210.6"), "i210.6": (None, "I210.6"), "I 类": (None, "I"), "I": (None, "I"),
    "TP311.13": (None, "TP311.13"), "D922.1-62": (None, "D922.1-62"), "": (None, ""), "文学经典": ("文学经典", ""),
    "文学经典 I210.6": ("文学经典", "I210.6"), "I210.6；文学经典": ("文学经典", "I210.6"),
    "政治理论／D0": ("政治理论", "D0"),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "found"), DIVISIONS.items())
def test_areas_and_classes_are_told_apart_by_form(file, typed, found):
    run("import_books", file(row(分类=typed)))
    book = Book.objects.get()
    assert (book.area and book.area.name, book.clc) == found


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        (1998, 1998),
        ("1998年", 1998),
        ("1998.5", 1998),
        (1998.5, 1998),
        ("1998-05", 1998),
        (date(1998, 5, 1), 1998),
        (" １９９８ ", 1998),
    ],
)
def test_years_as_offices_write_them(file, typed, year):
    run("import_books", file(row(出版年=typed)))
    assert Book.objects.get().year == year


def test_a_place_is_known_by_name_code_or_path(file):
    room = PlaceFactory(code="R1", name="三楼阅览室")
    shelf = PlaceFactory(code="R1-A", name="A架", parent=room)
    rows = [
        row("甲", 位置="r1"),
        row("乙", 位置="三楼阅览室"),
        row("丙", 位置="A架"),
        row("丁", 位置="三楼阅览室／A架"),
    ]
    run("import_books", file(*rows))
    assert list(Copy.objects.order_by("book_id").values_list("home", flat=True)) == [
        room.pk,
        room.pk,
        shelf.pk,
        shelf.pk,
    ]
    assert Place.objects.count() == 2


def test_a_new_place_that_is_nearly_a_known_one_is_asked_about(file):
    PlaceFactory(name="三楼阅览室")
    assert "三楼阅览式（是否为“三楼阅览室”？）" in run("import_books", file(row(位置="三楼阅览式")), dry_run=True)
    assert Place.objects.count() == 1


def test_blank_columns_of_a_known_title_are_filled_and_others_kept(file):
    book = BookFactory(isbn=ISBNS[0], title="论语", author="孔丘", publisher="")
    run("import_books", file(row(ISBN=ISBNS[0], 作者="孔子", 出版社="古籍书局", 分类="B222.2")))
    book.refresh_from_db()
    assert (book.author, book.publisher, book.clc) == ("孔丘", "古籍书局", "B222.2")
    assert "古籍书局" in book.search_text


def test_what_somebody_did_to_a_title_between_check_and_writing_stays():
    book = BookFactory(isbn=ISBNS[0], title="论语", author="", publisher="")
    area = SubjectArea.objects.all()[0]
    arriving = Arriving(DAY, timezone.now(), None, Shelving())
    arriving.fill(book, {"author": "孔丘", "publisher": "古籍书局", "area_id": area.pk})
    Book.objects.filter(pk=book.pk).update(title="论语译注", summary="新写的", publisher="别的书局")
    write_arrivals(arriving, {})
    stored = Book.objects.get()
    told = (stored.title, stored.summary, stored.publisher, stored.author, stored.area)
    assert told == ("论语译注", "新写的", "别的书局", "孔丘", area)
    assert "论语译注" in stored.search_text
    assert index_books(Book.objects.all()) == 0


# --- the same file twice ----------------------------------------------------------

ROWS = [
    row("论语", ISBN=ISBNS[0], 位置="甲室", 册数=2),
    row("论语", ISBN=ISBNS[0], 位置="甲室", 册数=2),
    row("孟子", 作者="孟轲", 位置="甲室", 来源="捐赠", 捐赠人="王某", 入藏日期="2024-03-01", 册数=3),
    row("大学", 位置="乙室/A架"),
]


def nothing_changes(path) -> None:
    before = catalogue()
    said = run("import_books", path)
    assert catalogue() == before
    assert "新增 0 行，修改 0 行，未变" in said


def test_the_same_file_twice_changes_nothing(file, time_machine):
    time_machine.move_to("2024-05-06 10:00+08:00")
    path = file(*ROWS)
    run("import_books", path)
    assert Copy.objects.count() == 8
    nothing_changes(path)
    time_machine.move_to("2025-01-02 10:00+08:00")
    nothing_changes(path)


def test_whatever_became_of_the_copies_and_titles_meanwhile(file):
    path = file(*ROWS)
    run("import_books", path)
    first, second, third = Copy.objects.filter(book__title="孟子")
    Copy.objects.filter(pk=first.pk).update(home=PlaceFactory(name="丙室"))
    Copy.objects.filter(pk=second.pk).update(state=CopyState.LOST, left_on=DAY)
    Copy.objects.filter(pk=third.pk).update(
        state=CopyState.WITHDRAWN, left_on=DAY, donor="王某某", acquired_on=date(2024, 1, 1)
    )
    Book.objects.filter(title="孟子").update(title="孟子译注", author="孟子")
    Book.objects.filter(title="论语").update(title="论语译注")
    Place.objects.filter(name="甲室").update(name="一楼阅览室", is_closed=True)
    nothing_changes(path)


def test_a_larger_number_brings_the_missing_copies_alone(file):
    run("import_books", file(row(册数=2)))
    run("import_books", file(row(册数=5)))
    assert Copy.objects.count() == 5
    run("import_books", file(row(册数=2)))
    assert Copy.objects.count() == 5


def test_what_was_entered_by_hand_and_is_alike_counts(file):
    place = PlaceFactory(name="甲室")
    book = BookFactory(isbn=ISBNS[0], title="论语", author="")
    CopyFactory(book=book, home=place, acquired_on=DAY)
    run("import_books", file(row(ISBN=ISBNS[0], 位置="甲室", 册数=2, 入藏日期="2024-03-01")))
    assert Copy.objects.count() == 2


def test_pieces_make_no_difference(file, monkeypatch):
    path = file(*ROWS, *[row(f"书{number}", 分类="I2", 位置="甲室") for number in range(5)])
    monkeypatch.setattr("shuxiang.workbooks.piece_command.PIECE", 1)
    run("import_books", path)
    assert (Copy.objects.count(), Book.objects.count()) == (13, 8)
    assert sorted(Book.objects.filter(clc="I2").values_list("call_number", flat=True)) == [
        f"I2/{n}" for n in range(1, 6)
    ]
    nothing_changes(path)


# --- barcodes of the office's own --------------------------------------------------


def test_barcodes_and_call_numbers_of_the_office_are_kept(file):
    header = [*HEADER, "条码", "索书号", "状态"]
    path = file(
        [*row("甲", 分类="I2"), "TM-0001", "I2/7", "在架"], [*row("乙", 分类="I2"), None, None, None], header=header
    )
    run("import_books", path)
    assert dict(Copy.objects.values_list("book__title", "barcode")) == {"甲": "TM-0001", "乙": "SX000001"}
    assert dict(Book.objects.values_list("title", "call_number")) == {"甲": "I2/7", "乙": "I2/8"}
    nothing_changes(path)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[*row("甲"), "A1", ""], [*row("甲"), "A1", ""]], "条码 A1 在文件里重复"),
        ([[*row("乙"), "OLD1", ""]], "条码 OLD1 已用在《旧书》上"),
        ([[*row("甲", 册数=2), "A1", ""]], "写了条码的行只能是 1 册"),
        ([[*row("甲"), "中文", ""]], "不能作条码"),
        ([[*row("甲"), "A1", "剔除"]], "是已丢失或剔除的馆藏"),
    ],
)
def test_a_barcode_is_of_one_copy(file, rows, says):
    CopyFactory(barcode="OLD1", book=BookFactory(title="旧书"), home=PlaceFactory(name="阅览室"))
    assert says in refused(file(*rows, header=[*HEADER, "条码", "状态"]))


def test_copies_that_a_register_brings_settle_what_was_suggested(file):
    wanted, other = a_suggestion(isbn=ISBNS[0]), a_suggestion(isbn=ISBNS[1])
    run("import_books", file(row("呐喊", ISBN=ISBNS[0], 册数=1, 位置="阅览室")))
    assert [Suggestion.objects.get(pk=each.pk).state for each in (wanted, other)] == ["bought", "open"]
    assert SuggestionEvent.objects.values_list("action", "actor").last() == ("buy", None)
