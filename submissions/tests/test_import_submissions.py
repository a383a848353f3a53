"""import_submissions: what it reads, what it refuses, and that it may be run again."""

from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from assessment.models import Period, Scheme
from organization.models import Posting
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.registers import refusal, run, stored, write_book
from submissions.kinds import Grade, Kind
from submissions.models import Contributor, Decision, Submission
from submissions.states import Action, State

pytestmark = pytest.mark.django_db

HEADER = ["编号", "类型", "题目", "工号", "参与人", "上报日期", "考核期", "状态", "评级"]


def work(reference="ZP1", author="A1", members=None, on=date(2024, 2, 1), quarter=None, state="通过", **other):
    kind, title, grade = other.get("kind", "读书心得"), other.get("title", "读后"), other.get("grade", "优秀")
    return [reference, kind, title, author, members, on, quarter, state, grade]


@pytest.fixture(autouse=True)
def people():
    department = DepartmentFactory(parent=bureau())
    return [CadreFactory(employee_number=f"A{number}", department=department) for number in (1, 2, 3)]


@pytest.fixture
def register(tmp_path):
    return lambda *rows: write_book(tmp_path / "works.xlsx", {"作品登记": [HEADER, *rows]})


def bring_in(path, **options):
    return run("import_submissions", path, **options)


def refused(path):
    before = stored()
    message = refusal("import_submissions", path)
    assert stored() == before
    return message


def test_a_row_becomes_a_work_with_version_people_and_event(register, people):
    bring_in(register(work(members="A3；a2")))
    found = Submission.objects.get()
    assert (found.kind, found.title, found.state, found.grade) == (Kind.ESSAY, "读后", State.APPROVED, Grade.EXCELLENT)
    assert (found.credit_date, found.quarter, found.graded_version.number) == (date(2024, 2, 1), "2024Q1", 1)
    assert [row.cadre for row in found.contributors.all()] == [people[0], people[2], people[1]]
    assert {row.state for row in found.contributors.all()} == {Contributor.State.CONFIRMED}
    event = found.decisions.get()
    assert (event.action, event.from_state, event.to_state) == (Action.REGISTER, "", State.APPROVED)


def test_full_width_numbers_and_quarters_are_read(register, people):
    bring_in(register(work(author="ａ１", members="Ａ２， A3", on=date(2024, 4, 3), quarter="２０２４Ｑ１")))
    found = Submission.objects.get()
    assert [row.cadre for row in found.contributors.all()] == people
    assert found.quarter == "2024Q1"


def test_the_oldest_dates_need_no_older_quarter(register, people):
    Posting.objects.update(since=date(1950, 1, 1))
    bring_in(register(work(on=date(1950, 1, 1))))
    assert Submission.objects.get().quarter == "1950Q1"


def test_works_older_than_the_first_scheme_can_be_registered(register):
    Scheme.objects.update(effective_from="2025Q1")
    bring_in(register(work(on=date(2024, 4, 10), quarter="2024Q1")))
    assert Submission.objects.get().quarter == "2024Q1"


@pytest.mark.parametrize(("word", "state"), [("待审", "pending"), ("退回", "returned"), ("不通过", "rejected")])
def test_states(word, state, register):
    bring_in(register(work(state=word, grade=None)))
    assert Submission.objects.get().state == state


def test_the_same_file_twice_changes_nothing(register):
    path = register(work(members="A2"), work("ZP2", on=date(2024, 4, 10), quarter="2024Q1"))
    bring_in(path)
    before = stored()
    assert "新增 0 件，修改 0 件，未变 2 件" in bring_in(path)
    assert stored() == before


def test_a_corrected_row_changes_the_work_and_leaves_an_event(register, people):
    bring_in(register(work(members="A2", state="待审", grade=None)))
    out = bring_in(register(work(members="A2;A3", grade="良好", title="改题")))
    found = Submission.objects.get()
    assert "修改 1 件" in out
    assert (found.state, found.grade, found.title, found.revision) == (State.APPROVED, Grade.GOOD, "改题", 2)
    assert found.versions.get().title == "改题"
    assert [row.cadre for row in found.contributors.all()] == people
    assert [event.to_state for event in Decision.objects.all()] == [State.PENDING, State.APPROVED]


def test_a_corrected_date_moves_the_work_to_its_quarter(register):
    bring_in(register(work()))
    bring_in(register(work(on=date(2024, 7, 1))))
    assert list(Submission.objects.values_list("credit_date", "quarter")) == [(date(2024, 7, 1), "2024Q3")]


@pytest.mark.parametrize(
    ("on", "named", "quarter"),
    [
        (date(2024, 3, 31), "2024Q1", "2024Q1"),
        (date(2024, 4, 10), "2024Q1", "2024Q1"),
        (date(2024, 4, 10), None, "2024Q2"),
        (date(2024, 4, 10), "2024Q2", "2024Q2"),
        (date(2024, 1, 10), "2023Q4", "2023Q4"),
        (datetime(2024, 3, 31, 23, 59), None, "2024Q1"),
    ],
)
def test_quarters_that_may_be_named(on, named, quarter, register):
    bring_in(register(work(on=on, quarter=named)))
    assert Submission.objects.get().quarter == quarter


@pytest.mark.parametrize(
    ("on", "named", "message"),
    [
        (date(2024, 4, 11), "2024Q1", "补报截止到 2024 年 4 月 10 日"),
        (date(2024, 3, 31), "2024Q2", "考核期只能是 2024Q1"),
        (date(2024, 7, 1), "2024Q1", "考核期只能是 2024Q3"),
        (date(2024, 4, 1), "2023Q2", "考核期只能是"),
        (date(2024, 4, 1), "2024", "不是季度"),
        (date(2024, 4, 1), "一季度", "“一季度”不是季度"),
    ],
)
def test_other_quarters_are_refused(on, named, message, register):
    assert message in refused(register(work(on=on, quarter=named)))


