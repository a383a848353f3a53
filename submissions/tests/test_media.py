from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from organization.models import Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory
from submissions.models import Attachment, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.readers import READERS, audit, author, finance, reader

__all__ = ["audit", "author", "finance"]
pytestmark = pytest.mark.django_db
CONTENT = b"as it came"
MADE = bytes(range(40))


def attach(work: Submission, name: str = "朗诵.m4a", role: str = Attachment.Role.AUDIO, **columns) -> Attachment:
    """A file that has been worked on."""
    attachment = Attachment(
        version=work.versions.get(),
        role=role,
        original_name=name,
        size=len(CONTENT),
        sha256="0" * 64,
        **{"state": Attachment.State.READY, **columns},
    )
    attachment.file.save(name, ContentFile(CONTENT), save=False)
    if role != Attachment.Role.DOCUMENT:
        attachment.rendition.save(name, ContentFile(MADE), save=False)
    attachment.save()
    return attachment


@pytest.fixture
def attachment(author) -> Attachment:
    return attach(SubmissionFactory(people=[author]))


def fetch(client, cadre, attachment, tail: str = "", **headers):
    """The response with its body read, which closes the file."""
    client.force_login(cadre)
    response = client.get(f"/media/{attachment.pk}/{tail}", headers=headers)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def test_a_recording_is_played_in_its_place(client, author, attachment):
    response = fetch(client, author, attachment)
    assert (response.status_code, response.body) == (200, MADE)
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Length"] == str(len(MADE))
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%E6%9C%97%E8%AF%B5.mp3"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("role", ["cover", "picture"])
def test_a_picture_is_shown_in_its_place(client, author, role):
    response = fetch(client, author, attach(SubmissionFactory(people=[author]), "照片.heic", role))
    assert (response["Content-Type"], response.body) == ("image/jpeg", MADE)
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%E7%85%A7%E7%89%87.jpg"


def test_what_was_made_can_be_downloaded(client, author, attachment):
    response = fetch(client, author, attachment, "?download")
    assert (response["Content-Type"], response.body) == ("audio/mpeg", MADE)
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%9C%97%E8%AF%B5.mp3"


def test_the_author_gets_the_original_as_a_download(client, author, attachment):
    response = fetch(client, author, attachment, "original/")
    assert (response.status_code, response.body) == (200, CONTENT)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%9C%97%E8%AF%B5.m4a"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("state", [Attachment.State.PROCESSING, Attachment.State.FAILED])
def test_nothing_is_played_before_it_is_ready(client, author, state):
    found = attach(SubmissionFactory(people=[author]), state=state)
    assert fetch(client, author, found).status_code == 404
    assert fetch(client, author, found, "original/").body == CONTENT


def test_the_status_tells_how_far_it_is(client, author):
    found = attach(SubmissionFactory(people=[author]), state="processing", duration_ms=10_500)
    assert fetch(client, author, found, "status/").json() == {
        "state": "processing", "duration_ms": 10_500, "peaks": [], "url": "", "message": "", "notice": "",
    }  # fmt: skip
    Attachment.objects.update(state="ready", peaks=[0, 100], notice="录音可能不完整，请试听后再提交。")
    assert fetch(client, author, found, "status/").json() == {
        "state": "ready", "duration_ms": 10_500, "peaks": [0, 100], "url": f"/media/{found.pk}/", "message": "",
        "notice": "录音可能不完整，请试听后再提交。",
    }  # fmt: skip


@pytest.mark.parametrize(("role", "place", "status"), READERS)
@pytest.mark.parametrize("tail", ["", "status/"])
def test_who_else_gets_it(client, audit, finance, attachment, role, place, status, tail):
    response = fetch(client, reader(role, place, department=finance, agency=audit), attachment, tail)
    assert response.status_code == status


