"""Whose sheet it is: an office that sees everybody, and the two offices of a county, each with its own part."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from assessment.exports import export_appraisal
from assessment.models import DepartmentResult, Entry, PersonResult
from assessment.reports import report_on
from assessment.services import assess
from organization.models import PartyGroup, PartyMembership, Posting, Scope, whole_tree, work_scope_of
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from shuxiang.periods import parse_period
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 7, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def county() -> County:
    """One work at each agency, one of both; somebody moves from theirs to ours on 1 May."""
    county = County()
    county.foreign_clerk = CadreFactory(roles=[Role.OFFICE], department=county.foreign_office)
    county.mover = CadreFactory(name="调来的人", department=county.foreign_office)
    county.mover.postings.update(until=date(2024, 4, 30))
    Posting.objects.create(cadre=county.mover, department=county.office, since=date(2024, 5, 1))
    group = PartyGroup.objects.create(name="第一党小组")
    for cadre in (county.colleague, county.stranger):
        PartyMembership.objects.create(cadre=cadre, party_group=group, since=date(2020, 1, 1))
    for people, title in (
        ([county.colleague], "我们的"),
        ([county.stranger], "他们的"),
        ([county.colleague, county.stranger], "共同的"),
        ([county.mover], "调来之前的"),
    ):
        SubmissionFactory(people=people, title=title, credit_date=date(2024, 4, 10), state=State.APPROVED)
    for code in ("2024Q1", "2024Q2", "2024"):
        assess(period=parse_period(code), now=NOW)
    return county


def book_of(tmp_path, scope: Scope, period: str = "2024Q2"):
    path = tmp_path / "out.xlsx"
    export_appraisal(parse_period(period), path, ranks=True, scope=scope)
    return load_workbook(path)


def rows_of(sheet) -> list[tuple]:
    return list(sheet.iter_rows(min_row=4, values_only=True))


def test_an_agency_s_office_gets_the_people_of_its_own_sheet(county, tmp_path):
    names = {row[2] for row in rows_of(book_of(tmp_path, work_scope_of(county.clerk))["个人考核表"])}
    assert names == {county.clerk.name, county.colleague.name, county.mover.name}
    names = {row[2] for row in rows_of(book_of(tmp_path, work_scope_of(county.foreign_clerk))["个人考核表"])}
    assert names == {county.foreign_clerk.name, county.stranger.name}


def test_the_agency_itself_is_the_total_of_its_sheet_with_the_same_figures(county, tmp_path):
    whole = {row[1]: row for row in rows_of(book_of(tmp_path, whole_tree())["科室考核表"])}
    part = rows_of(book_of(tmp_path, work_scope_of(county.clerk))["科室考核表"])
    assert [row[1] for row in part] == ["审计局/综合科", "合计"]
    assert part[0] == whole["审计局/综合科"]
    assert part[1][2:] == whole["审计局"][2:]
    assert list(whole) == ["审计局", "审计局/综合科", "统计局", "统计局/综合科", "合计"]


@pytest.mark.parametrize("period", ["2024Q2", "2024"])
def test_lines_are_those_credited_to_it_and_those_behind_its_people(county, tmp_path, period):
    def titles(cadre):
        rows = rows_of(book_of(tmp_path, work_scope_of(cadre), period)["积分明细"])
        return sorted((row[1], row[5].split(" ", 1)[1]) for row in rows)

    ours = [(county.colleague.name, "共同的"), (county.colleague.name, "我们的"), ("调来的人", "调来之前的")]
    theirs = [("外单位的人", "他们的"), ("外单位的人", "共同的"), ("调来的人", "调来之前的")]
    assert titles(county.clerk) == sorted(ours)
    assert titles(county.foreign_clerk) == sorted(theirs)


def test_the_lines_explain_both_sheets(county):
    report = report_on(parse_period("2024Q2"), ranks=True, scope=work_scope_of(county.clerk))
    entries = list(report.entries())
    for person in report.people():
        own = sum((entry.points for entry in entries if entry.cadre_id == person.cadre_id), Decimal(0))
        assert own == person.points
    total = list(report.departments())[-1]
    credited = [entry.points for entry in entries if entry.department_id in report.scope.departments]
    assert sum(credited, Decimal(0)) == total.points


def test_party_groups_reach_across_agencies(county, tmp_path):
    assert [row[0] for row in rows_of(book_of(tmp_path, whole_tree())["党小组考核表"])] == ["第一党小组"]
    sheet = book_of(tmp_path, work_scope_of(county.clerk))["党小组考核表"]
    assert rows_of(sheet) == []
    assert sheet["A3"].value == "党小组"
    assert "党小组跨单位，由上级办公室导出" in sheet["A2"].value


def test_the_sheet_bears_the_name_of_its_unit(county, tmp_path):
    sheet = book_of(tmp_path, work_scope_of(county.clerk))["个人考核表"]
    assert sheet["A1"].value.startswith("审计局2024年第二季度")
    assert "单位：审计局" in sheet["A2"].value
    assert book_of(tmp_path, whole_tree())["个人考核表"]["A1"].value.startswith("县直机关工委2024年")
    county.ours.name = "改名后的局"
    county.ours.save(update_fields=["name"])
    assert "单位：审计局" in book_of(tmp_path, work_scope_of(county.clerk))["个人考核表"]["A2"].value


def test_both_agencies_together_are_the_whole(county):
    whole = report_on(parse_period("2024Q2"), ranks=True, scope=whole_tree())
    parts = [
        report_on(parse_period("2024Q2"), ranks=True, scope=work_scope_of(cadre))
        for cadre in (county.clerk, county.foreign_clerk)
    ]
    people = [row.pk for part in parts for row in part.people()]
    assert sorted(people) == sorted(row.pk for row in whole.people() if row.department_id != county.root.pk)
    assert len(people) == PersonResult.objects.filter(period="2024Q2").count() - 1
    assert sum(1 for _ in whole.entries()) == Entry.objects.filter(period="2024Q2").count()
    departments = [row.pk for part in parts for row in part.departments()]
    assert len(departments) == DepartmentResult.objects.filter(period="2024Q2", is_root=False).count()


def test_who_has_no_place_sees_nothing(county, tmp_path):
    county.clerk.postings.update(until=date(2024, 4, 30))
    book = book_of(tmp_path, work_scope_of(county.clerk))
    assert [rows_of(book[name]) for name in book.sheetnames[:4]] == [[], [], [], []]
