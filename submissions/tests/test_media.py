from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from organization.models import DepartmentKind, Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory
from submissions.models import Attachment, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.readers import READERS, reader

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 not really"


@pytest.fixture
def audit():
    """A bureau below an umbrella, so that there is a bureau beside it."""
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    return DepartmentFactory(name="审计局", kind=DepartmentKind.AGENCY, parent=root)


@pytest.fixture
def finance(audit):
    return DepartmentFactory(name="财政审计科", parent=audit)


@pytest.fixture
def author(finance):
    return CadreFactory(department=finance)


def attach(
    work: Submission, name: str = "心得.docx", role: str = Attachment.Role.DOCUMENT, content: bytes = CONTENT
) -> Attachment:
    attachment = Attachment(
        version=work.versions.get(),
        role=role,
        original_name=name,
        size=len(content),
        sha256="0" * 64,
    )
    attachment.file.save(name, ContentFile(content))
    return attachment


@pytest.fixture
def attachment(author) -> Attachment:
    return attach(SubmissionFactory(people=[author]))


def fetch(client, cadre, attachment):
    """The response with its body read, which closes the file."""
    client.force_login(cadre)
    response = client.get(f"/media/{attachment.pk}/")
    response.body = b"".join(response.streaming_content) if response.streaming else b""
    return response


def test_the_author_gets_the_original_as_a_download(client, author, attachment):
    response = fetch(client, author, attachment)
    assert response.body == CONTENT
    assert response.status_code == 200
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%BF%83%E5%BE%97.docx"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("role", "place", "status"), READERS)
def test_who_else_gets_it(client, audit, finance, attachment, role, place, status):
    response = fetch(client, reader(role, place, department=finance, agency=audit), attachment)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("role", "content", "found"),
    [
        (Attachment.Role.AUDIO, b"ID3\x04" + bytes(12), "audio/mpeg"),
        (Attachment.Role.AUDIO, b"\xff\xfb\x90\x00", "audio/mpeg"),
        (Attachment.Role.AUDIO, b"\xff\xf1\x50\x80", "audio/aac"),
        (Attachment.Role.AUDIO, b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (Attachment.Role.AUDIO, b"OggS" + bytes(12), "audio/ogg"),
        (Attachment.Role.AUDIO, b"fLaC" + bytes(12), "audio/flac"),
        (Attachment.Role.AUDIO, b"\x1a\x45\xdf\xa3", "audio/webm"),
        (Attachment.Role.AUDIO, b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (Attachment.Role.COVER, b"\xff\xd8\xff\xe0", "image/jpeg"),
        (Attachment.Role.PICTURE, b"\x89PNG\r\n\x1a\n", "image/png"),
        (Attachment.Role.PICTURE, b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (Attachment.Role.PICTURE, b"GIF89a", "image/gif"),
    ],
)
def test_recordings_and_pictures_are_shown_in_place(client, author, role, content, found):
    attachment = attach(SubmissionFactory(people=[author]), role=role, content=content)
    response = fetch(client, author, attachment)
    assert (response["Content-Type"], response.body) == (found, content)
    assert response["Content-Disposition"].startswith("inline; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    client.force_login(author)
    kept = client.get(f"/media/{attachment.pk}/?download")
    assert kept["Content-Type"] == "application/octet-stream"
    assert kept["Content-Disposition"].startswith("attachment; ")
    assert b"".join(kept.streaming_content) == content


@pytest.mark.parametrize(
    ("role", "content"),
    [
        (Attachment.Role.AUDIO, b"<html><script>alert(1)</script>"),
        (Attachment.Role.AUDIO, b"\x89PNG\r\n\x1a\n"),
        (Attachment.Role.AUDIO, b""),
        (Attachment.Role.AUDIO, b"\xff"),
        (Attachment.Role.COVER, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        (Attachment.Role.COVER, b"OggS"),
        (Attachment.Role.PICTURE, b"RIFF\x00\x00\x00\x00AVI "),
        (Attachment.Role.PICTURE, b"\x00\x00\x00\x20ftypheic"),
        (Attachment.Role.DOCUMENT, b"\xff\xd8\xff\xe0"),
    ],
)
def test_what_is_not_what_its_role_says_is_a_download(client, author, role, content):
    response = fetch(client, author, attach(SubmissionFactory(people=[author]), role=role, content=content))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response.body == content


def test_a_co_author_gets_it_from_any_department(client, audit, author):
    other = CadreFactory(department=DepartmentFactory(parent=audit))
    work = SubmissionFactory(people=[author, other])
    assert fetch(client, other, attach(work)).status_code == 200


def test_a_draft_is_its_authors_alone(client, audit, author):
    office = CadreFactory(roles=[Role.OFFICE], department=audit)
    draft = attach(SubmissionFactory(people=[author], state=State.DRAFT))
    assert fetch(client, office, draft).status_code == 404
    assert fetch(client, author, draft).status_code == 200


def test_an_office_that_moved_away_loses_it(client, audit, attachment):
    office = CadreFactory(roles=[Role.OFFICE])
    Posting.objects.create(cadre=office, department=audit, since=date(2020, 1, 1), until=date(2020, 12, 31))
    assert fetch(client, office, attachment).status_code == 404


def test_a_stranger_logs_in_first(client, attachment):
    response = client.get(f"/media/{attachment.pk}/")
    assert response["Location"] == f"/login/?next=/media/{attachment.pk}/"


def test_an_address_made_up_is_not_found(client, author):
    client.force_login(author)
    assert client.get(f"/media/{uuid4()}/").status_code == 404
    assert client.get("/media/1/").status_code == 404
    assert client.get("/media/../db.sqlite3/").status_code == 404


def test_only_reading(client, author, attachment):
    client.force_login(author)
    assert client.post(f"/media/{attachment.pk}/").status_code == 405
    with closing(client.head(f"/media/{attachment.pk}/")) as response:
        assert response.status_code == 200


def test_nothing_is_served_by_its_stored_name(client, author, attachment):
    client.force_login(author)
    assert client.get(f"/media/{attachment.file.name}").status_code == 404


def test_a_lost_file_is_not_found_and_logged(client, author, attachment, caplog):
    Path(attachment.file.path).unlink()
    assert fetch(client, author, attachment).status_code == 404
    assert str(attachment.pk) in caplog.text


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('a "b".txt', 'attachment; filename="a \\"b\\".txt"'),
        ("a\\b/c.txt", 'attachment; filename="a_b_c.txt"'),
        ("a\r\nSet-Cookie: x=1.txt", 'attachment; filename="aSet-Cookie: x=1.txt"'),
        ("a\x07\x1b.txt", 'attachment; filename="a.txt"'),
        ("书‮fdp.exe", "attachment; filename*=utf-8''%E4%B9%A6fdp.exe"),
        ("心得 100%.docx", "attachment; filename*=utf-8''%E5%BF%83%E5%BE%97%20100%25.docx"),
        ('é; x="y".txt', "attachment; filename*=utf-8''%C3%A9%3B%20x%3D%22y%22.txt"),
        ("..", 'attachment; filename=".."'),
        ("\u2028\u202e \t", "attachment; filename*=utf-8''%E9%99%84%E4%BB%B6"),
        ("", "attachment; filename*=utf-8''%E9%99%84%E4%BB%B6"),
    ],
)
def test_no_name_breaks_the_header(client, author, attachment, name, header):
    Attachment.objects.update(original_name=name)
    response = fetch(client, author, attachment)
    assert response["Content-Disposition"] == header
    assert "Set-Cookie" not in response.headers
    assert response.body == CONTENT
