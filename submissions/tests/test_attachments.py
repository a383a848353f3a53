"""Attaching, replacing, removing and carrying over files."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction

from organization.models import LooseFile
from organization.roles import Role
from organization.services import storing
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory
from shuxiang.uploads import Refused
from submissions import tasks
from submissions.models import Attachment, Version
from submissions.services.attachments import attach, carry_over, detach, read_text
from submissions.services.processing import process_waiting
from submissions.services.review import StaleSubmission
from submissions.states import State
from submissions.tests.attaching import (
    AUDIO,
    COVER,
    DOCUMENT,
    NOW,
    agreed,
    author,
    disturbed,
    stored,
    upload,
    version,
    writing,
)
from submissions.tests.factories import name

__all__ = ["author", "disturbed", "upload", "version"]
pytestmark = pytest.mark.django_db


def test_a_recording_is_measured_at_once_and_made_playable_later(version, author, upload):
    recording = attach(version=version, role=AUDIO, upload=upload(), by=author, now=NOW)
    assert (recording.state, recording.peaks, bool(recording.rendition)) == ("processing", [], False)
    assert abs(recording.duration_ms - 10_500) < 100
    tasks.prepare()
    recording.refresh_from_db()
    assert recording.state == "ready"
    assert (len(recording.peaks), min(recording.peaks) >= 0, max(recording.peaks)) == (106, True, 100)
    assert recording.rendition_size == recording.rendition.size > 0
    assert (LooseFile.objects.count(), agreed()) == (0, True)


def test_a_picture_is_ready_at_once(version, author, upload):
    cover = attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)
    assert (cover.state, cover.width, cover.height, bool(cover.rendition)) == ("ready", 640, 480, True)
    assert (LooseFile.objects.count(), agreed()) == (0, True)


def test_a_text_is_ready_at_once(version, author, upload):
    script = attach(version=version, role=DOCUMENT, upload=upload(DOCUMENT), by=author, now=NOW)
    assert (script.state, script.html[:3], script.text[:5]) == ("ready", "<p>", "读《论语》")


def test_a_text_is_read_without_keeping_it(settings, upload):
    assert read_text(upload(DOCUMENT)).text.startswith("读《论语》有感。")
    assert stored(settings) == 0


def test_a_new_file_takes_the_place_of_the_old(version, author, upload, settings):
    first = attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)
    second = attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)
    assert list(version.attachments.all()) == [second]
    names = {first.file.name, first.rendition.name}
    assert set(LooseFile.objects.values_list("name", flat=True)) == names
    assert storing.sweep(NOW + timedelta(minutes=59)) == 0
    assert storing.sweep(NOW + timedelta(minutes=61)) == 2
    assert (stored(settings), LooseFile.objects.count(), agreed()) == (2, 0, True)


def test_a_large_upload_is_used_where_it_lies(version, author, samples):
    content = (samples / "hostile/audio/ok_cbr.mp3").read_bytes()
    upload = TemporaryUploadedFile("录音.mp3", "audio/mpeg", len(content), None)
    upload.write(content)
    upload.flush()
    attach(version=version, role=AUDIO, upload=upload, by=author, now=NOW)
    upload.close()
    assert agreed()


def test_what_is_refused_leaves_nothing(version, author, settings):
    for role, content in ((AUDIO, b"#!SILK_V3"), (COVER, b"<svg/>"), (DOCUMENT, b"\0" * 9)):
        with pytest.raises(Refused):
            attach(version=version, role=role, upload=SimpleUploadedFile("x", content), by=author, now=NOW)
    assert (Attachment.objects.count(), LooseFile.objects.count(), stored(settings)) == (0, 0, 0)


def test_never_within_a_transaction(seeds, version, author, upload):
    with transaction.atomic(), pytest.raises(RuntimeError):
        attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)


def test_whose_files_they_are(version, author, upload):
    liaison, colleague = CadreFactory(roles=[Role.LIAISON]), CadreFactory()
    name(version.submission, colleague, 1)
    for stranger in (liaison, colleague, CadreFactory(roles=[Role.OFFICE])):
        with pytest.raises(NotAllowed):
            attach(version=version, role=COVER, upload=upload(COVER), by=stranger, now=NOW)
        with pytest.raises(NotAllowed):
            detach(version=version, role=COVER, by=stranger, now=NOW)
    type(version.submission).objects.update(entered_by=liaison)
    attach(version=version, role=COVER, upload=upload(COVER), by=liaison, now=NOW)
    assert version.attachments.get().uploaded_by == liaison


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED, State.REJECTED, State.WITHDRAWN])
def test_nothing_changes_once_it_is_handed_in(author, upload, state):
    version = writing(author, state=state)
    with pytest.raises(StaleSubmission):
        attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)
    with pytest.raises(StaleSubmission):
        detach(version=version, role=COVER, by=author, now=NOW)


def test_a_version_that_was_handed_in_keeps_its_files(author, upload):
    version = writing(author, state=State.RETURNED)
    attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)
    Version.objects.update(is_draft=False)
    with pytest.raises(StaleSubmission):
        detach(version=version, role=COVER, by=author, now=NOW)
    assert version.attachments.count() == 1


def test_handed_in_while_the_file_came(version, author, samples, settings):
    """It takes seconds until a file is here and checked: what was handed in meanwhile stays as it was."""

    class Slow(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            Version.objects.update(is_draft=False)
            return super().chunks(chunk_size)

    upload = Slow("ok.jpg", (samples / "hostile/image/ok.jpg").read_bytes())
    with pytest.raises(StaleSubmission):
        attach(version=version, role=COVER, upload=upload, by=author, now=NOW)
    assert not Version.objects.get().is_draft
    assert (Attachment.objects.count(), LooseFile.objects.count(), stored(settings)) == (0, 0, 0)


def test_a_new_version_begins_with_the_same_files(author, upload, settings):
    old = writing(author, state=State.RETURNED)
    attach(version=old, role=COVER, upload=upload(COVER), by=author, now=NOW)
    Version.objects.update(is_draft=False)
    new = Version.objects.create(submission=old.submission, number=2, title="改稿", is_draft=True)
    with transaction.atomic():
        carry_over(source=old, target=new)
    assert old.attachments.get().file.name == new.attachments.get().file.name
    detach(version=new, role=COVER, by=author, now=NOW)
    storing.sweep(NOW + timedelta(days=1))
    assert (old.attachments.count(), stored(settings), agreed()) == (1, 2, True)


def test_the_disk_is_full(version, author, upload, settings, disturbed):
    def full():
        raise OSError(28, "No space left on device")

    disturbed(full)
    with pytest.raises(Refused, match="存储空间不足"):
        attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)
    assert (Attachment.objects.count(), LooseFile.objects.count(), stored(settings)) == (0, 0, 0)


def test_a_storage_that_has_no_folders_of_this_machine(version, author, upload, settings):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "submissions.tests.storages.Bucket"}}
    for role in (AUDIO, COVER, DOCUMENT):
        attach(version=version, role=role, upload=upload(role), by=author, now=NOW)
    process_waiting(NOW)
    assert set(Attachment.objects.values_list("state", flat=True)) == {"ready"}
    assert (stored(settings), agreed()) == (0, True)
    assert len(default_storage.listdir("")[0]) >= 1
