"""import_marc and export_marc: what comes in and goes out, twice, damaged, and in large numbers of forms."""

import pymarc
import pytest
from django.core.management import CommandError
from django.db.models import F

from organization.models import AccessAction, AccessEvent
from reading.models import Book, Copy, CopyEvent, Suggestion
from reading.services.marc_register import read_marc
from reading.states import CopyState
from reading.tests.acquisitions import a_suggestion
from reading.tests.arriving import ISBNS, SAMPLES, books_file, catalogue, row
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory
from reading.tests.marc_files import CALIS, LINKED, iso2709, plain_cnmarc, write, xml_of, xml_record
from shuxiang.tests.registers import refusal, run
from shuxiang.workbooks.refusal import WorkbookRefused

pytestmark = pytest.mark.django_db
NAMES = ["cnmarc_gbk.iso", "cnmarc_utf8.iso", "marc21.xml", "marc21_utf8.mrc"]


def nothing_changes(path, **options) -> None:
    before = catalogue()
    assert "新增 0 条，修改 0 条，未变" in run("import_marc", path, **options)
    assert catalogue() == before


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_make_titles_and_a_second_time_nothing(name):
    said = run("import_marc", SAMPLES / name)
    assert ("新书目 30 种" in said, Book.objects.count(), Copy.objects.count()) == (True, 30, 0)
    assert Book.objects.exclude(search_text="").exclude(call_number="").count() == 30
    nothing_changes(SAMPLES / name)
    event = AccessEvent.objects.get(action=AccessAction.IMPORT)
    assert (event.about, event.actor) == (f"MARC 书目 {name}", None)


def test_one_after_the_other_they_are_the_same_titles():
    for name in NAMES:
        run("import_marc", SAMPLES / name)
    assert Book.objects.count() == 30


def test_with_a_place_each_title_gets_one_copy_there():
    for _ in range(2):
        run("import_marc", SAMPLES / NAMES[0], place="阅览室/A架")
    assert (Copy.objects.count(), Copy.objects.filter(home__name="A架").count()) == (30, 30)
    Copy.objects.filter(book__title="诗经").update(state=CopyState.WITHDRAWN, left_on=F("acquired_on"))
    nothing_changes(SAMPLES / NAMES[0], place="阅览室/A架")


@pytest.mark.parametrize("fields", [CALIS, LINKED])
def test_barcodes_and_places_of_the_record_make_its_copies(tmp_path, fields):
    path = write(tmp_path, iso2709(fields))
    run("import_marc", path)
    assert list(Copy.objects.values_list("barcode", flat=True)) == ["TM0001", "TM0002"]
    assert (Book.objects.get().call_number, CopyEvent.objects.count()) == ("I210.6/12", 2)
    Copy.objects.update(home=PlaceFactory(name="别处"))
    Book.objects.update(title="另一个题名")
    nothing_changes(path)


def test_a_place_without_barcodes_is_one_copy(tmp_path):
    path = write(tmp_path, iso2709(plain_cnmarc(extra=[("905", "  $aSX$c阅览室")])))
    run("import_marc", path)
    nothing_changes(path)
    assert Copy.objects.get().home.name == "阅览室"


def test_records_are_told_by_number_field_and_reason_and_nothing_is_written(tmp_path):
    CopyFactory(barcode="TM0001", book=BookFactory(title="别的书"))
    path = write(
        tmp_path,
        iso2709(plain_cnmarc()),
        iso2709(plain_cnmarc(isbn="9787020002208")),
        iso2709([("010", f"  $a{ISBNS[0]}")]),
        iso2709(plain_cnmarc("长" * 201)),
        b"rubbish\x1d",
        iso2709(CALIS),
        iso2709(plain_cnmarc())[:-30],
    )
    before = catalogue()
    said = refusal("import_marc", path)
    for line in (
        "“MARC”第 2 条记录“010”：“9787020002208”的校验位不对，请对照版权页核对",
        "“MARC”第 3 条记录“题名”：没有题名",
        "“MARC”第 4 条记录“200”：",
        "“MARC”第 5 条记录：没有完整的头标和目录",
        "“MARC”第 6 条记录“馆藏”：条码 TM0001 已用在《别的书》上",
        "“MARC”第 7 条记录：记录不完整",
        "6 条有误，没有写入任何数据",
    ):
        assert line in said, said
    assert catalogue() == before


@pytest.mark.parametrize(("tags", "at"), [(("200", "690"), "690"), (("245", "093"), "093")])
def test_a_class_longer_than_the_column_is_refused(tmp_path, tags, at):
    fields = [(tags[0], "10$a诗经"), (tags[1], f"  $aB{'2' * 150}")]
    assert f"“{at}”：“B222" in (said := refusal("import_marc", write(tmp_path, iso2709(fields))))
    assert "有 151 个字，最多 50 个字" in said
    assert Book.objects.count() == 0


