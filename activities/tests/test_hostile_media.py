"""Every hostile file, and worse ones, at the fields of materials and photographs, over real HTTP."""

import io
import re
import zipfile
from html import unescape

import pytest
from django.conf import settings
from PIL import Image

from activities.models import Material, Photograph
from activities.services import materials as service
from activities.tests.media import (
    PDF,
    a_call,
    a_theme,
    activity,
    assert_nothing_left,
    office,
    organiser,
    photograph,
)
from organization.models import LooseFile
from organization.roles import Role
from organization.services.verifying import verify
from reading.tests.factories import reader
from shuxiang.tests.hostile_media import EXPECTED, Answer, Browser, samples

__all__ = ["activity", "organiser"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
# What of the samples is refused as a material, and a word of why; all others are taken.
REFUSED = {
    "bad_amr_header_only.amr": "音频无法识别",
    "bad_one_byte.mp3": "音频无法识别",
    "bad_random_bytes.mp3": "无法识别这个文件",
    "bad_video.mp4": "门户不存视频",
    "bad_video_inside.m4a": "门户不存视频",
    "bad_zip_renamed.mp3": "压缩包",
    "bomb_24h_silence.flac": "超过 720 分钟上限",
    "poly_html_then_mp3.mp3": "网页",
    "bad_html_renamed.docx": "网页",
    "bad_ole_doc_renamed.docx": "旧版",
    "bomb_2m_paragraphs.docx": "解压后过大",
    "ext_template.docx": "引用了外部文件",
    "macro_docm_renamed.docx": "含有宏",
    "xxe_document.docx": "DOCTYPE",
    "bad_svg_renamed.png": "矢量图",
    "bad_zero_byte.png": "空的",
    "bomb_12000x12000_gray.png": "图片尺寸过大",
    "bomb_30000x30000_1bit.png": "图片尺寸过大",
    "bomb_9000x9000_rgb.png": "图片尺寸过大",
    "bomb_jpeg_header_65535.jpg": "图片尺寸过大",
    "bomb_png_itxt.png": "图片已损坏",
    "edge.ico": "无法识别这个文件",
    "poly_gif_js.gif": "不是图片",
    "trunc.png": "图片已损坏",
    "bad_nul_bytes.txt": "无法识别这个文件",
    "edge_broken_utf8.txt": "无法识别这个文件",
    "bad_zero_byte.xlsx": "空的",
    "bomb_shared_strings_200mb.xlsx": "解压后过大",
    "macro_xlsm_renamed.xlsx": "含有宏",
    "real_97.xls": "旧版",
    "trunc.xlsx": "不完整",
    "xxe_billion_laughs.xlsx": "DOCTYPE",
    "xxe_shared_strings.xlsx": "DOCTYPE",
}
LISTED = re.compile(r'<p id="error_1_id_file"><strong>(.*?)</strong>|<li>“<bdi>[^<]*</bdi>”：(.*?)</li>', re.DOTALL)


@pytest.fixture
def browser(client, live_server, organiser) -> Browser:
    return Browser(live_server.url, client.cookies[settings.SESSION_COOKIE_NAME].value)


def said(answer: Answer) -> str:
    """Why the file was not taken, as the page says it."""
    assert answer.status == 200, answer.body[:300]
    found = LISTED.search(answer.body.decode())
    assert found, "nothing is said"
    return unescape(next(filter(None, found.groups())))


def send(browser: Browser, address: str, name: str, content: bytes) -> Answer:
    field, fields = ("upload", {"kind": "picture"}) if "photographs" in address else ("file", {"title": ""})
    return browser.send_form(address, fields, field, [(name, content)])


@pytest.mark.parametrize("folder", ["audio", "docx", "image", "text", "xlsx"])
def test_samples_as_materials(browser, activity, folder):
    address, wrong, taken = f"/activities/{activity.pk}/materials/", [], 0
    for path in samples(folder):
        answer = send(browser, address, path.name, path.read_bytes())
        expected = REFUSED.get(path.name)
        if expected is None:
            taken += answer.status == 302
            wrong += [] if answer.status == 302 else [(path.name, answer.status)]
        elif expected not in (why := said(answer)) or not why.endswith("。"):
            wrong.append((path.name, why))
    assert wrong == []
    found = verify()
    assert (found.files, found.loose, found.faults, found.orphans) == (Material.objects.count(), 0, [], [])
    # One that comes twice under two names is kept once.
    assert 0 < Material.objects.count() <= taken
    for row in Material.objects.all():
        sent = browser.ask("GET", f"/materials/{row.pk}/")
        assert sent.status == 200
        if row.format == "JPG":
            assert sent.body.startswith(b"\xff\xd8\xff")
            for planted in (b"<script", b"<?php", b"<html", b"PK\x03\x04"):
                assert planted not in sent.body


@pytest.mark.parametrize("folder", ["image", "docx", "text"])
def test_samples_as_photographs(browser, activity, folder):
    address = f"/activities/{activity.pk}/photographs/"
    for path in samples(folder):
        answer = send(browser, address, path.name, path.read_bytes())
        if EXPECTED[path.name] == "" and folder == "image":
            assert answer.status == 302, path.name
        else:
            assert said(answer).endswith("。"), path.name
    found = verify()
    assert (found.files, found.loose, found.faults, found.orphans) == (Photograph.objects.count(), 0, [], [])
    for row in Photograph.objects.all():
        for address in (f"/activity-pictures/{row.pk}/", f"/activity-pictures/{row.pk}/?small"):
            sent = browser.ask("GET", address)
            assert (sent.status, sent.body[:3]) == (200, b"\xff\xd8\xff")
            assert b"alert(" not in sent.body


def entries(count: int, name: str = "word/media/{}.png", content: bytes = b"") -> bytes:
    return office(**{name.format(number): content for number in range(count)})


def encrypted() -> bytes:
    """The flag of a locked entry set in both of its headers."""
    made = bytearray(office())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + place] |= 1
    return bytes(made)


