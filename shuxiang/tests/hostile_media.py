"""What each file of the hostile samples must get at each upload field, and how to send it as a browser would."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from shuxiang.tests.fixtures import SAMPLES

FOLDER = SAMPLES / "hostile"
# Folder: the kind and the role of the field that it is made for.
FIELDS = {
    "audio": [("recitation", "audio")],
    "image": [("recommendation", "cover"), ("creation", "picture")],
    "docx": [("essay", "document"), ("recitation", "document")],
    "text": [("recitation", "document"), ("essay", "document")],
}
ALL_FIELDS = sorted({field for fields in FIELDS.values() for field in fields})
TAKEN = ""
LINE = b"----line-between-the-parts"
# Whole seconds of what is taken as sound, or words of the refusal. TAKEN: refused by nobody.
EXPECTED = {
    "bad_amr_header_only.amr": "录音中没有声音",
    "bad_one_byte.mp3": "文件是空的",
    "bad_plaintext.wav": "文件内容不是录音",
    "bad_random_bytes.mp3": "文件内容不是录音",
    "bad_video.mp4": "不要上传视频",
    "bad_video_inside.m4a": "不要上传视频",
    "bad_zip_renamed.mp3": "文件内容不是录音",
    "bomb_24h_silence.flac": "录音时长超过 60 分钟上限",
    "edge_all_silence.mp3": 8.0,
    "id3_script_title.mp3": 10.5,
    "lie_mdhd_duration.m4a": 10.5,
    "lie_webm_duration_nan.webm": 10.5,
    "lie_xing_frames.mp3": 10.5,
    "maybe_recorder_pen.wma": 10.5,
    "ok_16k_mono.wav": 10.5,
    "ok_cbr.mp3": 10.5,
    "ok_iphone_voicememo.m4a": 10.5,
    "ok_recite.wav": 10.5,
    "ok_safari_mediarecorder.mp4": 10.5,
    "ok_vorbis.ogg": 10.5,
    "ok_wb.amr": 10.5,
    "poly_html_then_mp3.mp3": "录音无法识别：文件是网页而不是音频，请用手机录音机或本页录音后重新上传。",
    "poly_wav_info_html.wav": 10.5,
    "trunc_cluster.webm": 5.0,
    "wrongext_m4a_as.mp3": 10.5,
    "wrongext_ogg_as.wav": 10.5,
    "wrongext_webm_as.ogg": 10.5,
    "bad_jpg_as.png": TAKEN,
    "bad_pdf_renamed.jpg": "文件不是图片",
    "bad_svg_renamed.png": "文件不是图片",
    "bad_zero_byte.png": "文件是空的",
    "bomb_12000x12000_gray.png": "图片尺寸过大",
    "bomb_30000x30000_1bit.png": "图片尺寸过大",
    "bomb_9000x9000_rgb.png": "图片尺寸过大",
    "bomb_jpeg_header_65535.jpg": "图片尺寸过大",
    "bomb_png_itxt.png": "图片已损坏",
    "edge.avif": TAKEN,
    "edge.bmp": TAKEN,
    "edge.ico": "文件不是图片",
    "edge_iphone.heic": TAKEN,
    "ok.jpg": TAKEN,
    "ok_16bit.png": TAKEN,
    "ok_alpha.png": TAKEN,
    "ok_cmyk.jpg": TAKEN,
    "ok_gray.png": TAKEN,
    "poly_gif_js.gif": "文件不是图片",
    "poly_jpeg_com_php.jpg": TAKEN,
    "poly_jpg_zip.jpg": TAKEN,
    "poly_png_html_after_iend.png": TAKEN,
    "trunc.png": "图片已损坏",
    "bad_html_renamed.docx": "不是有效的 Word 文档",
    "bad_ole_doc_renamed.docx": "旧版 .doc",
    "bomb_2m_paragraphs.docx": "文档内容过大",
    "cheat_white_1pt.docx": TAKEN,
    "ext_template.docx": "文档引用了外部文件",
    "macro_docm_renamed.docx": "文档含有宏",
    "ok_essay.docx": TAKEN,
    "ok_extb_emoji.docx": TAKEN,
    "ok_minimal_wps_like.docx": TAKEN,
    "ok_with_picture.docx": TAKEN,
    "xxe_document.docx": "文档含有不允许的内容",
    "bad_nul_bytes.txt": "内容不是文字",
    "edge_bidi_zalgo.txt": TAKEN,
    "edge_broken_utf8.txt": "无法识别文件的文字编码",
    "ok_crlf.txt": TAKEN,
    "ok_gb18030_extb.txt": TAKEN,
    "ok_gbk.txt": TAKEN,
    "ok_utf8.txt": TAKEN,
    "ok_utf8_bom.txt": TAKEN,
}  # fmt: skip


def samples(folder: str) -> list[Path]:
    return sorted((FOLDER / folder).iterdir())


@dataclass
class Answer:
    status: int
    body: bytes

    @property
    def said(self) -> dict:
        return json.loads(self.body)


class Browser:
    """Somebody signed in who sends files over HTTP, on one connection after another."""

    def __init__(self, server: str, session: str) -> None:
        self.address = urlsplit(server)
        self.token = "x" * 32
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={self.token}", "Accept": "application/json"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        assert self.address.hostname
        line = HTTPConnection(self.address.hostname, self.address.port, timeout=120)
        try:
            line.request(method, path, body, {**self.headers, **headers})
            response = line.getresponse()
            return Answer(response.status, response.read())
        finally:
            line.close()

    def send(self, kind: str, role: str, name: str, content: bytes, token: str = "") -> Answer:
        """A file that begins a draft of its own."""
        fields = {"kind": kind, "token": token or str(uuid4())}
        return self.send_form(f"/works/files/{role}/", fields, "file", [(name, content)])

    def send_form(self, path: str, fields: dict[str, str], field: str, files: list[tuple[str, bytes]]) -> Answer:
        sent = {"csrfmiddlewaretoken": self.token, **fields}
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{text}'.encode() for key, text in sent.items()]
        for name, content in files:
            head = (
                f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
            )
            parts.append(head.encode() + content)
        body = b"".join(b"--" + LINE + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + LINE + b"--\r\n"
        form = f"multipart/form-data; boundary={LINE.decode()}"
        return self.ask("POST", path, body, **{"Content-Type": form})
