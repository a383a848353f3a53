"""MARC files as Chinese and foreign systems leave them."""

import pytest

from reading.marc.files import read
from reading.marc.persons import persons_of
from reading.marc.reading import read_title
from reading.marc.words import class_of, trimmed
from reading.tests.marc_files import Fields, iso2709, plain_cnmarc, titles, write, xml_of, xml_record

TITLED: tuple[str, str] = ("200", "1 $a呐喊$f鲁迅著")
ENGLISH: tuple[str, str] = ("245", "10$aAlgorithms /$cby A. Author.")


@pytest.mark.parametrize(
    "written",
    [
        "978–7–02–000220–7", "978‐7‐02‐000220‐7（精装）", "978 - 7 - 02 - 000220 - 7", "9787020002207 38.00元",
        "7-02-000220-X 0.35", "ISBN 7-02-000220-X：CNY3.00", "９７８７０２０００２２０７", "9787020002207 2003",
    ],
)  # fmt: skip
def test_an_isbn_is_found_in_what_stands_around_it(tmp_path, written):
    assert titles(write(tmp_path, iso2709([("010", f"  $a{written}$dCNY45.00"), TITLED])))[0].isbn == "9787020002207"


@pytest.mark.parametrize("written", ["97870200022071", "978702000220", "7020002200 2003"])
def test_an_isbn_with_a_digit_too_many_or_too_few_is_told(tmp_path, written):
    (found,) = read(write(tmp_path, iso2709([("010", f"  $a{written}"), TITLED])))
    assert [tag for tag, _ in read_title(found.record)[1]] == ["010"]


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("[清]曹雪芹著", ["曹雪芹"]),
        ("（清）曹雪芹, 高鹗著 ; 启功注", ["曹雪芹", "高鹗"]),
        ("(美)海明威(E. Hemingway)著", ["海明威"]),
        ("〔日〕村上春树著 ; 林少华译", ["村上春树"]),
        ("张三 ... [等] 编著", ["张三"]),
        ("张三等著", ["张三"]),
        ("张三[等著]", ["张三"]),
        ("鲁迅著 ; 丰子恺绘", ["鲁迅"]),
        ("司马迁撰, 裴骃集解", ["司马迁"]),
        ("张三、李四译", ["张三", "李四"]),
        ("张三；李四著", ["张三", "李四"]),
        ("张三执行主编", ["张三"]),
        ("曹雪芹原著", ["曹雪芹"]),
        ("[司马迁著]", ["司马迁"]),
        ("主编：张三", ["张三"]),
        ("edited by Lu Xun.", ["Lu Xun"]),
        ("王作", ["王作"]),
        ("", []),
    ],
)
def test_who_a_statement_of_responsibility_names(statement, names):
    assert persons_of(statement) == names


WILD: list[tuple[Fields, str, object]] = [
    ([TITLED, ("214", " 0$a北京$c人民出版社$d2020"), ("214", " 3$a廊坊$c印刷厂$d2021")], "publisher", "人民出版社"),
    ([TITLED, ("210", "  $c人民出版社$d2020"), ("214", " 4$d2019")], "year", 2020),
    ([TITLED, ("210", "  $d199805")], "year", 1998),
    ([TITLED, ("210", "  $d19980501")], "year", 1998),
    ([("200", "1 $A呐喊$F鲁迅著")], "title", "呐喊"),
    ([("200", "1 $a呐喊$Ana han$f鲁迅著")], "title", "呐喊"),
    ([TITLED, ("690", "  $aI712.45;I712.84$v5")], "clc", "I712.45"),
    ([TITLED, ("690", "  $aPS3563.O8"), ("690", "  $aI712.45")], "clc", "I712.45"),
    ([TITLED, ("905", "  $bTM1$c阅览室$eTP312 C33")], "call_number", "TP312 C33"),
    ([TITLED, ("905", "  $bTM1$c阅览室$e12")], "call_number", ""),
    ([ENGLISH], "author", "A. Author"),
    ([ENGLISH, ("050", " 0$aQA76"), ("082", "00$a005.1"), ("084", "  $aQA76"), ("090", "  $aTP301")], "clc", ""),
    ([ENGLISH, ("040", "  $aCNPKU$bchi"), ("090", "  $aTP301.6$bA1")], "clc", "TP301.6"),
]


