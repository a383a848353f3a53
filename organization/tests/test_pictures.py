import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from organization.models import LooseFile
from organization.services.pictures import take_picture
from shuxiang.media.runner import AT_ONCE
from shuxiang.uploads import Refused

NOW = timezone.now()
pytestmark = pytest.mark.django_db


def picture(name: str = "封面.png", size: tuple[int, int] = (2000, 1000), kind: str = "PNG") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def stored(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_only_what_was_drawn_anew_is_kept_and_loose_until_it_is_claimed(settings):
    found = take_picture(upload=picture("../\u202e封面\x00.png"), now=NOW)
    content = Path(default_storage.path(found.file)).read_bytes()
    assert (found.original_name, found.width, found.height) == ("封面.png", 1600, 800)
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 800))
    assert [default_storage.path(found.file)] == [str(path) for path in stored(settings)]
    assert list(LooseFile.objects.values_list("name", "since")) == [(found.file, NOW)]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("x.jpg", b""), "文件是空的"),
        (SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>"), "文件不是图片"),
        (picture(size=(5, 5)), "每边至少 32 像素"),
        (SimpleUploadedFile("x.jpg", b"x" * 2000), "文件超过"),
    ],
)
def test_what_is_no_picture_leaves_nothing(upload, words, settings):
    settings.IMAGE_MAX_BYTES = upload.size - 1 if words == "文件超过" else settings.IMAGE_MAX_BYTES
    with pytest.raises(Refused, match=words):
        take_picture(upload=upload, now=NOW)
    assert (stored(settings), LooseFile.objects.count()) == ([], 0)


def test_a_picture_that_breaks_its_reader_is_refused(settings, monkeypatch):
    monkeypatch.setattr("organization.services.pictures.AT_ONCE", replace(AT_ONCE, written=10))
    with pytest.raises(Refused, match="图片过大或已损坏"):
        take_picture(upload=picture(), now=NOW)
    assert (stored(settings), LooseFile.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("seeds")
def test_never_within_a_transaction(settings):
    with transaction.atomic(), pytest.raises(RuntimeError):
        take_picture(upload=picture(), now=NOW)
    assert stored(settings) == []
