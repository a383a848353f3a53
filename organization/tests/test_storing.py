"""Stored files that no floor in particular owns."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organization.models import LooseFile, RegisterImport
from organization.services.storing import CHUNK, file_columns, keep, let_go, store, sweep
from organization.services.verifying import PROVIDERS, Vouched, verify, vouch
from organization.tests.factories import CadreFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def content(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"abc")
    return path


def brought_in(file: str, refused_file: str = "") -> RegisterImport:
    return RegisterImport.objects.create(
        kind="roster", original_name="册", file=file, refused_file=refused_file, digest="0", uploaded_by=CadreFactory()
    )


def loose() -> set[str]:
    return set(LooseFile.objects.values_list("name", flat=True))


def test_a_file_that_a_row_of_any_model_and_column_names_is_kept(content):
    first, second, third = (store(content, NOW) for _ in range(3))
    row = brought_in(first, second)
    let_go([first, second, third], NOW)
    assert loose() == {first, second, third}
    assert sweep(LATER) == 1
    assert [default_storage.exists(name) for name in (first, second, third)] == [True, True, False]
    assert loose() == set()
    row.delete()
    let_go([first, second], NOW)
    assert (loose(), sweep(NOW), sweep(LATER)) == ({first, second}, 0, 2)
    assert [default_storage.exists(name) for name in (first, second)] == [False, False]


def test_what_other_rows_need_is_not_let_go(content):
    name = store(content, NOW)
    LooseFile.objects.all().delete()
    brought_in(name)
    let_go([name, name], NOW)
    assert loose() == set()


def test_letting_nothing_go_asks_nothing():
    with CaptureQueriesContext(connection) as captured:
        let_go([], NOW)
    assert len(captured) == 0


def test_many_names_are_asked_for_in_lots(content):
    kept = store(content, NOW)
    brought_in(kept)
    LooseFile.objects.bulk_create(LooseFile(name=f"zz/{number}", since=NOW) for number in range(2 * CHUNK))
    with CaptureQueriesContext(connection) as captured:
        assert sweep(LATER) == 2 * CHUNK
    asked = [each for each in captured if " IN (" in each["sql"] and each["sql"].startswith("SELECT")]
    assert len(asked) == 3 * len(list(file_columns()))
    assert default_storage.exists(kept)


def test_each_floor_vouches_for_its_own_rows(content, monkeypatch):
    monkeypatch.setattr("organization.services.verifying.PROVIDERS", list(PROVIDERS))
    kept = keep(content, NOW)
    vouch(lambda: [Vouched("封面 1", [kept]), Vouched("封面 2", [], ["没有文件。"])])
    found = verify()
    assert (found.files, found.faults, found.orphans) == (2, ["封面 2：没有文件。"], [])
    default_storage.delete(kept.name)
    default_storage.save(kept.name, ContentFile(b"abd"))
    assert verify().faults[0] == f"封面 1：文件 {kept.name} 的校验值不符。"
