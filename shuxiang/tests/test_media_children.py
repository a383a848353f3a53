"""Files that nobody means well with, made here, each read by a child process."""

import os
import wave
from array import array
from pathlib import Path

import av
import pytest
from PIL import Image

from shuxiang.media.runner import AT_ONCE, IN_BACKGROUND, ChildDied, run
from shuxiang.tests.media_files import RELATIONS, document, run_of, sound
from shuxiang.uploads import Refused, hint, stored_name

MEGABYTE = 1024 * 1024
BODY = run_of("正文。")


@pytest.fixture
def docx(tmp_path):
    return lambda body=BODY, **parts: document(tmp_path / "心得.docx", body, **parts)


def refusal(job: str, path: Path) -> str:
    with pytest.raises(Refused) as refused:
        run(job, path, path.with_suffix(".made"))
    return str(refused.value)


def relation(kind: str) -> str:
    return RELATIONS.format(
        f'<Relationship Id="9" TargetMode="External" Target="http://outside.example/x"'
        f' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
    )


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"word/_rels/document.xml.rels": relation("image")}, "文档引用了外部文件"),
        ({"word/_rels/document.xml.rels": relation("attachedTemplate")}, "文档引用了外部文件"),
        ({"word/vbaProject.bin": b"x"}, "文档含有宏"),
        ({"word/header1.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "文档含有不允许的内容"),
        ({"word/header1.xml": "<!DOCTYPE x><x/>".encode("utf-16")}, "文档含有不允许的内容"),
        ({f"x/{number}": "" for number in range(2100)}, "文档结构异常"),
        ({"word/media/large": b"\0" * 60 * MEGABYTE}, "文档内容过大"),
        ({"word/styles.xml": b" " * 13 * MEGABYTE}, "文档内容过大"),
    ],
)
def test_documents_with_more_than_words(docx, parts, says):
    assert says in refusal("read docx", docx(**parts))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd</w:instrText></w:r></w:p>", "不允许的域代码"),
        ('<w:p><w:fldSimple w:instr=" INCLUDETEXT x"/></w:p>', "不允许的域代码"),
        ("<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>E x</w:instrText></w:r></w:p>", "域代码"),
        ("<w:p/>", "文档中没有文字"),
        (run_of("字" * 20_001), "文档共 20,001 字，超过 20,000 字上限"),
        ("<w:p>" * 20_000 + "</w:p>" * 20_000, ""),
    ],
)
def test_documents_whose_words_do_more(docx, body, says):
    try:
        assert says in refusal("read docx", docx(body))
    except ChildDied:
        assert says == ""  # too deep for any reader


def test_links_and_styles_are_plain(docx):
    body = run_of("粗<", "<w:b/>").replace("<</w:t>", "&lt;</w:t>") + run_of("&lt;script&gt;alert(1)&lt;/script&gt;")
    found = run("read docx", docx(body, **{"word/_rels/document.xml.rels": relation("hyperlink")}))
    assert found["html"] == "<p><strong>粗&lt;</strong></p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert found["text"] == "粗<\n\n<script>alert(1)</script>"
    assert found["notice"] == ""


@pytest.mark.parametrize(
    "hidden",
    [
        run_of("看不见", "<w:vanish/>"), run_of("看不见", '<w:sz w:val="2"/>'),
        run_of("看不见", '<w:color w:val="FFFFFF"/>'), run_of("\u200b\u2060\u202e"),
    ],
)  # fmt: skip
def test_words_that_nobody_sees_do_not_count(docx, hidden):
    found = run("read docx", docx(run_of("看得见") + hidden))
    assert (found["text"], found["notice"]) == ("看得见", "文档含有隐藏文字，未计入字数。")


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"x" * 99, b"{\\rtf1}", b"", b"PK\x05\x06" + b"\0" * 18])
def test_documents_that_are_none(tmp_path, content):
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    assert refusal("read docx", path).split("，")[0] in ("文件不是有效的 Word 文档", "文件是空的")


@pytest.mark.parametrize(
    "content",
    [
        "读《论语》有感。".encode("utf-16"),
        "\ufeff读《论语》有感。".encode("utf-16-be"),
        "读《论语》有感。".encode("gb18030"),
    ],
)
def test_texts_of_other_encodings(tmp_path, content):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert run("read text", path)["text"] == "读《论语》有感。"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"), (b" \r\n\t ", "没有文字"), (bytes(range(256)), "不是文字"), (b"\xff\xfe\x00", "编码"),
        ("读论语".encode() + b"\xff", "编码"), (b"\x80\x80\x80", "编码"), (("字" * 30_000).encode(), "共 30,000 字"),
        ("\u200b\u202e".encode(), "没有文字"), (rb"{\rtf1\ansi}", "RTF"), (b"%PDF-1.4\n%%EOF", "PDF"),
    ],
)  # fmt: skip
def test_texts_that_are_none(tmp_path, content, says):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert says in refusal("read text", path)


