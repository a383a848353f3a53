"""import_roster: what it reads, what it refuses, and that it may be run again."""

from datetime import date

import pytest
import time_machine
from openpyxl import load_workbook

from organization.models import Cadre, Leave, PartyMembership
from organization.roles import Role
from organization.services.accounts import open_account
from organization.tests.rosters import (
    HIRED,
    bring_in,
    person,
    refused,
    roster,
    spans,
)
from shuxiang.tests.registers import stored, write_book

__all__ = ["roster"]
pytestmark = pytest.mark.django_db


def test_numbers_that_lost_their_zeros_are_pointed_out(roster):
    assert "是否应为 0003" in bring_in(roster(person("0001"), person(3)))
    assert "是否应为" not in bring_in(roster(person("0001"), person("YZ3")), dry_run=True)


def test_the_same_file_twice_changes_nothing(roster):
    path = roster(
        person(group="第一", left=date(2030, 1, 1)),
        任职=[["A0001", "办公室", HIRED, date(2024, 1, 31)], ["A0001", "法规科", date(2024, 2, 1), None]],
        请假=[["A0001", "病假", date(2024, 5, 1), None], ["A0001", "病假", date(2024, 5, 1), None]],
    )
    bring_in(path)
    before = stored()
    assert "新增 0 人，修改 0 人，未变 1 人" in bring_in(path)
    assert stored() == before


def test_postings_of_the_sheet_replace_the_single_one(roster):
    bring_in(roster(person(left=date(2024, 12, 31))))
    assert spans() == [(HIRED, date(2024, 12, 31), "办公室")]
    rows = [["A0001", "法规科", date(2024, 3, 1), None], ["a0001", "办公室", HIRED, date(2024, 1, 31)]]
    bring_in(roster(person(left=date(2024, 12, 31)), 任职=rows))
    assert spans() == [
        (HIRED, date(2024, 1, 31), "办公室"),
        (date(2024, 3, 1), date(2024, 12, 31), "法规科"),
    ]


def test_party_groups_come_from_their_sheet_or_the_column(roster):
    bring_in(
        roster(
            person(group="第一"),
            person("A0002", group="第二"),
            person("A0003"),
            党小组=[["A0002", "第一", date(2021, 1, 1), date(2022, 1, 1)]],
        )
    )
    found = PartyMembership.objects.order_by("cadre__employee_number").values_list(
        "cadre__employee_number", "party_group__name", "since", "until"
    )
    assert list(found) == [("A0001", "第一", HIRED, None), ("A0002", "第一", date(2021, 1, 1), date(2022, 1, 1))]


def test_a_missing_column_leaves_what_is_known(roster, tmp_path):
    bring_in(roster([*person(group="第一", roles="联络员")[:8], "13800000001"]))
    short = write_book(
        tmp_path / "short.xlsx", {"花名册": [["姓名", "工号", "科室", "入职日期"], ["张某", "A0001", "办公室", HIRED]]}
    )
    assert "未变 1 人" in bring_in(short)
    cadre = Cadre.objects.get()
    assert (cadre.title, cadre.phone, cadre.roles) == ("科员", "13800000001", {Role.LIAISON})
    assert PartyMembership.objects.count() == 1


def test_roles_are_those_a_roster_may_give(roster):
    bring_in(roster(person(roles="联络员、办公室"), person("A0002", roles=None)))
    assert Cadre.objects.get(employee_number="A0001").roles == {Role.LIAISON, Role.OFFICE}
    assert Cadre.objects.get(employee_number="A0002").roles == {Role.CADRE}
    bring_in(roster(person(roles="干部、图书管理员"), person("A0002")))
    assert Cadre.objects.get(employee_number="A0001").roles == {Role.CADRE, Role.LIBRARIAN}
    assert "角色“管理员”无效" in refused(roster(person(roles="管理员")))
    assert "角色“系统管理员”无效" in refused(roster(person(roles="干部、系统管理员")))


def test_an_administrators_account_is_no_member_of_staff(roster):
    open_account(cadre=Cadre(employee_number="A0001", name="安全"), role=Role.SECURITY)
    assert "是管理员账号" in refused(roster(person(roles="办公室")))


def test_numbers_are_compared_without_case_and_width(roster):
    bring_in(roster(person("a0001")))
    assert "未变 1 人" in bring_in(roster(person(" Ａ０００１ ")))
    assert Cadre.objects.get().employee_number == "a0001"


def test_a_repeated_number_names_all_its_rows(roster):
    message = refused(roster(person(), person("B1"), person("a0001", name="李某"), person(" A0001 ")))
    assert "第 2、4、5 行重复" in message