def test_more_copies_than_a_record_has_are_refused_and_more_than_the_desk_takes_are_for_the_command(tmp_path):
    pieces = [f"  {''.join(f'$bT{number:06}' for number in range(some, some + 500))}" for some in range(0, 1_500, 500)]
    titled = ("200", "1 $a诗经")
    path = write(tmp_path, iso2709([titled, *[("905", piece) for piece in pieces]]))
    assert "“馆藏”：有 1500 册，一条记录最多 1000 册" in refusal("import_marc", path)
    record = iso2709([titled, *[("905", piece) for piece in pieces[:2]]])
    many = write(tmp_path, record * 21)
    with pytest.raises(WorkbookRefused, match=r"超过 20000 册.*manage.py import_marc 文件"):
        read_marc(many, 20_000)
    assert len(read_marc(many).records["MARC"]) == 21


def test_bad_records_are_kept_in_a_file_of_the_same_form_with_their_reasons(tmp_path):
    bad = iso2709(plain_cnmarc("坏", isbn="9787020002208"), "gbk")
    out = tmp_path / "退回.iso"
    run("import_marc", write(tmp_path, iso2709(plain_cnmarc("好"), "gbk"), bad), skip_bad=out)
    assert (out.read_bytes(), list(Book.objects.values_list("title", flat=True))) == (bad, ["好"])
    assert "“MARC”第 2 条记录“010”" in out.with_suffix(".txt").read_text()
    out.write_bytes(bad.replace(b"2208", b"2207"))
    run("import_marc", out)
    assert Book.objects.count() == 2


def test_bad_records_of_xml_are_kept_as_xml(tmp_path):
    out = tmp_path / "退回.xml"
    bad = '<datafield tag="010" ind1=" " ind2=" "><subfield code="a">9787020002208</subfield></datafield>'
    content = xml_of(xml_record("好") + xml_record("坏", bad)).encode()
    run("import_marc", write(tmp_path, content, name="a.xml"), skip_bad=out)
    (record,) = pymarc.parse_xml_to_array(str(out))
    assert record["200"]["a"] == "坏"


def test_a_broken_xml_file_writes_nothing_even_with_skip_bad(tmp_path):
    before = catalogue()
    content = xml_of("".join(xml_record(f"书{number}") for number in range(3_000)))[:-200].encode()
    said = refusal("import_marc", write(tmp_path, content, name="a.xml"), skip_bad=tmp_path / "out.xml")
    assert ("XML 不完整或有误" in said, catalogue() == before) == (True, True)


def test_a_dry_run_writes_nothing():
    before = catalogue()
    assert "新增 30 条，修改 0 条，未变 0 条（未写入）" in run("import_marc", SAMPLES / NAMES[0], dry_run=True)
    assert catalogue() == before


def test_progress_is_shown(tmp_path, monkeypatch):
    monkeypatch.setattr("shuxiang.workbooks.piece_command.PIECE", 10)
    monkeypatch.setattr("shuxiang.workbooks.piece_command.TOLD_EVERY", 10)
    said = run("import_marc", SAMPLES / NAMES[0])
    assert said.splitlines()[:3] == ["已处理 10 条……", "已处理 20 条……", "已处理 30 条……"]


# --- and out again -----------------------------------------------------------------

FORMS = [("cnmarc", "书.iso"), ("cnmarc", "书.xml"), ("marc21", "书.mrc"), ("marc21", "书.xml")]
ODD = [
    row("呐喊", ISBN=ISBNS[0], 作者="鲁迅", 出版社="人民文学", 出版年=1998, 分类="I210.6", 册数=2, 位置="阅览室/A架"),
    row("没有ISBN的书", 作者="张三；李四", 出版年=1956, 位置="阅览室"),
    row("1984 = 动物农场 / 两种", ISBN=ISBNS[1], 作者="Orwell, George", 位置="走廊书角"),
    row("《诗经》<今注> & \"译\"", ISBN=ISBNS[2], 位置="阅览室"),
    row("A.", 位置="阅览室"),
]  # fmt: skip


def read_back(path) -> list[pymarc.Record]:
    if path.suffix == ".xml":
        return pymarc.parse_xml_to_array(str(path))
    with path.open("rb") as file:
        return list(pymarc.MARCReader(file))


@pytest.fixture
def stocked(tmp_path):
    run("import_books", books_file(tmp_path, *ODD))
    Book.objects.filter(isbn=ISBNS[0]).update(
        summary="长" * 9_000, keywords="小说；中国", price="CNY9.00", subtitle="小说集"
    )


