"""Files of digital resources: told by their content, refused, exchanged, lost."""

import pytest

from organization.models import LooseFile
from organization.roles import Role
from organization.services.verifying import verify
from reading.models import DigitalResource
from reading.tests.digital_pages import FORM, edited, only, uploaded
from reading.tests.digital_samples import EPUB, PDF, mp3
from reading.tests.factories import DigitalResourceFactory, reader
from reading.tests.people import librarian
from shuxiang.tests.hostile_media import samples

__all__ = ["librarian"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]


@pytest.mark.parametrize(
    ("content", "kind", "content_type"),
    [
        (PDF, "PDF", "application/pdf"),
        (EPUB, "EPUB", "application/epub+zip"),
        (mp3(), "MP3", "audio/mpeg"),
        ("学而时习之。".encode("gb18030"), "TXT", "application/octet-stream"),
    ],
)
def test_a_file_is_told_by_its_content_kept_and_sent_as_an_attachment(client, librarian, content, kind, content_type):
    response = client.post(
        "/digital/new/", {**FORM, "link": "", "format": "EXE", "file": uploaded(content, "a/../论语<b>.exe")}
    )
    resource = only()
    assert response.url == f"/digital/{resource.pk}/"
    assert (resource.format, resource.size, resource.link) == (kind, len(content), "")
    found = verify()
    assert (found.faults, found.orphans, found.loose) == ([], [], 0)
    client.force_login(reader(Role.CADRE))
    sent = client.get(f"/digital/{resource.pk}/open/")
    assert b"".join(sent.streaming_content) == content
    assert sent["Content-Type"] == content_type
    assert sent["Content-Disposition"].startswith("attachment;")
    assert sent["Content-Disposition"].endswith(f".{kind.lower()}")
    part = client.get(f"/digital/{resource.pk}/open/", headers={"range": "bytes=1-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[1:4])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (PDF[:-8], "不完整"),
        (EPUB[:-22], "不完整"),
        (b"PK\x03\x04" + b"x" * 100, "压缩包"),
        (b"<!doctype html><html><script>alert(1)</script>", "网页"),
        (b"MZ" + bytes(200), "不是 PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "不是 PDF"),
        (b"   \n ", "没有文字"),
    ],
)
def test_what_is_no_book_is_refused_and_leaves_nothing(client, librarian, content, told):
    response = client.post("/digital/new/", {**FORM, "link": "", "file": uploaded(content, "书.pdf")})
    page = response.content.decode()
    assert response.status_code == 200
    assert told in page
    assert 'value="国家图书馆"' in page
    assert not DigitalResource.objects.exists()
    assert (LooseFile.objects.count(), verify().orphans) == (0, [])


@pytest.mark.parametrize("folder", ["audio", "docx", "image", "text", "xlsx"])
def test_hostile_files_are_taken_or_refused_and_never_a_failure(client, librarian, folder):
    for path in samples(folder):
        response = client.post("/digital/new/", {**FORM, "link": "", "file": uploaded(path.read_bytes(), path.name)})
        assert response.status_code in (200, 302), path.name
        taken = path.name if response.status_code == 302 else ""
        # What is taken is a sound, plain text or a PDF by its content, whatever it is called.
        assert not taken or folder in ("audio", "text") or taken.endswith(".csv") or "pdf" in taken
    found = verify()
    assert (found.faults, found.orphans, found.loose) == ([], [], 0)


def test_a_file_too_large_is_refused_with_the_limit_beside_the_field(client, librarian, settings):
    settings.DIGITAL_MAX_BYTES = 2048
    response = client.post("/digital/new/", {**FORM, "link": "", "file": uploaded(PDF + bytes(3000))})
    assert "上限" in response.content.decode()
    settings.DIGITAL_MAX_BYTES = 3 * 1024 * 1024
    assert "不超过 3 MB" in client.get("/digital/new/").content.decode()


def test_either_a_link_or_a_file(client, librarian):
    assert "请填写网址，或者" in client.post("/digital/new/", {**FORM, "link": ""}).content.decode()
    both = client.post("/digital/new/", {**FORM, "file": uploaded(PDF)})
    assert "只要一样" in both.content.decode()
    assert not DigitalResource.objects.exists()


def test_another_file_or_a_link_lets_the_old_file_go(client, librarian):
    client.post("/digital/new/", {**FORM, "link": "", "file": uploaded(PDF)})
    first = str(only().file)
    client.post(f"/digital/{only().pk}/edit/", edited(client, only(), link="", title="没有换"))
    assert (str(only().file), only().title, only().format) == (first, "没有换", "PDF")
    client.post(f"/digital/{only().pk}/edit/", edited(client, only(), link="", file=uploaded(EPUB)))
    assert (only().format, set(LooseFile.objects.values_list("name", flat=True))) == ("EPUB", {first})
    second = str(only().file)
    client.post(f"/digital/{only().pk}/edit/", edited(client, only(), format="网页"))
    assert (str(only().file), only().size, only().link, only().format) == ("", None, FORM["link"], "网页")
    assert set(LooseFile.objects.values_list("name", flat=True)) == {first, second}
    assert verify().faults == []


def test_a_lost_file_is_not_found(client, librarian):
    resource = DigitalResourceFactory(link="", file="00/nothing", size=1, sha256="0" * 64)
    assert client.get(f"/digital/{resource.pk}/open/").status_code == 404
    assert verify().faults != []
