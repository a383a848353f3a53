"""The nightly tidying of the folder for files on their way."""

import os
import time

import pytest

from submissions.tasks import tidy

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 24 * 3600


def test_a_file_that_goes_while_the_folder_is_read_keeps_no_other_from_being_removed(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    for name in ("a", "z"):
        (tmp_path / name).write_text("left")
        os.utime(tmp_path / name, (time.time() - TWO_DAYS,) * 2)
    # Listed, and nothing is there when it is looked at: as a file that another process has just removed.
    for name in ("b", "m", "y"):
        (tmp_path / name).symlink_to(tmp_path / "gone")
    tidy()
    assert sorted(each.name for each in tmp_path.iterdir() if each.exists()) == []