@pytest.mark.parametrize(
    ("size", "says"), [((65_000, 1), "图片尺寸过大"), ((1, 1), "尺寸不合要求"), ((5000, 5000), "超过 2400 万像素")]
)
def test_pictures_of_odd_sizes(tmp_path, size, says):
    Image.new("L", size).save(tmp_path / "a.png")
    assert says in refusal("make image", tmp_path / "a.png")


def test_a_photograph_is_turned_upright_and_loses_its_tags(tmp_path):
    path, made = tmp_path / "a.jpg", tmp_path / "made"
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = 6, "Camera"  # turned by 90 degrees; maker
    tags.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (3000, 2000), "red").save(path, exif=tags, comment=b"<?php")
    assert run("make image", path, made) == {"width": 1067, "height": 1600, "notice": ""}
    with Image.open(made) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (1067, 1600), {})
        assert not {"comment", "exif", "icc_profile"} & set(image.info)


def test_of_a_moving_picture_the_first_frame(tmp_path):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    run("make image", tmp_path / "a.gif", tmp_path / "made")
    with Image.open(tmp_path / "made") as image:
        assert image.getpixel((9, 9))[0] > 200


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"), (b"\x02#!SILK_V3" + b"x" * 99, "微信语音"), (b"RIFF\0\0\0\0AVI LIST", "不要上传视频"),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"x" * 99, "录音文件损坏"), (b"MZ" + b"\0" * 99, "文件内容不是录音"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42", "不完整"), (b"OggS\0\x02" + b"\0" * 99, "不完整"),
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML><title>", "录音无法识别：文件是网页而不是音频"),
        ("<!-- 登录 --><html>".encode("utf-16"), "文件是网页而不是音频"), (b"<?xml?><svg/>", "文件内容不是录音"),
        (b"fLaC\0\0\0\x22" + b"\0" * 34, "录音"), (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "文件内容不是录音"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "文件内容不是录音"), (b"\xff\xfb\x90\x00" * 5000, "录音"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x01\0\0\0\x01\0\0\0\x01\0\x08\0data\xff\xff\xff\xff" + b"x" * 99, "录音"),  # noqa: E501
    ],
)  # fmt: skip
def test_recordings_that_are_none(tmp_path, content, says):
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    assert says in refusal("check audio", path)


def test_too_short_and_too_long(tmp_path, settings):
    assert "不到 1 秒" in refusal("check audio", sound(tmp_path / "a.wav", 0.5))
    settings.AUDIO_MAX_MINUTES = 1
    assert "录音时长超过 1 分钟上限" in refusal("check audio", sound(tmp_path / "b.wav", 62))
    assert run("check audio", sound(tmp_path / "c.wav", 60))["duration_ms"] == 60_000


def test_a_cut_off_recording_says_so(samples):
    found = run("check audio", samples / "hostile/audio/trunc_cluster.webm")
    assert found == {"duration_ms": 5057, "notice": "录音可能不完整，请试听后再提交。"}


@pytest.mark.parametrize("volume", [300, 3000, 32_000])
def test_loud_and_soft_become_alike(tmp_path, volume):
    """Noise rather than a tone; within two decibels of one another."""
    path, made = tmp_path / "a.wav", tmp_path / "made"
    noise = array("h", (value % (2 * volume) - volume for value in array("H", os.urandom(2 * 80_000))))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", "none"))
        file.writeframes(noise.tobytes())
    found = run("make audio", path, made, IN_BACKGROUND)
    assert (len(found["peaks"]), max(found["peaks"])) == (50, 100)
    with av.open(str(made)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("mp3float", 44_100, 1)
        resampler = av.AudioResampler("s16", "mono", 44_100)
        heard = [each for frame in container.decode(stream) for each in resampler.resample(frame)]
    samples = array("h", b"".join(bytes(each.planes[0])[: each.samples * 2] for each in heard))
    level = (sum(value * value for value in samples) / len(samples)) ** 0.5
    assert 2500 < level < 6000
    assert abs(len(samples) / 44_100 - 5) < 0.1


def test_a_child_has_the_whole_time_of_both_its_shares():
    """P7 for the check and the making together."""
    assert AT_ONCE.seconds + IN_BACKGROUND.seconds <= 20
    assert AT_ONCE.seconds_per_minute + IN_BACKGROUND.seconds_per_minute <= 2


@pytest.mark.parametrize(
    ("original", "kept"),
    [
        ("录音.mp3", "录音.mp3"),
        ("长" * 300 + ".mp3", "长" * 96 + ".mp3"), ("a\0b\u202e/c.mp3", "ab_c.mp3"), ("", "附件"),
        ("x." + "y" * 300, "x." + "y" * 80),
    ],
)  # fmt: skip
def test_names_that_are_kept(original, kept):
    assert stored_name(original)[: len(kept)] == kept
    assert len(stored_name(original)) <= 100


def test_limits_are_told():
    assert "不超过 100 MB、60 分钟" in hint("audio")
    assert "不超过 20 MB、5000 万像素" in hint("cover")
    assert "不超过 10 MB、20,000 字" in hint("document")