@pytest.mark.parametrize(("role", "place", "status"), READERS)
def test_who_else_gets_the_original(client, audit, finance, attachment, role, place, status):
    """Whoever may see the work gets what was made of the file; the file itself only the office."""
    response = fetch(client, reader(role, place, department=finance, agency=audit), attachment, "original/")
    assert response.status_code == (status if role == Role.OFFICE else 404)


def test_a_document_is_its_original(client, audit, finance, author):
    letter = attach(SubmissionFactory(people=[author]), "心得.docx", Attachment.Role.DOCUMENT)
    response = fetch(client, author, letter)
    assert (response["Content-Type"], response.body) == ("application/octet-stream", CONTENT)
    assert response["Content-Disposition"].startswith("attachment; ")
    assert fetch(client, CadreFactory(roles=[Role.LEADER], department=audit), letter).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("bytes=0-3", 206, MADE[:4], "bytes 0-3/40"),
        ("bytes=36-", 206, MADE[36:], "bytes 36-39/40"),
        ("bytes=-4", 206, MADE[36:], "bytes 36-39/40"),
        ("bytes=-400", 206, MADE, "bytes 0-39/40"),
        ("bytes=39-9999", 206, MADE[39:], "bytes 39-39/40"),
        ("bytes=0-", 206, MADE, "bytes 0-39/40"),
        ("bytes=40-", 416, b"", "bytes */40"),
        ("bytes=40-50", 416, b"", "bytes */40"),
        ("bytes=-0", 416, b"", "bytes */40"),
        # Not understood: the whole.
        ("bytes=5-2", 200, MADE, None),
        ("bytes=-", 200, MADE, None),
        ("bytes=0-1,3-4", 200, MADE, None),
        ("bytes=a-b", 200, MADE, None),
        ("bytes=１-２", 200, MADE, None),
        ("items=0-1", 200, MADE, None),
        (f"bytes={'9' * 40}-", 200, MADE, None),
        ("", 200, MADE, None),
    ],
)
def test_a_part_of_it(client, author, attachment, asked, status, body, told):
    response = fetch(client, author, attachment, Range=asked)
    assert (response.status_code, response.body, response.get("Content-Range")) == (status, body, told)
    assert response["Content-Length"] == str(len(body))


def test_a_part_only_of_the_same_file(client, author, attachment):
    tag = fetch(client, author, attachment)["ETag"]
    same = fetch(client, author, attachment, **{"Range": "bytes=0-3", "If-Range": tag})
    other = fetch(client, author, attachment, **{"Range": "bytes=0-3", "If-Range": '"other"'})
    day = fetch(client, author, attachment, **{"Range": "bytes=0-3", "If-Range": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert [(each.status_code, each.body) for each in (same, other, day)] == [(206, MADE[:4]), (200, MADE), (200, MADE)]


def test_the_web_server_in_front_sends_it_where_there_is_one(client, author, attachment, settings):
    settings.MEDIA_ACCEL = "/internal/"
    response = fetch(client, author, attachment, Range="bytes=0-3")
    assert (response.status_code, response.body) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/internal/{attachment.rendition.name}"
    assert response["Content-Type"] == "audio/mpeg"
    stranger = fetch(client, CadreFactory(), attachment)
    assert (stranger.status_code, stranger.get("X-Accel-Redirect")) == (404, None)


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
    response = client.head(f"/media/{attachment.pk}/", headers={"Range": "bytes=0-3"})
    assert (response.status_code, response["Content-Length"], response.content) == (200, str(len(MADE)), b"")


def test_nothing_is_served_by_its_stored_name(client, author, attachment):
    client.force_login(author)
    assert client.get(f"/media/{attachment.file.name}").status_code == 404


def test_a_lost_file_is_not_found_and_logged(client, author, attachment, caplog):
    Path(attachment.rendition.path).unlink()
    assert fetch(client, author, attachment).status_code == 404
    assert attachment.rendition.name in caplog.text


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
    response = fetch(client, author, attachment, "original/")
    assert response["Content-Disposition"] == header
    assert "Set-Cookie" not in response.headers
    assert response.body == CONTENT
