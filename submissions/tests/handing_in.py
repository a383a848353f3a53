"""The forms as a browser sends them."""

import io
import math
import re
import wave
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from organization.models import Cadre
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from submissions.models import Submission

PASSWORD = "Lanting-3-yue"


@pytest.fixture
def office():
    return DepartmentFactory(parent=bureau(), name="法规审理科")


@pytest.fixture
def author(client, office) -> Cadre:
    """Signed in."""
    found = CadreFactory(name="秦越", department=office, password=make_password(PASSWORD))
    client.force_login(found)
    return found


def only() -> Submission:
    return Submission.objects.get()


def tone(seconds: int = 2) -> bytes:
    """A small recording."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        beats = (int(9000 * math.sin(each / 4)) for each in range(8000 * seconds))
        file.writeframes(b"".join(beat.to_bytes(2, "little", signed=True) for beat in beats))
    return made.getvalue()


WAV = tone()

TEXTS: dict[str, dict[str, Any]] = {
    "recitation": {"title": "赤壁赋", "author": "宋 苏轼", "source": "《古文观止》", "script": "壬戌之秋，七月既望。"},
    "essay": {"title": "读《论语》", "body": "学而时习之。\r\n不亦说乎。", "book_title": "论语"},
    "recommendation": {
        "book_title": "梦溪笔谈", "author": "沈括", "isbn": "978-7-101-00000-9", "publisher": "中华书局",
        "reason": "先问怎么量。", "summary": "笔记。",
    },
    "creation": {"title": "春日", "body": "春眠不觉晓。"},
    "idea": {"title": "底稿加一栏", "body": "请在底稿上加一栏“依据”。"},
}  # fmt: skip


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def opened(client, address: str) -> dict[str, str]:
    """The hidden fields of a form."""
    page = client.get(address).content.decode()
    return {name: hidden(page, name) for name in ("token", "writer", "kind", "revision")}


def filled(client, kind: str, action: str = "submit", **more: Any) -> dict[str, Any]:
    """A complete form of this kind; the sound is the caller's."""
    return {**opened(client, f"/works/new/{kind}/"), **TEXTS[kind], "action": action, **more}


def upload(content: bytes = WAV, name: str = "录音.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def answered(client, form, path="/works/new/essay/"):
    """What a script gets that saves while somebody types."""
    return client.post(path, form, headers={"accept": "application/json"})
