import re
from urllib.parse import unquote

import pytest
from barcode.charsets import code128
from django.conf import settings
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from reading.models import Copy, CopyEvent
from reading.services.labels import LAYOUTS, QUIET, bars_of, copy_address, label_of, sheets_of
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian

__all__ = ["librarian"]

LARGE, SMALL = LAYOUTS["large"], LAYOUTS["small"]
ODD = [*HOSTILE, "2024-13-45", "0000-00-00", "-1"]


def modules_drawn(bars) -> str:
    """Ones and noughts again, from the path that the page draws."""
    drawn = ["0"] * bars.width
    for start, width in re.findall(r"M(\d+) 0h(\d+)v1h-\d+z", bars.path):
        drawn[int(start) : int(start) + int(width)] = "1" * int(width)
    return "".join(drawn)


def decoded(modules: str) -> str:
    """What a scanner reads of Code 128: the symbols by their widths, the check digit tried."""
    inner = modules[QUIET:-QUIET]
    assert modules == "0" * QUIET + inner + "0" * QUIET
    codes = [code128.CODES.index(inner[place : place + 11]) for place in range(0, len(inner) - 13, 11)]
    assert inner[-13:] == code128.STOP + "11"
    *codes, check = codes
    assert check == (codes[0] + sum(place * code for place, code in enumerate(codes[1:], 1))) % 103
    names = {code: name for name, code in code128.START_CODES.items()}
    charset, text = names[codes[0]], ""
    for code in codes[1:]:
        if charset == "C":
            if code < 100:
                text += f"{code:02}"
            else:
                charset = {101: "A", 100: "B"}[code]
            continue
        signs = {value: sign for sign, value in getattr(code128, charset).items()}
        if code == 99:
            charset = "C"
        elif code in (100, 101) and {100: "B", 101: "A"}[code] != charset:
            charset = {100: "B", 101: "A"}[code]
        else:
            text += signs[code]
    return text


@bounds(deadline=None)  # a busy machine is no failure
@given(st.from_regex(r"SX[0-9]{6,12}|[A-Z0-9]{1,8}|99[0-9]{0,8}|[a-z0-9\-]{1,20}", fullmatch=True))
def test_the_bars_drawn_say_the_barcode(text):
    assert decoded(modules_drawn(bars_of(text))) == text


@pytest.mark.parametrize("text", ["99", "9999", "99000001", "99A", "9", "100", "SX999999", "A99"])
def test_no_digits_are_dropped_where_a_barcode_begins(text):
    assert decoded(modules_drawn(bars_of(text))) == text


@pytest.mark.django_db
def test_a_barcode_that_scanners_cannot_read_is_named():
    for barcode, too_fine in (("SX000001", False), ("X" * 30, True), ("书1", True)):
        assert label_of(CopyFactory(barcode=barcode), SMALL, "http://x").too_fine == too_fine, barcode
    assert bars_of("书1") is None


def test_the_address_in_the_code_leads_to_the_copy_whatever_signs_its_barcode_has():
    assert copy_address("http://portal.gov", "SX000001") == "http://portal.gov/copies/SX000001/"
    address = copy_address("http://portal.gov", "A/1?书")
    assert unquote(address) == "http://portal.gov/copies/A/1?书/"
    assert address.count("/") == 5


def test_a_half_used_sheet_begins_where_its_labels_begin():
    labels = [object()] * 30
    sheets = sheets_of(labels, LARGE, 10)
    assert [len(sheet) for sheet in sheets] == [24, 15]
    assert sheets[0][:9] == [None] * 9
    assert None not in sheets[0][9:]
    assert sheets_of([], LARGE, 10) == []


def codes(client, **query) -> list[str]:
    page = client.get("/labels/", query)
    assert page.status_code == 200
    return re.findall(r'<p class="label-code">([^<]*)</p>', page.content.decode())