def relation(kind: str, mode: str = "", target: str = "http://10.0.0.1/x.dotm") -> str:
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="1" Type="http://x/{kind}" Target="{target}" {mode and f"TargetMode={mode!r}"}/>'
        "</Relationships>"
    )


def renamed_zip(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def damaged() -> bytes:
    made = bytearray(office(**{"word/media/a.bin": bytes(range(256)) * 40}))
    made[made.index(b"word/media/a.bin") + 40] ^= 0xFF
    return bytes(made)


WORSE = {
    "ten thousand entries": (lambda: entries(10_000), "内部结构异常"),
    "a hundred bombs": (lambda: office("PPTX", **{f"ppt/media/{n}.bin": bytes(4_000_000) for n in range(60)}), "过大"),
    "one part of xml": (lambda: office(**{"word/x.xml": b"<a>" + b" " * 13_000_000 + b"</a>"}), "过大"),
    "locked": (encrypted, "密码"),
    "twice the same name": (lambda: office(**{"WORD/document.xml": "<y/>"}), "内部结构异常"),
    "no office file": (lambda: renamed_zip(**{"readme.exe": b"MZ"}), "压缩包"),
    "two kinds at once": (lambda: office(**{"xl/workbook.xml": "<x/>"}), "压缩包"),
    "an open document": (lambda: renamed_zip(**{"mimetype": b"x", "content.xml": b"<x/>"}), "压缩包"),
    "macros of another name": (
        lambda: office(**{"word/a.bin": b"x", "word/_rels/document.xml.rels": relation("vbaProject")}), "宏"
    ),
    "macros by type": (lambda: office(types='<Override ContentType="application/x.macroEnabled.main+xml"/>'), "宏"),
    "a control": (lambda: office(**{"word/activeX/activeX1.xml": "<x/>"}), "控件"),
    "a template from elsewhere": (
        lambda: office(**{"word/_rels/settings.xml.RELS": relation("attachedTemplate", "External")}), "外部文件"
    ),
    "entities in UTF-16": (lambda: office(**{"word/a.xml": "<!DOCTYPE x><x/>".encode("utf-16")}), "DOCTYPE"),
    "a checksum that is wrong": (damaged, "不完整"),
    "cut off": (lambda: office()[:-30], "不完整"),
    "nothing": (lambda: b"", "空的"),
    "a script page with a mark": (lambda: b"\xef\xbb\xbf  <!-- x --><svg onload=alert(1)>", "矢量图"),
    "xml": (lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "矢量图"),
    "a program": (lambda: b"MZ" + bytes(range(256)) * 9, "无法识别这个文件"),
    "rich text": (lambda: b"{\\rtf1\\ansi x}", "无法识别这个文件"),
    "half a PDF": (lambda: PDF[:-8], "不完整"),
}  # fmt: skip


def test_worse_ones_leave_neither_row_nor_file(browser, activity):
    wrong = []
    for what, (make, expected) in WORSE.items():
        why = said(send(browser, f"/activities/{activity.pk}/materials/", "材料.docx", make()))
        if expected not in why or not why.endswith("。"):
            wrong.append((what, why))
    assert wrong == []
    assert_nothing_left()


def test_what_has_two_faces_is_only_ever_an_attachment(client, browser, activity):
    scripted = PDF[:-6] + b"2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n<script>alert(1)</script>\n%%EOF\n"
    for name, content in {"页.html": scripted, "表.docx": office("XLSX"), "图.svg": photograph() + office()}.items():
        assert send(browser, f"/activities/{activity.pk}/materials/", name, content).status == 302
    found = {}
    for row in Material.objects.all():
        sent = client.get(f"/materials/{row.pk}/")
        assert sent["Content-Disposition"].startswith("attachment;")
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert "script-src" in sent["Content-Security-Policy"]
        found[row.format] = (sent["Content-Disposition"].rpartition(".")[2], b"".join(sent.streaming_content))
    assert {format: ending for format, (ending, _) in found.items()} == {"PDF": "pdf", "XLSX": "xlsx", "JPG": "jpg"}
    assert found["PDF"][1] == scripted
    assert b"PK\x03\x04" not in found["JPG"][1]


@pytest.mark.parametrize(
    "name", ["../../x.pdf", "a\r\nX: y.pdf", "长" * 300 + ".pdf", "课件\u202efdp.exe", "CON", " .pdf"]
)
def test_no_name_does_harm(browser, activity, name):
    answer = send(browser, f"/activities/{activity.pk}/materials/", name, PDF)
    assert answer.status in (200, 302)
    for row in Material.objects.all():
        assert 0 < len(row.title) <= 100
        assert not set(row.original_name + row.title) & set("/\\\0\r\n\u202e")


def test_place_and_camera_are_gone_from_photographs(browser, activity):
    exif = Image.Exif()
    exif[0x0110] = "PhoneOfSomebody"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 7.0)
    content = photograph(exif=exif.tobytes())
    assert b"PhoneOfSomebody" in content
    assert send(browser, f"/activities/{activity.pk}/photographs/", "a.jpg", content).status == 302
    row = Photograph.objects.get()
    for field in (row.file, row.thumbnail):
        with field.open() as file:
            content = file.read()
        assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
        assert b"PhoneOfSomebody" not in content


