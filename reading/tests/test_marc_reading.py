"""MARC 21 and CNMARC as they are met: what must come out of each."""

import json
import re

import pymarc
import pytest

from reading.marc.files import read
from reading.marc.reading import read_title
from reading.marc.title import Holding, Title
from reading.tests.arriving import SAMPLES
from reading.tests.marc_files import (
    CALIS,
    LINKED,
    iso2709,
    plain_cnmarc,
    title_of,
    titles,
    write,
    xml_of,
    xml_record,
)
from shuxiang.workbooks.refusal import WorkbookRefused

ENCODINGS = ["utf-8", "gbk", "gb18030"]


@pytest.mark.parametrize("name", ["cnmarc_gbk.iso", "cnmarc_utf8.iso", "marc21.xml", "marc21_utf8.mrc"])
def test_the_samples_give_what_they_must(name):
    wanted = json.loads((SAMPLES / "records.json").read_text())
    columns = ("isbn", "title", "author", "clc", "year", "publisher")
    assert [[getattr(title, column) for column in columns] for title in titles(SAMPLES / name)] == [
        [each[column] for column in columns] for each in wanted
    ]


FOUND = Title(
    isbn="9787020002207", title="呐喊 第一卷", subtitle="鲁迅小说集", author="鲁迅", publisher="人民文学出版社",
    publication_place="北京", year=1998, edition="第2版", series="鲁迅作品集 1", extent="240页", price="CNY38.00",
    keywords="短篇小说；小说集；鲁迅著作", summary="本书收入小说十四篇。", clc="I210.6", call_number="I210.6/12",
    holdings=[Holding("TM0001", "阅览室/A架"), Holding("TM0002", "阅览室/A架")],
)  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("lengths", ["bytes", "characters", "zero"])
@pytest.mark.parametrize("leader", ["nam0 22", "nam0a22", "nam022x"])
def test_a_calis_record_in_any_encoding_with_any_lengths_and_leader(tmp_path, encoding, lengths, leader):
    assert titles(write(tmp_path, iso2709(CALIS, encoding, leader, lengths))) == [FOUND]


@pytest.mark.parametrize("leader", ["nam  22", "nam a22"])
def test_marc_21_in_pinyin_gives_the_linked_chinese(tmp_path, leader):
    (title,) = titles(write(tmp_path, iso2709(LINKED, leader=leader)))
    assert title == Title(
        isbn="9787020002207", title="呐喊", subtitle="鲁迅小说集", author="鲁迅", publisher="人民文学出版社",
        publication_place="北京", year=1998, edition="第2版", series="Lu Xun zuo pin ji 1", extent="240 pages",
        price="CNY39.50", keywords="Short stories, Chinese", summary="本书收入小说十四篇。", clc="I210.6",
        call_number="I210.6/12", holdings=[Holding("TM0001", "阅览室"), Holding("TM0002", "阅览室")],
    )  # fmt: skip


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\n\n", b"\x00\x1a"])
def test_what_stands_around_records_is_passed_over(tmp_path, between):
    one = iso2709(plain_cnmarc())
    assert [title.title for title in titles(write(tmp_path, b"\xef\xbb\xbf", one, between, one, between))] == [
        "论语"
    ] * 2


@pytest.mark.parametrize("title", ["紅樓夢資治通鑑", "一", "乱", "联通", "中国", "囍", "𠮷野家"])
def test_a_short_gbk_title_is_not_taken_for_something_else(tmp_path, title):
    fields = [("200", f"1 $a{title}")]
    assert [each.title for each in titles(write(tmp_path, iso2709(fields, "gb18030")))] == [title]
    assert [each.title for each in titles(write(tmp_path, iso2709(fields, "utf-8")))] == [title]


def test_the_delimiters_are_no_part_of_a_character(tmp_path):
    """Second bytes of GBK from 40 to 7E."""
    text = bytes([0x81, 0x40, 0xA0, 0x7E, 0xFE, 0x5C]).decode("gb18030")
    (title,) = titles(write(tmp_path, iso2709([("200", f"1 $a中国通史{text}$e一部通俗的读物")], "gb18030")))
    assert (title.title, title.subtitle) == (f"中国通史{text}", "一部通俗的读物")