def test_labels_are_chosen_by_place_day_and_barcode(client, librarian):
    here, there = PlaceFactory(), PlaceFactory()
    for number, place in ((1, here), (2, here), (3, there)):
        CopyFactory(barcode=f"SX00000{number}", home=place, acquired_on=f"2024-03-0{number}")
    CopyFactory(barcode="SX000004", home=here, state="withdrawn", left_on="2024-03-05")
    assert codes(client) == []
    assert codes(client, place=here.pk) == ["SX000001", "SX000002"]
    assert codes(client, since="2024-03-02", until="2024-03-03") == ["SX000002", "SX000003"]
    assert codes(client, barcodes="sx000001-sx000002\nSX000003") == ["SX000001", "SX000002", "SX000003"]
    assert codes(client, barcodes="SX000003", layout="small", start="65") == ["SX000003"]
    came = Copy.objects.get(barcode="SX000003")
    CopyEvent.objects.create(copy=came, action="register", to_state="available", at="2026-03-05T23:30+08:00")
    assert codes(client, registered="2026-03-05") == ["SX000003"]
    assert codes(client, registered="2026-03-06") == []
    ticked = Copy.objects.get(barcode="SX000002").pk
    assert codes(client, copy=ticked) == ["SX000002"]


def test_a_label_shows_title_and_call_number_and_leads_to_the_address_of_the_portal(client, librarian, monkeypatch):
    copy = CopyFactory(book=BookFactory(title="红楼梦", call_number="I242.4/1"))
    page = client.get("/labels/", {"copy": copy.pk}).content.decode()
    assert "红楼梦" in page
    assert "I242.4/1" in page
    qr = re.findall(r'<svg class="qr".*?</svg>', page)
    monkeypatch.setattr(settings, "PORTAL_ADDRESS", "https://portal.example.gov.cn")
    assert len(qr) == 1
    assert re.findall(r'<svg class="qr".*?</svg>', client.get("/labels/", {"copy": copy.pk}).content.decode()) != qr


def test_a_wrong_choice_is_told_at_its_field_and_kept(client, librarian):
    for query, words in (
        ({"start": "25"}, "一页只有 24 张"),
        ({"start": "66", "layout": "small"}, "1 到 65 的整数"),
        ({"since": "昨天"}, "2026-03-05 这样的日期"),
        ({"since": "2024-03-02", "until": "2024-03-01"}, "不能早于"),
        ({"place": "987654"}, "没有这个地点"),
    ):
        page = client.get("/labels/", query).content.decode()
        assert words in page, query


@pytest.mark.parametrize("text", ODD)
def test_nothing_typed_breaks_the_page(client, librarian, text):
    CopyFactory()
    for name in ("place", "since", "until", "barcodes", "layout", "start", "copy"):
        assert client.get("/labels/", {name: text[:4000]}).status_code == 200, name
        assert client.get("/labels/places/", {name: text[:4000]}).status_code == 200, name


def test_every_place_in_use_has_a_code_for_its_shelf(client, librarian):
    shelf, corner = PlaceFactory(name="一号书架"), PlaceFactory(name="走廊图书角")
    PlaceFactory(name="旧库房", is_closed=True)
    page = client.get("/labels/places/").content.decode()
    assert page.count('<svg class="qr"') == 2
    assert "旧库房" not in page
    page = client.get("/labels/places/", {"place": shelf.pk, "start": 3}).content.decode()
    assert page.count('<svg class="qr"') == 1
    assert page.count("is-used") == 2
    assert corner.name in page  # still to be ticked


def test_what_is_laid_out_can_be_printed_and_nothing_chosen_is_said(client, librarian):
    copy = CopyFactory(book=BookFactory(title="中华人民共和国公共图书馆法"))
    page = client.get("/labels/", {"copy": copy.pk, "layout": "small"}).content.decode()
    assert "data-print" in page
    assert "公共图书馆法" in page
    assert "还没有选要印哪些书" in client.get("/labels/", {"place": "", "start": "1"}).content.decode()
    first = client.get("/labels/").content.decode()
    assert "还没有选要印哪些书" not in first
    assert "data-print" not in first
    assert "data-print" in client.get("/labels/places/").content.decode()