@pytest.mark.parametrize(("fields", "column", "value"), WILD)
def test_what_stands_in_rarer_fields(tmp_path, fields, column, value):
    assert getattr(titles(write(tmp_path, iso2709(fields)))[0], column) == value


def test_barcodes_in_one_subfield_and_in_full_width_are_told_apart(tmp_path):
    (title,) = titles(
        write(tmp_path, iso2709(plain_cnmarc(extra=[("905", "  $bＴＭ０００１；TM0002 TM0003$c阅览室")])))
    )
    assert [each.barcode for each in title.holdings] == ["TM0001", "TM0002", "TM0003"]


@pytest.mark.parametrize("word", ["TP312", "DF4", "D9", "S-092", "i247.5"])
def test_a_class_has_one_letter_but_for_technology_and_law(word):
    assert class_of(word) == word.upper()
    assert class_of(f"Q{word}") == ""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("slip", ["\x1b", "\x1b["])
def test_an_escape_within_chinese_does_not_make_it_something_else(tmp_path, encoding, slip):
    (title,) = titles(
        write(tmp_path, iso2709([("200", f"1 $a呐喊$e小说集{slip}"), ("210", "  $c人民出版社")], encoding))
    )
    assert (title.title, title.publisher) == ("呐喊", "人民出版社")


def test_positions_that_five_digits_cannot_tell_leave_the_fields_in_their_order(tmp_path):
    fields = [("200", "1 $a呐喊"), *[("330", "  $a" + "长" * 3_000)] * 12, ("690", "  $aI210.6"), ("701", " 0$a鲁迅")]
    raw = iso2709(fields)
    directory, place = b"", 0
    for content in raw.partition(b"\x1e")[2].removesuffix(b"\x1e\x1d").split(b"\x1e"):
        entry = raw[24 + len(directory) : 36 + len(directory)]
        directory += entry[:7] + f"{place % 100_000:05}".encode()
        place += len(content) + 1
    (title,) = titles(write(tmp_path, raw[:24] + directory + raw[24 + len(directory) :]))
    assert (title.title, title.clc, title.author) == ("呐喊", "I210.6", "鲁迅")


@pytest.mark.parametrize("text", ["," * 150_000, " ," * 75_000, " " * 150_000, "(" * 150_000, "著" * 150_000])
def test_a_field_of_mere_signs_is_read_like_another(text):
    assert trimmed(f"甲{text}乙") == f"甲{text}乙"
    assert persons_of(f"甲{text}乙")[0][0] == "甲"


def test_a_text_file_is_told_to_be_none(tmp_path):
    (found,) = read(write(tmp_path, "ISBN,书名\n9787020002207,呐喊\n".encode()))
    assert "不是 ISO 2709 记录，请确认选对了文件" in found.fault


def declared(encoding: str, title: str) -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    return xml_of(xml_record(title), head).encode(encoding)


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (declared("UTF-16-LE", "论语"), "论语"),
        (declared("UTF-16-BE", "论语"), "论语"),
        (declared("ISO-8859-1", "L'étranger créé à Nîmes, où l'été"), "L'étranger créé à Nîmes, où l'été"),
        (declared("Big5", "紅樓夢"), "紅樓夢"),
        (declared("GBK", "中国通史").replace(b'"GBK"', b'"ISO-8859-1"'), "中国通史"),
        (b"\r\n  " + xml_of(xml_record()).encode(), "论语"),
        (b" " * 100 + xml_of(xml_record()).encode(), "论语"),
        (xml_of(xml_record()).encode() + b"\r\n\x1a", "论语"),
        (xml_of(xml_record()).encode() + b"\x00" * 1_000, "论语"),
        (xml_of(xml_record("<![CDATA[论语 & <注>]]>")).encode(), "论语 & <注>"),
    ],
)
def test_xml_in_rarer_encodings_and_with_something_around_it(tmp_path, content, title):
    assert [each.title for each in titles(write(tmp_path, content, name="a.dat"))] == [title]


def test_a_record_wrapped_by_a_harvester_is_one(tmp_path):
    wrapped = f"<OAI><record><header/><metadata>{xml_of(xml_record(), '')}</metadata></record></OAI>"
    assert [each.title for each in titles(write(tmp_path, wrapped.encode(), name="a.xml"))] == ["论语"]
