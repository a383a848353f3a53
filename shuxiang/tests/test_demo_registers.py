"""The demo's registers, read back from the files, keep every rule that a valid register must keep."""

import itertools
from collections import Counter
from datetime import date, timedelta

import openpyxl
import pytest

from shuxiang.demo import DEMO_AGENCY, DEMO_PEOPLE, write_registers
from shuxiang.periods import Quarter
from shuxiang.tests.demo_registers import NO_END, Registers, read

DAYS = ["2026-11-20", "2024-02-29", "2025-01-01", "2025-12-31", "2026-04-01", "2027-07-01", "2023-10-09"]
GRACE_DAYS = 10
SATURDAY = 5
KINDS = {"诵读作品", "读书心得", "好书推荐", "文艺创作", "学以致用"}


@pytest.fixture(scope="module", params=DAYS)
def registers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Registers:
    return read(tmp_path_factory.mktemp("demo"), date.fromisoformat(request.param))


def test_files_carry_the_names_an_office_gives_them(tmp_path):
    files = write_registers(tmp_path / "registers", date(2026, 11, 20))

    assert files.roster.name == "花名册.xlsx"
    assert files.submissions.name == "作品登记.xlsx"
    assert files.attendance.name == "活动签到.xlsx"
    assert openpyxl.load_workbook(files.roster).sheetnames == ["花名册", "任职", "请假", "党小组"]
    assert openpyxl.load_workbook(files.submissions)["作品登记"]["A1"].value == f"{DEMO_AGENCY}读书作品登记表"


def test_same_day_gives_same_registers(tmp_path):
    assert read(tmp_path / "once", date(2026, 11, 20)) == read(tmp_path / "again", date(2026, 11, 20))


def test_later_day_of_the_quarter_keeps_earlier_works_and_attendance(tmp_path):
    earlier = read(tmp_path / "earlier", date(2026, 10, 15))
    later = read(tmp_path / "later", date(2026, 12, 31))

    def lasting(registers):
        columns = ("编号", "题目", "工号", "参与人", "上报日期", "考核期")
        return {tuple(work[column] for column in columns) for work in registers.works}

    assert lasting(earlier) < lasting(later)
    assert later.attendance[: len(earlier.attendance)] == earlier.attendance


def test_bureau_has_its_size(registers):
    postings = [posting for number in registers.people for posting in registers.postings(number)]
    groups = {group for number in registers.people for group, _, _ in registers.memberships(number)}
    departments = {department for department, _, _ in postings}
    people = registers.people.values()

    assert len(departments - {"/"}) == 6
    assert groups == {"第一党小组", "第二党小组", "第三党小组"}
    assert 38 <= len(people) <= 45
    assert {person["角色"] for person in people if person["科室"] == "/"} == {"领导"}
    assert {person["科室"] for person in people if "联络员" in person["角色"]} == departments - {"/"}
    assert sum(not person["党小组"] for person in people) >= 3


def test_people_are_written_as_the_roster_asks(registers):
    people = registers.people.values()
    names = Counter(person["姓名"] for person in people)
    namesakes = {(person["工号"], person["科室"]) for person in people if names[person["姓名"]] > 1}

    assert {role for person in people for role in person["角色"].split("、")} == {
        "干部",
        "联络员",
        "图书管理员",
        "办公室",
        "领导",
    }
    assert len({person["手机号"] for person in people}) == len(people)
    assert len({department for _, department in namesakes}) == len(namesakes) == 2
    assert any("·" in name for name in names)
    assert all(person["入职日期"] <= registers.today for person in people)


@pytest.mark.parametrize("spans_of", [Registers.postings, Registers.memberships])
def test_spans_lie_within_service_and_do_not_overlap(registers, spans_of):
    for number, person in registers.people.items():
        spans = spans_of(registers, number)
        for _, since, until in spans:
            assert person["入职日期"] <= since <= until <= (person["离职日期"] or NO_END)
        for (_, _, until), (_, since, _) in itertools.pairwise(spans):
            assert until < since


def test_roster_names_the_last_department_and_party_group(registers):
    for number, person in registers.people.items():
        groups = [group for group, _, _ in registers.memberships(number)]
        assert (person["科室"], person["党小组"]) == (registers.postings(number)[-1][0], groups[-1] if groups else None)


def test_people_move_between_departments_and_party_groups(registers):
    first = registers.quarters[0].span.first
    pairs = [pair for number in registers.people for pair in itertools.pairwise(registers.postings(number))]

    assert sum(first <= since <= registers.today for _, (_, since, _) in pairs) >= 3
    assert any(since - until > timedelta(days=1) for (_, _, until), (_, since, _) in pairs)
    assert any(len({group for group, _, _ in registers.memberships(number)}) > 1 for number in registers.people)


def test_somebody_joins_and_somebody_leaves(registers):
    joined = {Quarter.of(person["入职日期"]) for person in registers.people.values()}
    left = [person["离职日期"] for person in registers.people.values() if person["离职日期"]]

    assert joined & set(registers.quarters[3:])
    assert registers.quarters[0].span.first <= min(left) <= max(left) <= registers.today


def test_leaves_are_of_people_in_service_and_have_begun(registers):
    kinds = {leave["类型"] for leave in registers.leaves}
    maternity = [leave["止"] - leave["起"] for leave in registers.leaves if leave["类型"] == "产假"]

    assert kinds >= {"产假", "借调", "病假", "驻村"}
    assert maternity == [timedelta(days=157)]
    for leave in registers.leaves:
        assert registers.in_service(leave["工号"], leave["起"])
        assert leave["起"] <= min(leave["止"], registers.today)