def test_marc_8_with_a_blank_leader(tmp_path):
    latin = iso2709([("245", "00$aXX"), ("260", "  $aParis$c1998")], leader="nam  22").replace(b"XX", b"\xe2Etude")
    chinese = iso2709([("245", "00$aXXXXXXXXX")], leader="nam  22").replace(b"XXXXXXXXX", b"\x1b$1!0P\x1b(B")
    assert titles(write(tmp_path, latin))[0].title == "Étude"
    assert titles(write(tmp_path, chinese))[0].title == pymarc.marc8_to_unicode(b"\x1b$1!0P\x1b(B")


def test_combining_marks_are_composed(tmp_path):
    assert titles(write(tmp_path, iso2709([("245", "00$aE\u0301tude /$cX")], leader="nam a22")))[0].title == "Étude"


@pytest.mark.parametrize(
    ("fields", "column", "value"),
    [
        ([("200", "1 $a史记 /$f司马迁著, 裴骃集解")], "title", "史记"),
        ([("200", "1 $a史记$f[司马迁著]")], "author", "司马迁"),
        ([("200", "1 $a史记$f张三, 李四编著")], "author", "张三；李四"),
        ([("200", "1 $a甲"), ("701", " 0$a张三"), ("701", " 0$a李四"), ("702", " 0$a王五")], "author", "张三；李四"),
        ([("200", "1 $a甲"), ("702", " 0$a王五")], "author", "王五"),
        ([("200", "1 $a甲"), ("711", "02$a某局$b办公室")], "author", "某局 办公室"),
        ([("200", "1 $a甲"), ("210", "  $d民国23[1934]")], "year", 1934),
        ([("200", "1 $a甲"), ("100", "  $a20200101d1956    ")], "year", 1956),
        ([("200", "1 $a甲"), ("210", "  $a[北京]$c[商务印书馆]")], "publisher", "商务印书馆"),
        ([("200", "1 $a甲"), ("690", "  $ai210.6")], "clc", "I210.6"),
        ([("200", "1 $a甲"), ("905", "  $dTP311/3$e5")], "clc", ""),
        ([("245", "00$a甲 /"), ("084", "  $aD922$2clc5")], "clc", "D922"),
        ([("245", "00$a甲 /"), ("084", "  $aH31")], "clc", "H31"),
        ([("245", "00$a甲 /"), ("260", "  $a北京 :$b三联书店,$cc1998.")], "publisher", "三联书店"),
        ([("245", "00$a甲 /"), ("260", "  $a北京 :$b三联书店,$cc1998.")], "year", 1998),
        ([("245", "00$a甲."), ("100", "1 $aHunt, Andrew.")], "author", "Hunt, Andrew"),
        ([("245", "00$a甲$n第二册$p下")], "title", "甲 第二册 下"),
        ([("245", "00$a\x98The \x9c书")], "title", "The 书"),
        ([("010", "  $a978-7-02-000220-8"), ("010", "  $a7-02-000220-X"), ("200", "1 $a甲")], "isbn", "9787020002207"),
    ],
)  # fmt: skip
def test_what_stands_in_the_fields(tmp_path, fields, column, value):
    assert getattr(titles(write(tmp_path, iso2709(fields)))[0], column) == value


# --- MARCXML ------------------------------------------------------------------------


PREFIXED = re.sub("<(/?)", r"<\1m:", xml_of(xml_record(), "")).replace("xmlns", "xmlns:m")


