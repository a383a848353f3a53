"""Registers at the desk, over HTTP: applied once, exactly as shown, or discarded."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from assessment.tasks import tidy
from organization.models import AccessAction, AccessEvent, Cadre, Department, RegisterImport
from organization.services.imports import FORGOTTEN_AFTER
from organization.tests.factories import CadreFactory
from shuxiang.tests.desk_imports import (
    HIRED,
    ROSTER,
    address,
    book,
    clerk,
    decide,
    looked_at,
    media_files,
    office_data,
)

__all__ = ["book", "clerk"]
pytestmark = pytest.mark.django_db


def test_an_import_is_applied_once(client, clerk, book):
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED]))
    first, second = decide(client, found), decide(client, found)
    assert "新增 1 人。有关的考核期会在后台自动重新计算" in first.content.decode()
    assert "已经办理（已导入）" in second.content.decode()
    assert "已经办理（已导入）" in decide(client, found, "discard").content.decode()
    assert Cadre.objects.filter(employee_number="A1").count() == 1
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (clerk, "已导入花名册“登记表.xlsx”：新增 1 人")
    event = AccessEvent.objects.get(action=AccessAction.IMPORT)
    assert (event.actor, event.about, event.detail) == (clerk, "花名册 登记表.xlsx", entry.change_message)
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("applied", clerk)
    assert b"".join(client.get(address(found, "file"))) == Path(found.file.path).read_bytes()


def test_a_preview_that_is_no_longer_true_is_shown_anew_and_nothing_is_written(client, clerk, book):
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED]))
    CadreFactory(employee_number="A1", name="同号的人", department=Department.objects.get(name="办公室"))
    before = office_data()
    page = decide(client, found).content.decode()
    assert ("预览之后资料有了变化" in page, "姓名 同号的人 → 甲" in page) == (True, True)
    assert office_data() == before
    old, found = found, RegisterImport.objects.get()
    assert "预览之后资料有了变化" in decide(client, found, digest=old.digest).content.decode()
    assert "已导入花名册" in decide(client, found).content.decode()
    assert Cadre.objects.get(employee_number="A1").name == "甲"


def test_a_discarded_import_gives_its_file_up_and_keeps_the_refused_rows(client, clerk, book, settings):
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED], ["A1", "乙", "办公室", HIRED]))
    assert len(media_files(settings)) == 2
    assert "已放弃" in decide(client, found, "discard").content.decode()
    assert len(media_files(settings)) == 1
    assert b"".join(client.get(address(found, "refused"))).startswith(b"PK")
    assert client.get(address(found, "file")).status_code == 404
    assert "已经办理（已放弃）" in decide(client, found).content.decode()
    assert Cadre.objects.filter(employee_number="A1").count() == 0


def test_good_rows_first_and_the_refused_ones_mended(client, clerk, book, tmp_path):
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED], ["A2", "乙", "办公室", "去年"]))
    assert "先写入好的行：导入 1 人" in client.get(address(found)).content.decode()
    assert "新增 1 人，退回 1 行" in decide(client, found).content.decode()
    returned = openpyxl.load_workbook(BytesIO(b"".join(client.get(address(found, "refused")))))
    sheet = returned["花名册"]
    assert [cell.value for cell in sheet[1]] == [*ROSTER, "原因"]
    assert sheet.max_row == 2
    sheet["D2"] = HIRED
    returned.save(tmp_path / "改好.xlsx")
    again = looked_at(client, tmp_path / "改好.xlsx")
    assert (again.preview["added"], again.preview["refused"]) == (1, 0)
    decide(client, again)
    assert Cadre.objects.filter(employee_number__in=["A1", "A2"]).count() == 2


def test_a_file_that_is_gone_from_the_store_is_said(client, clerk, book):
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED]))
    found.file.storage.delete(found.file.name)
    assert "已不在存储中" in decide(client, found).content.decode()
    assert client.get(address(found, "file")).status_code == 404


def test_what_nobody_decided_is_discarded_after_a_week(client, clerk, book, settings):
    path = book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED])
    old = looked_at(client, path)
    RegisterImport.objects.update(created_at=timezone.now() - FORGOTTEN_AFTER - timedelta(minutes=1))
    looked_at(client, path)
    old.refresh_from_db()
    assert (old.state, len(media_files(settings))) == ("discarded", 1)


def test_nothing_new_has_no_button_to_apply(client, clerk, book):
    path = book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED])
    decide(client, looked_at(client, path))
    page = client.get(address(looked_at(client, path))).content.decode()
    assert ("没有要写入的变化" in page, 'value="apply"' in page) == (True, False)


def test_the_night_discards_what_nobody_decided_too(client, clerk, book, settings):
    old = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED]))
    RegisterImport.objects.update(created_at=timezone.now() - FORGOTTEN_AFTER - timedelta(minutes=1))
    tidy()
    old.refresh_from_db()
    assert (old.state, media_files(settings)) == ("discarded", [])
