"""The workbook as a file: layout, number formats, text that looks like a formula, and that old sheets stay."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from openpyxl import load_workbook

from assessment.exports import export_appraisal
from assessment.models import Entry, Period, PersonResult, Quota, Rule, Scheme
from assessment.services import assess
from organization.models import Cadre, Department, PartyGroup, PartyMembership, Posting, whole_tree
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import parse_period
from shuxiang.tests.registers import refusal, run
from submissions.kinds import Grade
from submissions.models import Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 4, 20, 1, 0, tzinfo=UTC)
SHEETS = ["个人考核表", "科室考核表", "党小组考核表", "积分明细", "方案"]
AWKWARD = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "#N/A", "_x0041_", "普通<b>&题目"]


@pytest.fixture
def office():
    """Two departments, two people, seven approved works with awkward titles."""
    first, second = (DepartmentFactory(parent=bureau(), name=name) for name in ("办公室", "=法规科"))
    people = [CadreFactory(employee_number=f"00{n}", name="=HYPERLINK(1)", department=first) for n in (1, 2)]
    CadreFactory(employee_number="003", department=second)
    group = PartyGroup.objects.create(name="@第一党小组")
    PartyMembership.objects.create(cadre=people[0], party_group=group, since=date(2020, 1, 1))
    for title in AWKWARD:
        SubmissionFactory(people=people, title=title, state=State.APPROVED)
    graded = Submission.objects.first()
    Submission.objects.filter(pk=graded.pk).update(grade=Grade.EXCELLENT, graded_version=graded.versions.get())
    return people


def exported(tmp_path, period="2024Q1", ranks=True, name="out.xlsx"):
    path = tmp_path / name
    export_appraisal(parse_period(period), path, ranks=ranks, scope=whole_tree())
    return load_workbook(path)


@pytest.fixture
def book(office, tmp_path):
    assess(period=parse_period("2024Q1"), now=NOW)
    return exported(tmp_path)


def test_sheets_with_title_subtitle_and_header(book):
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert f"A1:{sheet.cell(3, sheet.max_column).column_letter}1" in [
            str(span) for span in sheet.merged_cells.ranges
        ]
        assert sheet["A1"].value == f"测试局2024年第一季度书香机关{sheet.title}"
        subtitle = sheet["A2"].value
        for part in ("2024年第一季度", "测试局", "第 1 版", "2024-04-20", "未封存"):
            assert part in subtitle


def test_pages_are_a4_landscape_one_page_wide_with_repeated_header(book):
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.freeze_panes.endswith("4")
        assert sheet.auto_filter.ref.startswith("A3:")
        for word in ("制表人", "审核人", "分管领导", "日期"):
            assert word in sheet.oddFooter.left.text
        assert "&P" in sheet.oddFooter.right.text


def test_columns_are_those_of_the_rules(book):
    headers = {sheet.title: [cell.value for cell in sheet[3]] for sheet in book}
    assert headers["个人考核表"] == [
        "名次", "工号", "姓名", "科室", "党小组", "诵读作品应报", "诵读作品已报", "读书心得应报", "读书心得已报",
        "好书推荐应报", "好书推荐已报", "优秀作品", "本期积分", "以前期调整", "年度积分", "达标情况", "备注",
    ]  # fmt: skip
    assert headers["科室考核表"] == [
        "名次", "科室", "在册人数", "应考人数", "达标人数", "达标率", "优秀作品", "总积分", "人季数", "人均积分",
    ]  # fmt: skip
    assert headers["党小组考核表"] == ["党小组", "在册人数", "应考人数", "达标人数", "达标率", "总积分"]
    assert headers["积分明细"] == ["工号", "姓名", "科室", "日期", "事项", "依据", "规则", "分值", "说明"]


def test_nothing_is_a_formula_and_text_is_shown_as_typed(book):
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=4) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    titles = {row[5].value.split(" ", 1)[1] for row in book["积分明细"].iter_rows(min_row=4)}
    assert titles == {title.replace("_x0041_", "_x005F_x0041_") for title in AWKWARD}
    assert book["个人考核表"]["C4"].value == "=HYPERLINK(1)"
    assert book["个人考核表"]["C4"].quotePrefix
    assert book["科室考核表"]["B5"].value == "=法规科"


def test_numbers_dates_and_rates_are_real_ones(book):
    person, department, entry = (book[name][4] for name in ("个人考核表", "科室考核表", "积分明细"))
    assert (person[1].value, person[1].data_type) == ("001", "s")
    assert [cell.number_format for cell in person[12:15]] == ["0.00"] * 3
    assert (department[5].value, department[5].number_format) == (1, "0.0%")
    assert (department[9].number_format, department[8].number_format) == ("0.00", "0.00")
    assert (entry[3].value, entry[3].number_format) == (datetime.fromisoformat("2024-02-01"), "yyyy-mm-dd")


def test_a_quotient_without_divisor_is_a_dash(tmp_path):
    newcomer = CadreFactory(department=DepartmentFactory(parent=bureau()))
    Posting.objects.filter(cadre=newcomer).update(since=date(2024, 3, 20))
    assess(period=parse_period("2024Q1"), now=NOW)
    rows = list(exported(tmp_path)["科室考核表"].iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[5], row[9]) for row in rows] == [
        (newcomer.postings.get().department.name, "—", 0),
        ("合计", "—", 0),
    ]


def test_ranks_are_left_out_for_readers_who_may_not_see_them(office, tmp_path):
    assess(period=parse_period("2024Q1"), now=NOW)
    book = exported(tmp_path, ranks=False)
    for name in SHEETS[:2]:
        assert {row[0] for row in book[name].iter_rows(min_row=4, values_only=True)} == {None}


def values(book):
    return {
        sheet.title: [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()] for sheet in book
    }


@pytest.mark.parametrize("period", ["2024Q1", "2024"])
def test_an_assessed_period_stays_as_it_was_until_it_is_assessed_again(period, office, tmp_path):
    """Rename, move, edit whatever one likes: the sheet keeps what it was made from."""
    run("assess", period)
    before = values(exported(tmp_path, period))
    Department.objects.filter(name="办公室").update(name="综合科", position=99)
    Department.objects.filter(parent=None).update(name="改名局")
    PartyGroup.objects.update(name="改名小组")
    Posting.objects.filter(cadre=office[0]).update(department=Department.objects.get(name="=法规科"))
    Cadre.objects.filter(pk=office[1].pk).update(name="改名", employee_number="999")
    Submission.objects.update(title="改题", state=State.REJECTED)
    Scheme.objects.update(name="改名方案", grace_days=1)
    Rule.objects.update(points=Decimal("9.00"))
    Quota.objects.update(required=9)
    Scheme.objects.create(version=2, name="新方案", effective_from="2024Q1")
    assert values(exported(tmp_path, period, name="again.xlsx")) == before


def test_a_year_older_than_its_quarters_is_not_exported(office, tmp_path):
    run("assess", "2024")
    run("assess", "2024Q1")
    run("export_appraisal", "2024", tmp_path / "same_facts.xlsx")
    Submission.objects.first().contributors.all().delete()
    run("assess", "2024Q1")
    assert "重新运行 manage.py assess 2024" in refusal("export_appraisal", "2024", tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_quarter_whose_earlier_quarter_is_newer_says_so(office, tmp_path):
    run("assess", "2024Q2")
    assert "提示" not in run("export_appraisal", "2024Q2", tmp_path / "out.xlsx")
    SubmissionFactory(people=[office[0]], state=State.APPROVED)
    run("assess", "2024Q1")
    assert "提示：2024Q1 在 2024Q2 之后又计算过" in run("export_appraisal", "2024Q2", tmp_path / "out.xlsx")


def test_a_workbook_is_never_of_two_assessments(office, tmp_path):
    """An assessment that lands between two sheets makes the export start over."""
    run("assess", "2024Q1")
    landed = []

    def assess_once(execute, sql, params, many, context):
        if "assessment_departmentresult" in sql and not landed:
            landed.append(sql)
            SubmissionFactory(people=[office[0]], state=State.APPROVED, title="后来的")
            run("assess", "2024Q1")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(assess_once):
        book = exported(tmp_path)
    assert landed
    people = sum(row[12] for row in book["个人考核表"].iter_rows(min_row=4, values_only=True))
    entries = sum(row[7] for row in book["积分明细"].iter_rows(min_row=4, values_only=True))
    assert people == entries
    assert "后来的" in {row[5].value.split(" ", 1)[1] for row in book["积分明细"].iter_rows(min_row=4)}


def test_what_cannot_be_exported_says_what_to_do(office, tmp_path):
    assert "先运行 manage.py assess 2024Q1" in refusal("export_appraisal", "2024Q1", tmp_path / "out.xlsx")
    assert "请写成 2024Q3" in refusal("export_appraisal", "2024-1", tmp_path / "out.xlsx")
    run("assess", "2024Q1")
    assert "文件夹是否存在" in refusal("export_appraisal", "2024Q1", tmp_path / "none" / "out.xlsx")


def test_a_failed_export_leaves_the_old_file(office, tmp_path):
    run("assess", "2024Q1")
    path = tmp_path / "out.xlsx"
    path.write_text("旧")
    PersonResult.objects.update(quotas=[["诵读作品", 1]])
    with pytest.raises(ValueError, match="unpack"):
        run("export_appraisal", "2024Q1", path)
    assert path.read_text() == "旧"
    assert list(tmp_path.iterdir()) == [path]


def test_entries_of_a_year_stand_in_the_order_of_the_sheet(office, tmp_path):
    SubmissionFactory(people=[office[0]], credit_date=date(2024, 5, 1), state=State.APPROVED)
    run("assess", "2024")
    rows = list(exported(tmp_path, "2024")["积分明细"].iter_rows(min_row=4, values_only=True))
    keys = [(row[0], row[3], row[5], row[6]) for row in rows]
    assert keys == sorted(keys)
    assert len(rows) == Entry.objects.count()
    assert Period.objects.get(code="2024").assessed_at is not None