def test_a_number_on_very_many_rows_names_the_first_ones(roster):
    """Naming all of 20,000 rows on each of them would take gigabytes."""
    message = refused(roster(*(person() for _ in range(12))))
    assert "第 2、3、4、5、6、7、8、9、10、11 等 12 行重复" in message


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["A0001", "办公室", date(2020, 2, 29), None]], "早于入职日期"),
        ([["A0001", "办公室", HIRED, date(2025, 1, 1)]], "晚于离职日期"),
        ([["A0001", "办公室", date(2025, 1, 1), None]], "晚于离职日期"),
        ([["A0001", "办公室", date(2022, 1, 1), date(2021, 1, 1)]], "早于开始日期"),
        ([["A0009", "办公室", HIRED, None]], "不在“花名册”中"),
        ([["A0001", "办公室//二科", HIRED, None]], "不是科室路径"),
        ([["A0001", None, HIRED, None]], "为空"),
        (
            [["A0001", "办公室", HIRED, date(2022, 1, 1)], ["A0001", "法规科", date(2022, 1, 1), None]],
            "第 3 行的日期重叠",
        ),
        (
            [
                ["A0001", "甲科", HIRED, None],
                ["A0001", "乙科", date(2021, 1, 1), date(2021, 1, 2)],
                ["A0001", "丙科", date(2023, 1, 1), None],
            ],
            "重叠",
        ),
    ],
)
def test_bad_postings_are_refused(rows, message, roster):
    assert message in refused(roster(person(left=date(2024, 12, 31)), 任职=rows))


def test_leaves_may_overlap_and_be_open(roster):
    rows = [["A0001", "产假", date(2024, 1, 1), date(2024, 5, 1)], ["A0001", "借调", date(2024, 4, 1), None]]
    bring_in(roster(person(), 请假=rows))
    assert Leave.objects.count() == 2
    bring_in(roster(person(), 请假=rows[:1]))
    assert Leave.objects.count() == 1
    bring_in(roster(person()))
    assert Leave.objects.count() == 1


def test_leaving_before_joining_is_refused(roster):
    assert "早于入职日期" in refused(roster(person(left=date(2019, 1, 1))))


@time_machine.travel("2024-07-01T12:00:00+08:00")
def test_leavers_accounts_are_disabled_not_deleted(roster):
    bring_in(roster(person(left=date(2024, 6, 30)), person("A0002", left=date(2024, 7, 1)), person("A0003")))
    assert list(Cadre.objects.order_by("employee_number").values_list("is_active", flat=True)) == [False, True, True]


def test_an_account_disabled_by_hand_stays_disabled(roster):
    bring_in(roster(person()))
    Cadre.objects.update(is_active=False)
    bring_in(roster(person(name="张某某")))
    assert list(Cadre.objects.values_list("name", "is_active")) == [("张某某", False)]


def test_a_returner_may_log_in_again(roster):
    bring_in(roster(person(left=date(2021, 1, 1))))
    bring_in(
        roster(
            person(), 任职=[["A0001", "办公室", HIRED, date(2021, 1, 1)], ["A0001", "办公室", date(2024, 1, 1), None]]
        )
    )
    assert Cadre.objects.get().is_active


def test_a_dry_run_tells_and_writes_nothing(roster):
    before = stored()
    out = bring_in(roster(person()), dry_run=True)
    assert "新增 张某（A0001）" in out
    assert "未写入" in out
    assert stored() == before


def test_good_rows_are_written_and_bad_ones_given_back(roster, tmp_path):
    out_path = tmp_path / "bad.xlsx"
    path = roster(
        person(),
        person("A0002", name="李某", hired="二〇二〇年"),
        person("A0003", name="王某"),
        任职=[
            ["A0001", "办公室", HIRED, date(2021, 1, 1)],
            ["A0003", "办公室", HIRED, date(2021, 1, 1)],
            ["A0003", "法规科", date(2020, 5, 1), None],
        ],
    )
    out = bring_in(path, skip_bad=out_path)
    assert "新增 1 人" in out
    assert list(Cadre.objects.values_list("employee_number", flat=True)) == ["A0001"]
    book = load_workbook(out_path)
    given_back = {sheet.title: [row[0].value for row in sheet.iter_rows(min_row=2)] for sheet in book}
    assert given_back == {"花名册": ["A0002", "A0003"], "任职": ["A0003", "A0003"]}
    assert book["花名册"].cell(1, 10).value == "原因"

    book["花名册"].cell(2, 7).value = HIRED
    book["任职"].cell(2, 4).value = date(2020, 4, 30)
    book.save(out_path)
    assert "新增 2 人" in bring_in(out_path)
    assert spans("A0003") == [(HIRED, date(2020, 4, 30), "办公室"), (date(2020, 5, 1), None, "法规科")]


def test_refused_rows_never_overwrite_the_register(roster):
    path = roster(person(hired=None))
    assert "不能与登记表是同一个文件" in refused(path, skip_bad=path)
