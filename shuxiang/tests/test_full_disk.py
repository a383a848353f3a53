"""A disk that is full while files come in costs the file, never the text that was sent along with it."""

import errno
import os
import tempfile
from pathlib import Path

import pytest
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.tests.desk_imports import clerk
from shuxiang.tests.desk_imports import upload as upload_register
from submissions.models import Attachment, Submission
from submissions.tests.handing_in import TEXTS, filled, opened

__all__ = ["clerk"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
# More than is kept in memory.
LARGE = b"x" * (2_621_440 + 1)
FULL = "存储空间不足"
MOMENTS = ["open", "write", "seek"]


@pytest.fixture
def spool(settings, tmp_path, monkeypatch):
    """From its call on, a file on its way in fails so at one moment: when it is made, written or read again."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "spool"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()

    def fill(moment: str, number: int = errno.ENOSPC) -> Path:
        def fail(*anything):
            raise OSError(number, os.strerror(number))

        def made(**options):
            if moment == "open":
                fail()
            file = plain(**options)
            setattr(file, moment, fail)
            return file

        plain = tempfile.NamedTemporaryFile
        monkeypatch.setattr(uploadedfile.tempfile, "NamedTemporaryFile", made)
        return settings.FILE_UPLOAD_TEMP_DIR

    return fill


@pytest.fixture
def author(client):
    found = CadreFactory(department=DepartmentFactory())
    client.force_login(found)
    return found


def large(name: str = "画.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, LARGE)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_text_sent_with_the_file_is_stored_and_the_field_says_what_to_do(client, author, spool, moment):
    form = filled(client, "creation", picture=large())
    folder = spool(moment)
    page = client.post("/works/new/creation/", {"picture": form.pop("picture"), **form}).content.decode()
    assert f'<a href="#id_picture">作品图片</a>：{FULL}' in page
    assert "请联系管理员清理空间后再试" in page
    assert Submission.objects.get().versions.get().body == TEXTS["creation"]["body"]
    assert (Attachment.objects.count(), list(folder.iterdir())) == (0, [])


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_sent_by_itself_is_refused_in_words(client, author, spool, moment, number):
    form = opened(client, "/works/new/creation/")
    folder = spool(moment, number)
    answer = client.post("/works/files/picture/", {**form, "file": large()}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error"][: len(FULL)]) == (400, FULL)
    assert list(folder.iterdir()) == []


def test_a_register_is_refused_in_words(client, clerk, spool):
    spool("write")
    assert FULL in upload_register(client, LARGE).content.decode()


def test_the_file_that_came_before_it_stays_whole(client, author, spool, monkeypatch):
    form = filled(client, "recitation", script_file=SimpleUploadedFile("文.txt", "壬戌之秋。".encode()), script="")
    made, plain = [], tempfile.NamedTemporaryFile
    spool("open")
    full = uploadedfile.tempfile.NamedTemporaryFile

    def second_fails(**options):
        made.append(options)
        return (plain if len(made) == 1 else full)(**options)

    monkeypatch.setattr(uploadedfile.tempfile, "NamedTemporaryFile", second_fails)
    page = client.post("/works/new/recitation/", {**form, "audio": large("录音.wav")}).content.decode()
    assert FULL in page
    assert [each.original_name for each in Attachment.objects.all()] == ["文.txt"]


def test_another_fault_of_the_disk_is_no_matter_of_room(author, spool):
    client = Client(raise_request_exception=False)
    client.force_login(author)
    spool("write", errno.EIO)
    assert client.post("/works/files/picture/", {"file": large()}).status_code == 500
