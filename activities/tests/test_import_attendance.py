"""import_attendance: what it reads, what it refuses, and that it may be run again."""

from datetime import date

import pytest

from activities.models import Activity, ActivityEvent, Attendance
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.registers import refusal, run, stored, write_book

pytestmark = pytest.mark.django_db

HEADER = ["活动编号", "活动名称", "类型", "日期", "工号", "身份"]


def row(number="A1", reference="HD1", title="读书日", category="读书日", on=date(2024, 3, 30), capacity="参加"):
    return [reference, title, category, on, number, capacity]


@pytest.fixture(autouse=True)
def people():
    department = DepartmentFactory(parent=bureau())
    return [CadreFactory(employee_number=f"A{number}", department=department) for number in (1, 2)]


@pytest.fixture
def register(tmp_path):
    return lambda *rows: write_book(tmp_path / "attendance.xlsx", {"活动签到": [HEADER, *rows]})


def bring_in(path):
    return run("import_attendance", path)


def refused(path):
    before = stored()
    message = refusal("import_attendance", path)
    assert stored() == before
    return message


def recorded():
    rows = Attendance.objects.order_by("cadre__employee_number", "capacity")
    return list(rows.values_list("activity__reference", "cadre__employee_number", "capacity"))


def test_rows_become_activities_with_people(register):
    bring_in(register(row(), row("a2", capacity="主讲"), row("A2")))
    assert recorded() == [("HD1", "A1", "attending"), ("HD1", "A2", "attending"), ("HD1", "A2", "speaking")]
    assert list(Activity.objects.values_list("title", "category", "date")) == [("读书日", "读书日", date(2024, 3, 30))]


def test_the_same_row_twice_counts_once_and_is_told(register):
    assert "1 行完全重复" in bring_in(register(row(), row()))
    assert recorded() == [("HD1", "A1", "attending")]


def test_the_same_file_twice_changes_nothing(register):
    path = register(row(), row("A2", capacity="主讲"))
    bring_in(path)
    before = stored()
    assert "新增 0 行，修改 0 行，未变 2 行" in bring_in(path)
    assert stored() == before


def test_a_new_name_of_an_activity_is_taken(register):
    bring_in(register(row()))
    assert "修改活动 HD1：读书日 → 四月读书日" in bring_in(register(row(title="四月读书日")))
    assert Activity.objects.get().title == "四月读书日"


def test_what_a_register_makes_and_renames_leaves_an_event(register):
    bring_in(register(row()))
    bring_in(register(row(title="春季读书日", category="分享会")))
    bring_in(register(row(title="春季读书日", category="分享会")))
    assert list(ActivityEvent.objects.values_list("action", "from_state", "to_state", "reason")) == [
        ("schedule", "", "held", "登记表导入"),
        ("edit", "held", "held", "登记表导入。活动名称：读书日 → 春季读书日；类型：读书日 → 分享会"),
    ]


def test_an_empty_kind_leaves_what_is_known(register):
    bring_in(register(row()))
    bring_in(register(row(category=None)))
    assert Activity.objects.get().category == "读书日"


def test_what_was_recorded_stays_recorded_when_the_person_turns_out_to_have_left(register, people):
    path = register(row())
    bring_in(path)
    people[0].postings.update(until=date(2024, 3, 1))
    assert "未变 1 行" in bring_in(path)
    assert "不在职" in refused(register(row(), row(capacity="主讲")))


def test_a_record_made_void_at_the_desk_stays_void(register):
    bring_in(register(row()))
    Attendance.objects.update(is_void=True)
    bring_in(register(row()))
    assert Attendance.objects.get().is_void


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row("A9")], "没有工号 A9"),
        ([row(on=date(2019, 12, 31))], "不在职"),
        ([row(), row("A2", on=date(2024, 3, 31))], "日期不一致：2024 年 3 月 30 日、2024 年 3 月 31 日"),
        ([row(), row("A2", title="别的")], "活动名称不一致"),
        ([row(capacity="听众")], "“身份”"),
        ([row(capacity=None)], "“身份”：为空"),
        ([row(reference=None)], "“活动编号”：为空"),
        ([row(on="3月30日")], "“日期”"),
    ],
)
def test_bad_rows_are_refused(rows, message, register):
    assert message in refused(register(*rows))


def test_both_rows_of_an_activity_with_two_dates_are_bad(register):
    out = refused(register(row(), row("A2", on=date(2024, 3, 31)), row(reference="HD2")))
    assert "第 2 行“日期”" in out
    assert "第 3 行“日期”" in out
    assert "第 4 行“" not in out


@pytest.mark.at("2024-03-29T15:59:59+00:00")  # the last second of the day before, in Shanghai
def test_nobody_was_at_what_is_to_come(register, clock):
    assert "“日期”：活动 HD1 在 2024 年 3 月 30 日举行，当天起才能登记签到" in refused(register(row()))
    clock.shift(1)
    bring_in(register(row()))
    assert recorded() == [("HD1", "A1", "attending")]


def test_the_date_of_a_stored_activity_is_not_moved_by_a_register(register):
    bring_in(register(row()))
    assert "已登记在 2024 年 3 月 30 日" in refused(register(row(on=date(2024, 4, 1))))
