"""Large workbooks in the background: each holds what its reader may see, and goes after a week."""

from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.utils import timezone

from assessment.jobs import perform_export, remove_old_exports, work_off
from assessment.models import ExportRun, JobState
from assessment.services import assess
from assessment.services.exporting import is_large, listed_on_sheet, request_export
from organization.models import Posting, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from shuxiang.periods import Quarter

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)


@pytest.fixture
def county():
    county = County()
    assess(period=Q1, now=timezone.now())
    return county


def done(reader) -> ExportRun:
    run = request_export(period=Q1, by=reader)
    work_off(run, perform_export)
    run.refresh_from_db()
    return run


def test_the_workbook_holds_what_the_reader_may_see(county):
    run = done(county.clerk)
    assert (run.state, run.percent) == (JobState.DONE, 100)
    with run.file.open("rb") as file:
        sheet = openpyxl.load_workbook(file)["个人考核表"]
        numbers = {row[1] for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]}
    assert county.colleague.employee_number in numbers
    assert county.stranger.employee_number not in numbers


def test_one_pending_export_for_each_reader(county):
    leader = CadreFactory(roles=[Role.LEADER], department=county.office)
    first = request_export(period=Q1, by=county.clerk)
    assert request_export(period=Q1, by=county.clerk) == first
    assert request_export(period=Q1, by=leader) != first
    assert list(ExportRun.objects.visible_to(county.clerk)) == [first]


def test_an_export_that_ends_while_it_is_asked_for_again_leaves_room_for_a_new_one(county):
    first = request_export(period=Q1, by=county.clerk)

    def end_first(execute, sql, *rest):
        result = execute(sql, *rest)
        if sql.startswith("INSERT"):
            ExportRun.objects.filter(pk=first.pk).update(state=JobState.DONE)
        return result

    with connection.execute_wrapper(end_first):
        second = request_export(period=Q1, by=county.clerk)
    assert (second != first, second.state) == (True, JobState.WAITING)


def test_who_is_posted_elsewhere_meanwhile_leaves_the_workbook_behind(county):
    run = done(county.clerk)
    assert list(ExportRun.objects.visible_to(county.clerk)) == [run]
    posting = Posting.objects.get(cadre=county.clerk)
    posting.department = county.foreign_office
    posting.save(update_fields=["department", "changed_at"])
    assert list(ExportRun.objects.visible_to(county.clerk)) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.LEADER)])
def test_nobody_else_exports(county, role):
    with pytest.raises(NotAllowed, match="办公室人员和领导"):
        request_export(period=Q1, by=CadreFactory(roles=[role], department=county.office))


def test_whoever_has_left_meanwhile_gets_nothing(county):
    run = request_export(period=Q1, by=county.clerk)
    Posting.objects.filter(cadre=county.clerk).update(until="2024-12-31")
    work_off(run, perform_export)
    run.refresh_from_db()
    assert (run.state, run.error, run.file.name) == (
        JobState.FAILED, "只有在任的办公室人员和领导可以导出考核表。", "",
    )  # fmt: skip


def test_a_period_that_was_not_assessed_says_so(county):
    run = request_export(period=Quarter(2025, 2), by=county.clerk)
    work_off(run, perform_export)
    run.refresh_from_db()
    assert (run.state, run.error) == (
        JobState.FAILED,
        "2025Q2 还没有计算，请先运行 manage.py assess 2025Q2，或由办公室在考核页计算。",
    )


def test_an_export_broken_off_after_its_file_leaves_one_file(county, settings):
    run = done(county.clerk)
    ExportRun.objects.filter(pk=run.pk).update(state=JobState.RUNNING, file="")
    run = ExportRun.objects.get(pk=run.pk)
    work_off(run, perform_export)
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_old_workbooks_go(county, settings):
    run = done(county.clerk)
    remove_old_exports(timezone.now() + timedelta(days=6))
    assert ExportRun.objects.get(pk=run.pk).file.name != ""
    remove_old_exports(timezone.now() + timedelta(days=8))
    assert ExportRun.objects.get(pk=run.pk).file.name == ""
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_large_is_by_the_reader(county, settings):
    settings.WORKBOOK_PEOPLE_AT_ONCE = 5
    assert not is_large(listed_on_sheet(Q1, work_scope_of(county.clerk)))
    for _ in range(settings.WORKBOOK_PEOPLE_AT_ONCE):
        CadreFactory(department=county.foreign_office)
    assess(period=Q1, now=timezone.now())
    assert not is_large(listed_on_sheet(Q1, work_scope_of(county.clerk)))
    head = CadreFactory(roles=[Role.OFFICE], department=county.root)
    assert is_large(listed_on_sheet(Q1, work_scope_of(head)))