def test_themes_and_calls_take_and_refuse_alike(client, browser):
    client.force_login(reader(Role.OFFICE))
    office_browser = Browser("http://x", client.cookies[settings.SESSION_COOKIE_NAME].value)
    office_browser.address = browser.address
    for address in (f"/themes/{a_theme().pk}/materials/", f"/calls/{a_call().pk}/materials/"):
        assert "压缩包" in said(send(office_browser, address, "a.docx", renamed_zip(a=b"x")))
        assert send(office_browser, address, "a.pdf", PDF).status == 302
    assert (Material.objects.count(), LooseFile.objects.count()) == (2, 0)


def test_one_byte_too_many(browser, activity, settings):
    address = f"/activities/{activity.pk}/materials/"
    settings.MATERIAL_MAX_BYTES = 2048
    content = PDF[:-6] + bytes(2048 - len(PDF)) + PDF[-6:]
    assert "超过" in said(send(browser, address, "a.pdf", content + b"\n"))
    assert send(browser, address, "a.pdf", content).status == 302


def test_no_more_than_so_many(browser, activity, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    address = f"/activities/{activity.pk}/materials/"
    assert send(browser, address, "a.pdf", PDF).status == 302
    assert "最多 50 份" in said(send(browser, address, "b.txt", "别的".encode()))
    assert Material.objects.count() == 1
