"""import_roster: the departments that it makes, and the root."""

from datetime import date

import pytest

from organization.models import Department, DepartmentKind, Tree
from organization.services.roster_plan import COMPARED, described
from organization.tests.rosters import HIRED, bring_in, person, refused, roster, spans
from shuxiang.tests.registers import refusal, run

__all__ = ["roster"]
pytestmark = pytest.mark.django_db


def test_departments_are_made_in_the_order_of_first_appearance(roster):
    out = bring_in(roster(person(department="业务口/二科"), person("A0002", department="办公室"), person("A0003")))
    assert [Tree.load().paths[node.id] for node in Tree.load().ordered] == ["测试局", "业务口", "业务口/二科", "办公室"]
    assert "新建科室 3 个：业务口、业务口/二科、办公室" in out


def test_departments_of_postings_are_numbered_in_the_order_of_their_sheet(roster):
    rows = [
        ["B2", "丙科", HIRED, date(2021, 1, 1)],
        ["A0001", "乙科", HIRED, None],
        ["B2", "丁科", date(2022, 1, 1), None],
    ]
    bring_in(roster(person(), person("B2"), 任职=rows))
    assert [node.name for node in Tree.load().ordered] == ["测试局", "办公室", "丙科", "乙科", "丁科"]


def test_the_roots_own_name_is_the_root(roster):
    bring_in(roster(person(department="测试局")))
    assert spans() == [(HIRED, None, "测试局")]
    assert "请去掉开头的“测试局/”" in refused(roster(person(department="测试局/办公室")))


def test_an_umbrella_may_have_an_agency_of_its_name(roster):
    run("import_roster", roster(person(department="县直工委/办公室")), umbrella="县直工委")
    assert spans() == [(HIRED, None, "县直工委/办公室")]


def test_spaces_within_a_departments_name_do_not_make_another(roster):
    out = bring_in(
        roster(
            person(department="保管 利用科"),
            person("A2", department="保管　利用科"),
            person("A3", department="保管利用"),
        )
    )
    assert "新建科室 2 个：保管利用科、保管利用（是否为“保管利用科”？）" in out


def test_a_single_agency_has_offices_below_its_root(roster):
    bring_in(roster(person()))
    assert list(Department.objects.order_by("id").values_list("name", "kind")) == [
        ("测试局", DepartmentKind.AGENCY),
        ("办公室", DepartmentKind.OFFICE),
    ]


def test_an_umbrellas_first_level_are_agencies(roster):
    run("import_roster", roster(person(department="审计局/办公室"), person("A2", department="/")), umbrella="县直工委")
    assert list(Department.objects.order_by("id").values_list("name", "kind")) == [
        ("县直工委", DepartmentKind.GROUP),
        ("审计局", DepartmentKind.AGENCY),
        ("办公室", DepartmentKind.OFFICE),
    ]
    assert spans("A2") == [(HIRED, None, "县直工委")]


def test_the_root_must_be_named_once(roster):
    path = roster(person())
    assert "--agency" in refusal("import_roster", path)
    assert "只能给一个" in refusal("import_roster", path, agency="甲", umbrella="乙")
    bring_in(path)
    assert "系统里的根是“测试局”" in refusal("import_roster", path, agency="别的局")
    assert "系统里的根是“测试局”" in refusal("import_roster", path, umbrella="测试局")
    assert "未变 1 人" in run("import_roster", path)


def test_new_departments_show_near_matches(roster):
    bring_in(roster(person(department="人事处")))
    out = bring_in(roster(person(department="人事处"), person("A0002", department="人事科")), dry_run=True)
    assert "人事科（是否为“人事处”？）" in out


def test_near_matches_are_looked_for_among_few_names_only():
    """Comparing each of 20,000 mistyped departments with every other would take half an hour."""
    paths = [(f"{number * 7919 % 100_003:05d}室",) for number in range(20_000)]
    assert sum(bool(named.near) for named in described(paths, Tree({}))) <= COMPARED