@pytest.mark.parametrize(("kind", "name"), FORMS)
def test_what_goes_out_is_read_back_equal_by_pymarc(tmp_path, stocked, kind, name):
    assert "5 种书目已写入" in run("export_marc", tmp_path / name, format=kind)
    records = read_back(tmp_path / name)
    isbn, title, clc, shelved = ("010", "200", "690", "905") if kind == "cnmarc" else ("020", "245", "084", "852")
    publisher, year = ("210", "264")[kind == "marc21"], ("d", "c")[kind == "marc21"]
    code = "b" if kind == "cnmarc" else "p"
    for book, record in zip(Book.objects.order_by("pk"), records, strict=True):
        authors = [
            each["a"]
            for each in record.get_fields("701", "100", "700")
            if "0em" not in each["a"] and "chiy" not in each["a"]
        ]
        found = (record[isbn]["a"] if isbn in record else "", record[title]["a"], "；".join(authors))
        assert found == (book.isbn, book.title, book.author)
        assert (record[clc]["a"] if clc in record else "") == book.clc
        imprint = record.get(publisher)
        pair = ((imprint.get("c" if kind == "cnmarc" else "b") or ""), imprint.get(year) or "") if imprint else ("", "")
        assert pair == (book.publisher, str(book.year or ""))
        codes = {value for each in record.get_fields(shelved) for value in each.get_subfields(code)}
        assert codes == set(book.copies.values_list("barcode", flat=True))


@pytest.mark.parametrize(("kind", "name"), FORMS)
def test_what_goes_out_changes_nothing_when_it_comes_in_again(tmp_path, stocked, kind, name):
    run("export_marc", tmp_path / name, format=kind)
    nothing_changes(tmp_path / name)


@pytest.mark.parametrize(("kind", "name"), FORMS)
def test_an_empty_portal_takes_it_as_it_was(tmp_path, stocked, kind, name):
    columns = ("isbn", "title", "subtitle", "author", "publisher", "year", "clc", "call_number", "price", "keywords")
    wanted = list(Book.objects.order_by("isbn", "title").values_list(*columns))
    copies = list(Copy.objects.values_list("barcode", "home__name"))
    run("export_marc", tmp_path / name, format=kind)
    for model in (CopyEvent, Copy, Book):
        model.objects.all().delete()
    run("import_marc", tmp_path / name)
    found = list(Book.objects.order_by("isbn", "title").values_list(*columns))
    assert found == wanted
    assert list(Copy.objects.values_list("barcode", "home__name")) == copies


@pytest.mark.parametrize(("kind", "name"), FORMS)
def test_a_call_number_like_a_class_and_one_without_a_slash_go_out_and_in(tmp_path, kind, name):
    place = PlaceFactory()
    for call_number, barcode in (("I210.6/12", "TM1"), ("TP312 C33", "TM2")):
        book = BookFactory(call_number=call_number, clc="", title=call_number, isbn="")
        CopyFactory(book=book, home=place, barcode=barcode)
    run("export_marc", tmp_path / name, format=kind)
    nothing_changes(tmp_path / name)
    for model in (CopyEvent, Copy, Book):
        model.objects.all().delete()
    run("import_marc", tmp_path / name)
    assert set(Book.objects.values_list("call_number", "clc")) == {("I210.6/12", ""), ("TP312 C33", "")}


def test_a_title_with_very_many_copies_stands_in_several_records(tmp_path):
    book, place = BookFactory(), PlaceFactory()
    Copy.objects.bulk_create(
        Copy(book=book, barcode=f"SX{number:06}", home=place, acquired_on="2024-01-01") for number in range(1, 2_502)
    )
    run("export_marc", tmp_path / "书.mrc", format="marc21")
    assert len(read_back(tmp_path / "书.mrc")) == 3
    nothing_changes(tmp_path / "书.mrc")


def test_an_unknown_ending_and_a_missing_folder_are_said(tmp_path):
    with pytest.raises(CommandError, match=r"应以 .mrc、.iso、.marc、.xml 之一结尾"):
        run("export_marc", tmp_path / "书.txt")
    with pytest.raises(CommandError, match="写不了"):
        run("export_marc", tmp_path / "none" / "书.mrc")


def test_copies_of_a_marc_file_settle_what_was_suggested_and_titles_alone_do_not():
    run("import_marc", SAMPLES / NAMES[0])
    suggestion = a_suggestion(isbn=Book.objects.exclude(isbn="").first().isbn)
    run("import_marc", SAMPLES / NAMES[0])
    assert Suggestion.objects.get(pk=suggestion.pk).state == "open"
    run("import_marc", SAMPLES / NAMES[0], place="阅览室")
    assert Suggestion.objects.get(pk=suggestion.pk).state == "bought"