def test_works_are_written_as_the_register_asks(registers):
    numbers = [work["编号"] for work in registers.works]

    assert len(set(numbers)) == len(numbers)
    assert {work["类型"] for work in registers.works} == KINDS
    assert {work["状态"] for work in registers.works} <= {"退回", "通过", "不通过"}
    for work in registers.works:
        assert work["题目"]
        assert work["题目"][0] not in "=+-@"
        assert work["编号"].startswith(f"{work['上报日期'].year}-")
        assert work["评级"] in ({None, "优秀", "良好", "合格"} if work["状态"] == "通过" else {None})


def test_works_are_dated_from_the_first_quarter_to_today(registers):
    days = {work["上报日期"] for work in registers.works}

    assert registers.recorded[0].span.first <= min(days) <= max(days) <= registers.today
    assert {Quarter.of(day) for day in days} >= set(registers.recorded[:-1])


def test_named_quarter_is_the_own_one_or_the_one_before_within_the_grace_days(registers):
    for work in registers.works:
        own = Quarter.of(work["上报日期"])
        assert work["考核期"] in (None, str(own), str(own.previous))
    for work in registers.late_works():
        named = Quarter.of(work["上报日期"]).previous.span
        assert work["上报日期"] - named.last <= timedelta(days=GRACE_DAYS)
        assert all(registers.service_days(author, named) >= 1 for author in registers.authors(work))


def test_authors_are_in_service_and_named_once(registers):
    for work in registers.works:
        authors = registers.authors(work)
        assert len(set(authors)) == len(authors) <= 6
        assert all(registers.in_service(author, work["上报日期"]) for author in authors)


def test_there_are_collective_late_and_returned_works(registers):
    states = Counter(work["状态"] for work in registers.works)

    assert sum(len(registers.authors(work)) > 1 for work in registers.works) >= 3
    assert len(registers.late_works()) >= 2
    assert min(states["退回"], states["不通过"]) >= 2
    assert states["通过"] > len(registers.works) * 0.75


def test_most_people_hand_in_the_essay_of_a_quarter(registers):
    for quarter in registers.recorded[:-2]:
        listed = [number for number in registers.people if registers.service_days(number, quarter.span)]
        essays = ("读书心得", str(quarter))
        writers = {work["工号"] for work in registers.works if (work["类型"], work["考核期"]) == essays}
        assert 0.75 <= len(writers) / len(listed) <= 0.95


def test_the_register_is_decided_and_what_came_in_lately_not_rated(tmp_path):
    works = read(tmp_path, date(2026, 11, 20)).works
    lately = [work for work in works if work["上报日期"] > date(2026, 11, 15)]

    assert "待审" not in {work["状态"] for work in works}
    assert 3 <= len(lately) <= 10
    assert {(work["状态"], work["评级"]) for work in lately} == {("通过", None)}


def test_activities_have_one_date_and_people_in_service_once(registers):
    signatures = {(row["活动编号"], row["工号"]) for row in registers.attendance}
    assert len(signatures) == len(registers.attendance)
    for row in registers.attendance:
        assert row["身份"] in ("参加", "主讲")
        assert row["日期"] <= registers.today
        assert registers.in_service(row["工号"], row["日期"])
    activities = {(row["活动编号"], row["活动名称"], row["类型"], row["日期"]) for row in registers.attendance}
    assert len({number for number, *_ in activities}) == len(activities)
    years = Counter(day.year for *_, day in activities)
    given = [f"HD{year}-{number:04}" for year, count in years.items() for number in range(1, count + 1)]
    assert {number for number, *_ in activities} == set(given)


def test_each_quarter_has_three_reading_days_a_sharing_session_and_a_lecture(registers):
    expected = {"职工读书日": 3, "读书分享会": 1, "学习大讲堂": 1}
    held = {(row["活动编号"], row["类型"], row["日期"]) for row in registers.attendance}
    reading_days = [day for _, kind, day in held if kind == "职工读书日"]

    assert all(
        Counter(kind for _, kind, day in held if day in quarter.span) == expected for quarter in registers.recorded[:-1]
    )
    assert {day.weekday() for day in reading_days} == {SATURDAY}
    assert all((day + timedelta(days=7)).month != day.month for day in reading_days)


def test_every_activity_has_a_speaker_and_listeners(registers):
    speakers = Counter(row["活动编号"] for row in registers.attendance if row["身份"] == "主讲")
    listeners = Counter(row["活动编号"] for row in registers.attendance if row["身份"] == "参加")

    assert set(speakers) == {number for number, count in listeners.items() if count >= 8} == set(listeners)


def test_people_to_log_in_as_are_in_service_in_their_role(registers):
    assert [person.role for person in DEMO_PEOPLE] == [
        "办公室",
        "领导",
        "联络员",
        "干部",
        "办公室（另一位）",
        "图书管理员",
    ]
    for person in DEMO_PEOPLE:
        row = registers.people[person.number]
        assert row["姓名"] == person.name
        assert person.role.removesuffix("（另一位）") in row["角色"].split("、")
        assert registers.in_service(person.number, registers.today)
    assert registers.people["YZ020"]["角色"] == "干部"