def test_grace_days_are_those_of_the_named_quarters_scheme(register):
    Scheme.objects.update(grace_days=3)
    assert "补报截止到 2024 年 4 月 3 日" in refused(register(work(on=date(2024, 4, 4), quarter="2024Q1")))
    bring_in(register(work(on=date(2024, 4, 3), quarter="2024Q1")))


@pytest.mark.parametrize("state", [Period.State.CLOSED, Period.State.SEALED])
def test_a_closed_quarter_takes_no_new_work_but_its_works_can_be_decided(state, register):
    bring_in(register(work(state="待审", grade=None)))
    Period.objects.create(code="2024Q1", state=state)
    assert "2024Q1 已公示或封存" in refused(register(work("ZP2")))
    bring_in(register(work()))
    assert Submission.objects.get().state == State.APPROVED


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (work(author="A9"), "没有工号 A9"),
        (work(members="A2;A9"), "没有工号 A9"),
        (work(members="A2;张三"), "“张三”不是工号"),
        (work(members="A2;a1"), "署名了两次"),
        (work(members="A2;A2"), "署名了两次"),
        (work(on=date(2019, 12, 31)), "不在职"),
        (work(members="A2", on=date(2019, 12, 31)), "不在职"),
        (work(on=None), "为空"),
        (work(kind="读书笔记"), "“类型”"),
        (work(state="同意"), "“状态”"),
        (work(grade="甲"), "“评级”"),
        (work(title=None), "“题目”：为空"),
        (work(title="长" * 201), "“题目”"),
        (work(reference=None), "“编号”：为空"),
    ],
)
def test_bad_rows_are_refused_with_their_place(row, message, register):
    out = refused(register(work("ZP0"), row))
    assert message in out
    assert "“作品登记”第 3 行" in out


def test_somebody_who_left_before_a_late_works_quarter_cannot_be_named(register, people):
    Posting.objects.filter(cadre=people[1]).update(since=date(2024, 4, 1))
    assert "2024Q1 没有在职" in refused(register(work(members="A2", on=date(2024, 4, 2), quarter="2024Q1")))
    bring_in(register(work(members="A2", on=date(2024, 4, 2))))


def test_a_stored_work_is_not_checked_again_when_somebody_turns_out_to_have_left(register, people):
    bring_in(register(work(members="A2", state="待审", grade=None)))
    Posting.objects.filter(cadre=people[1]).update(until=date(2024, 1, 1))
    assert "未变 1 件" in bring_in(register(work(members="A2", state="待审", grade=None)))
    assert "修改 1 件" in bring_in(register(work(members="A2")))
    assert "不在职" in refused(register(work(members="A2;A3")))


def test_the_event_of_a_register_names_what_it_changed(register):
    bring_in(register(work()))
    bring_in(register(work(members="A2", title="改题")))
    assert [event.reason for event in Decision.objects.all()] == ["登记表导入：新增", "登记表导入：题目、作者"]


def test_refused_rows_that_cannot_be_saved_keep_the_good_ones_out(register, tmp_path):
    before = stored()
    path = register(work(), work("ZP2", author="A9"))
    assert "没有导入任何数据" in refusal("import_submissions", path, skip_bad=tmp_path / "none" / "bad.xlsx")
    assert stored() == before


def test_rows_of_sums_and_signatures_are_named_as_such(register):
    out = refused(
        register(work(), ["合计", None, None, None, None, None, None, 1, None], ["填表人：某某"] + [None] * 8)
    )
    assert "第 3 行：像是合计或备注行，请删除" in out
    assert "第 4 行：像是合计或备注行，请删除" in out
    assert "为空" not in out


def test_a_repeated_reference_names_all_its_rows(register):
    assert "第 2、4 行重复" in refused(register(work(), work("ZP2"), work()))


def test_a_reference_keeps_its_kind(register):
    bring_in(register(work()))
    assert "编号 ZP1 已登记为读书心得" in refused(register(work(kind="诵读作品")))


def test_good_rows_are_written_and_bad_ones_given_back(register, tmp_path):
    out_path = tmp_path / "bad.xlsx"
    bring_in(register(work(), work("ZP2", author="A9", title="=1+1")), skip_bad=out_path)
    assert list(Submission.objects.values_list("reference", flat=True)) == ["ZP1"]
    book = load_workbook(out_path)
    row = [cell.value for cell in book.active[2]]
    assert (row[:4], row[-1][:8]) == (["ZP2", "读书心得", "=1+1", "A9"], "“工号”：没有工")
    book.active.cell(2, 4).value = "A2"
    book.save(out_path)
    assert "新增 1 件" in bring_in(out_path)
    assert Submission.objects.get(reference="ZP2").title == "=1+1"


def test_the_plan_says_whose_work_it_is_and_what_it_is_worth(register, people):
    first, second, third = people
    bring_in(register(work("ZP2", members="A2")))
    path = register(work(members="A3"), work("ZP2", members="A3", grade="良好"))
    lines = bring_in(path, dry_run=True).splitlines()
    assert f"新增 ZP1 读后：读书心得、{first.name}（A1）、{third.name}（A3）、通过、优秀" in lines
    told = f"作者 {first.name}（A1）、{second.name}（A2） → {first.name}（A1）、{third.name}（A3）、评级 优秀 → 良好"
    assert f"修改 ZP2 读后：{told}" in lines
