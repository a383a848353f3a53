"""Files and rows for the tests of materials, photographs and minutes."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities.kinds import PhotographKind
from activities.models import Activity, Call, Material, Photograph, Theme
from activities.tests.factories import ActivityFactory
from organization.models import Cadre, LooseFile
from organization.roles import Role
from organization.services.verifying import verify
from reading.tests.factories import reader
from shuxiang.tests.addresses import read_out
from shuxiang.uploads import random_name

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
MAIN = {"DOCX": "word/document.xml", "XLSX": "xl/workbook.xml", "PPTX": "ppt/presentation.xml"}


def office(kind: str = "DOCX", types: str = "", **parts: str | bytes) -> bytes:
    """An office file as small as can be; other parts by their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(types))
        archive.writestr(MAIN[kind], "<x/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def photograph(colour: str = "navy", form: str = "JPEG", size: tuple[int, int] = (640, 400), **extra: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, form, **extra)
    return made.getvalue()


def uploaded(content: bytes, name: str = "文件.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def organiser(client, seeds) -> Cadre:
    """Signed in, a plain cadre."""
    found = reader(Role.CADRE)
    client.force_login(found)
    return found


@pytest.fixture
def activity(organiser) -> Activity:
    """Held by the root, with an organiser."""
    return ActivityFactory(organiser=organiser)


def a_material(sha256: str = "a" * 64, **owner: Any) -> Material:
    made = Material(
        title="课件", original_name="课件.pdf", format="PDF", size=1, sha256=sha256, uploaded_by=reader(),
        created_at=timezone.now(), **owner,
    )  # fmt: skip
    made.file.save(random_name(None, ""), ContentFile(b"x"))
    return made


def a_photograph(activity: Activity, kind: str = PhotographKind.PICTURE, **columns: Any) -> Photograph:
    number = activity.photographs.count() + 1
    made = Photograph(
        activity=activity, kind=kind, original_name="照片.jpg", size=1, sha256=f"{number:064}", width=40, height=30,
        position=number, uploaded_by=activity.organiser or reader(), created_at=timezone.now(), **columns,
    )  # fmt: skip
    made.file.save(random_name(None, ""), ContentFile(b"x"))
    return made


def a_theme() -> Theme:
    return Theme.objects.create(title="党史学习教育读书月", since=date(2026, 3, 1), until=date(2026, 3, 31))


def a_call(made_by: Cadre | None = None, **columns: Any) -> Call:
    number = Call.objects.count() + 1
    return Call.objects.create(
        reference=f"ZJ-{number:04}", title="我与一本书", kinds="essay", rules="每人一篇。", since=date(2026, 3, 1),
        until=date(2026, 3, 31), made_by=made_by or reader(Role.OFFICE), **columns,
    )  # fmt: skip


def status_of(client: Any, address: str) -> int:
    response = client.get(address)
    read_out(response)
    return response.status_code


def assert_nothing_left() -> None:
    """Neither rows nor files, nor such as wait for the sweeper."""
    found = verify()
    assert (found.files, found.loose, found.faults, found.orphans) == (0, 0, [], [])
    assert (Material.objects.count(), Photograph.objects.count(), LooseFile.objects.count()) == (0, 0, 0)
