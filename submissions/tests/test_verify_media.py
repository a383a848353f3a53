import io
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from organization.models import LooseFile
from organization.services.storing import store
from submissions.models import Attachment
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def told(*options: str) -> tuple[int, list[str]]:
    """Exit status and lines."""
    out = io.StringIO()
    try:
        call_command("verify_media", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture
def attachment() -> Attachment:
    version = SubmissionFactory().versions.get()
    file = default_storage.save("ab/one", ContentFile(b""))
    return Attachment.objects.create(version=version, role="document", file=file, size=0, sha256=EMPTY)


def test_all_is_well(attachment):
    assert told() == (0, ["核对 1 个附件：0 处不符，0 个文件没有记录，删除 0 个，0 个待自动清理。"])


def test_a_file_that_is_gone_shorter_or_other(attachment):
    for columns, words in (({"size": 5}, "应为 5 字节"), ({"size": 0, "sha256": "0" * 64}, "校验值不符")):
        Attachment.objects.update(**columns)
        code, lines = told()
        assert (code, words in lines[0]) == (1, True)
    default_storage.delete("ab/one")
    assert "不在存储中" in told()[1][0]


def test_a_picture_without_what_is_shown(attachment):
    Attachment.objects.update(role="cover", state="ready")
    assert "没有展示文件" in told()[1][0]


def test_orphans_go_after_a_day(attachment):
    default_storage.save("cd/new", ContentFile(b"x"))
    old = default_storage.path(default_storage.save("cd/old", ContentFile(b"x")))
    os.utime(old, (time.time() - 90_000,) * 2)
    assert told()[1][:2] == ["没有记录的文件：cd/new", "没有记录的文件：cd/old"]
    code, lines = told("--remove-orphans")
    assert (code, lines[0]) == (1, "没有记录的文件：cd/new")
    assert "删除 1 个" in lines[1]
    assert default_storage.listdir("cd")[1] == ["new"]


def test_a_loose_file_is_no_orphan(attachment, tmp_path):
    (tmp_path / "x").write_bytes(b"x")
    store(tmp_path / "x", timezone.now())
    assert LooseFile.objects.count() == 1
    assert told() == (0, ["核对 1 个附件：0 处不符，0 个文件没有记录，删除 0 个，1 个待自动清理。"])