@pytest.mark.parametrize(
    "content",
    [
        xml_of(xml_record()).encode(),
        b"\xef\xbb\xbf" + xml_of(xml_record()).encode(),
        xml_of(xml_record(), '<?xml version="1.0" encoding="GBK"?>').encode("gbk"),
        xml_of(xml_record()).encode("gbk"),
        xml_of(xml_record(), '<?xml version="1.0" encoding="GB2312"?>').encode(),
        xml_of(xml_record(), '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
        xml_record().encode(),
        PREFIXED.encode(),
        xml_of(xml_record(), "").replace(' xmlns="http://www.loc.gov/MARC21/slim"', "").encode(),
    ],
)  # fmt: skip
def test_xml_in_any_dress(tmp_path, content):
    assert [title.title for title in titles(write(tmp_path, content, name="a.xml"))] == ["论语"]


BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED = {
    "entities": (BOMB + xml_of(xml_record("&b;"), ""), "DTD 或实体"),
    "external": (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + xml_of(xml_record("&x;"), ""),
        "DTD 或实体",
    ),
    "cut": (xml_of(xml_record())[:-40], "XML 不完整或有误"),
    "deep": ("<a>" * 5_000, "层次过深"),
    "none": ("<a><b/></a>", "没有 MARC 记录"),
    "wrong characters": (xml_of(xml_record("a\x00b")), "XML 不完整或有误"),
    "endless": (xml_of(xml_record("长" * 3_000_000)), "过长"),
    "fields": (xml_of(xml_record("a", '<controlfield tag="001">1</controlfield>' * 30_000)), "字段过多"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_xml_is_refused(tmp_path, name):
    content, says = REFUSED[name]
    with pytest.raises(WorkbookRefused, match=says):
        list(read(write(tmp_path, content.encode(), name="a.xml")))


def test_an_xml_field_without_tag_is_told_and_the_next_record_is_read(tmp_path):
    bad = xml_record("甲", "<datafield><subfield>x</subfield></datafield>")
    first, second = read(write(tmp_path, xml_of(bad + xml_record("乙")).encode(), name="a.xml"))
    assert ("缺少 tag" in first.fault, title_of(second).title) == (True, "乙")


# --- damaged ISO 2709 -----------------------------------------------------------------

GOOD = iso2709(CALIS, "gbk")


def test_a_file_cut_at_any_byte_gives_whole_records_or_a_reason(tmp_path):
    for end in range(1, 2 * len(GOOD), 7):
        found = list(read(write(tmp_path, (GOOD + GOOD)[:end])))
        whole = [each for each in found if each.record is not None]
        assert len(whole) == end // len(GOOD)
        assert all(title_of(each) == FOUND for each in whole)
        assert all(each.fault for each in found if each.record is None)


def test_any_byte_changed_gives_a_record_or_a_reason(tmp_path):
    for place in range(0, len(GOOD), 3):
        for byte in (0x00, 0x1D, 0x1E, 0x1F, 0x39, 0xFF):
            changed = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
            for each in read(write(tmp_path, changed)):
                if each.record is None:
                    assert each.fault
                else:
                    read_title(each.record)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"x" * 300_000 + b"\x1d" + GOOD, "超过"),
        (b"hello\x1d" + GOOD, "没有完整的头标和目录"),
        (GOOD[1:] + GOOD, "头标或目录的长度不对"),
        (GOOD.replace(b"\x1e", b"", 1) + GOOD, "目录与字段对不上"),
        (iso2709([("200", "1 $aXX")]).replace(b"XX", b"\x80\xff\xff\xb0\xa1") + GOOD, "编码无法识别"),
        (iso2709([("200", "1 $aXX")]).replace(b"XX", "資治通鑑選讀歷史".encode("big5")) + GOOD, "Big5"),
        (iso2709([("200", "1 $aXX")]).replace(b"XX", "三國演義水滸傳紅樓夢".encode("big5")) + GOOD, "Big5"),
    ],
)
def test_a_damaged_record_is_told_and_the_next_one_is_read(tmp_path, raw, says):
    first, *others = read(write(tmp_path, raw))
    assert (first.record, says in first.fault) == (None, True), first
    assert title_of(others[-1]) == FOUND


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04rest", b"%PDF-1.4", b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b" \r\n"]
)
def test_another_file_is_refused_as_a_whole(tmp_path, content):
    with pytest.raises(WorkbookRefused):
        list(read(write(tmp_path, content)))


def test_a_record_of_99_999_bytes_and_a_title_of_60_000_characters(tmp_path):
    fields = [("200", "1 $a甲"), *[("330", "  $a" + "长" * 3_000)] * 10]
    (title,) = titles(write(tmp_path, iso2709(fields)))
    assert (title.title, len(title.summary)) == ("甲", 20_000)
    (found,) = read(write(tmp_path, iso2709([("200", "1 $a" + "长" * 60_000)], lengths="zero")))
    assert read_title(found.record)[1] == [("200", f"“{'长' * 30}…”有 60000 个字，最多 200 个字，请缩短")]
