"""What is made of files in the background, and what becomes of them where that fails."""

import signal
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notices.models import Notice
from organization.models import LooseFile
from organization.services import storing
from shuxiang.uploads import BUSY, Refused
from submissions import tasks
from submissions.models import Attachment
from submissions.services.attachments import attach, detach, read_text
from submissions.services.processing import process_waiting
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
    waiting,
)

__all__ = ["author", "disturbed", "upload", "version"]
pytestmark = pytest.mark.django_db


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
