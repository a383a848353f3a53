"""Attaching, replacing, removing and carrying over files, and what is made of them in the background."""

import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from django.utils import timezone

from notices.models import Notice
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.uploads import BUSY, Refused
from submissions import tasks
from submissions.kinds import Kind
from submissions.models import Attachment, LooseFile, Version
from submissions.services import storing
from submissions.services.attachments import attach, carry_over, detach, read_text
from submissions.services.processing import process_waiting
from submissions.services.review import StaleSubmission
from submissions.services.verifying import verify
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db
NOW = timezone.now()
AUDIO, DOCUMENT, COVER = Attachment.Role.AUDIO, Attachment.Role.DOCUMENT, Attachment.Role.COVER
SAMPLES = {AUDIO: "audio/ok_cbr.mp3", DOCUMENT: "text/ok_gbk.txt", COVER: "image/ok.jpg"}


@pytest.fixture
def author():
    return CadreFactory(department=DepartmentFactory())


def writing(author, **columns) -> Version:
    """The version of a work that its author is writing."""
    work = SubmissionFactory(people=[author], **{"kind": Kind.RECITATION, "state": State.DRAFT, **columns})
    work.versions.update(is_draft=True)
    return work.versions.get()


@pytest.fixture
def version(author) -> Version:
    return writing(author)


@pytest.fixture
def upload(samples):
    def made(role: Attachment.Role = AUDIO, original: str = "") -> SimpleUploadedFile:
        path = samples / "hostile" / SAMPLES[role]
        return SimpleUploadedFile(original or path.name, path.read_bytes())

    return made


def stored(settings) -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def agreed() -> bool:
    found = verify()
    return (found.faults, found.orphans) == ([], [])


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


@pytest.fixture
def disturbed(settings):
    """From its call on, `then` follows on each file that is stored; in the end it is a plain storage again."""

    def disturb(then: Callable[[], None]) -> Callable[[], None]:
        plain = settings.STORAGES
        double = {"BACKEND": "submissions.tests.storages.Disturbed", "OPTIONS": {"then": then}}
        settings.STORAGES = {**plain, "default": double}
        return lambda: setattr(settings, "STORAGES", plain)

    return disturb


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


def waiting(version, author, upload) -> Attachment:
    return attach(version=version, role=AUDIO, upload=upload(), by=author, now=NOW)


@pytest.fixture
def no_child_lives(settings, tmp_path):
    """From its call on, every process that reads a file ends at once: where it starts lies no code."""
    return lambda: setattr(settings, "BASE_DIR", tmp_path)


def test_what_takes_its_reader_down_twice_is_given_up(version, author, upload, no_child_lives):
    recording = waiting(version, author, upload)
    no_child_lives()
    process_waiting(NOW)
    recording.refresh_from_db()
    assert (recording.state, recording.attempts) == ("processing", 1)
    process_waiting(NOW)
    recording.refresh_from_db()
    assert (recording.state, recording.attempts) == ("failed", 2)
    assert recording.message == "录音无法处理，文件可能已损坏，请重新录音或换一个文件。"
    notice = Notice.objects.get()
    work = version.submission
    assert (notice.recipient, notice.subject) == (author, f"{work.quoted}的录音没有处理成功")
    assert (notice.body, notice.address) == (recording.message, f"/works/{work.pk}/")


def test_a_recording_that_cannot_be_judged_at_once_waits(version, author, upload, no_child_lives):
    no_child_lives()
    recording = waiting(version, author, upload)
    assert (recording.state, recording.duration_ms) == ("processing", None)
    with pytest.raises(Refused, match="图片过大或已损坏"):
        attach(version=version, role=COVER, upload=upload(COVER), by=author, now=NOW)


# Less than any child needs to begin.
HASTE = 0.01


def test_a_busy_server_calls_no_file_broken(version, author, upload, settings):
    settings.FILE_PATIENCE = HASTE
    for role in (COVER, DOCUMENT):
        with pytest.raises(Refused, match="服务器正忙"):
            attach(version=version, role=role, upload=upload(role), by=author, now=NOW)
    with pytest.raises(Refused, match="服务器正忙"):
        read_text(upload(DOCUMENT))
    assert waiting(version, author, upload).state == "processing"


def test_a_recording_for_which_the_server_found_no_time_is_not_called_broken(version, author, upload, settings):
    recording = waiting(version, author, upload)
    settings.FILE_PATIENCE_IN_BACKGROUND = HASTE
    for state in ("processing", "failed"):
        process_waiting(NOW)
        recording.refresh_from_db()
        assert recording.state == state
    assert recording.message == BUSY
    assert (Notice.objects.get().body, agreed()) == (BUSY, True)


def test_what_turns_out_to_be_none_says_why(version, author, upload):
    recording = waiting(version, author, upload)
    with recording.file.open("wb") as file:
        file.write(b"<html>")
    process_waiting(NOW)
    recording.refresh_from_db()
    assert (recording.state, recording.message[:6]) == ("failed", "录音无法识别")


def test_a_worker_killed_at_work_leaves_the_file_waiting(version, author, upload, disturbed):
    """What it had stored is loose, and the next worker begins anew."""
    recording = waiting(version, author, upload)

    def killed():
        raise SystemExit(signal.SIGKILL)

    restore = disturbed(killed)
    with pytest.raises(SystemExit):
        process_waiting(NOW)
    assert LooseFile.objects.count() == 1
    restore()
    process_waiting(NOW)
    recording.refresh_from_db()
    assert (recording.state, recording.attempts) == ("ready", 0)
    assert storing.sweep(NOW + timedelta(hours=2)) == 1
    assert agreed()


def test_a_file_removed_while_it_is_worked_on(version, author, upload, settings, disturbed):
    recording = waiting(version, author, upload)
    disturbed(lambda: detach(version=version, role=AUDIO, by=author, now=NOW))
    process_waiting(NOW)
    assert not Attachment.objects.filter(pk=recording.pk).exists()
    storing.sweep(NOW + timedelta(hours=2))
    assert (stored(settings), agreed()) == (0, True)


def test_what_killed_processes_left_on_the_way_in(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    (tmp_path / "media-old").mkdir()
    (tmp_path / "old.upload").write_bytes(b"x")
    tasks.tidy()
    assert len(list(tmp_path.iterdir())) == 2
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        tasks.tidy()
    assert list(tmp_path.iterdir()) == []
