"""The departments on the page of a period: what lies in what, so that the rows add up in sight."""

import re

import pytest

from assessment.tests.offices import NOW, PERIOD, Office
from assessment.tests.pages import appraisal, office
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.tests.pages import cells_of, text_of

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def table_of(page: str) -> str:
    """The table of the departments."""
    return page[page.index('<table class="records') : page.index("</table>")]


def listed_by_name(page: str) -> list[list[str]]:
    """Name and 在册 of every row but the header, the total last."""
    return [row[:2] for row in cells_of(table_of(page))[1:]]


def test_people_of_the_root_stand_in_a_row_of_their_own(client, office):
    page = appraisal(client, office.leader)
    assert cells_of(table_of(page))[-2:] == [
        ["测试局本级", "1", "1", "0", "0.0%", "—", "0.00", "1.00", "0.00", ""],
        ["合计", "8", "7", "5", "71.4%", "1", "6.50", "7.00", "0.93", ""],
    ]
    assert f'href="/appraisal/{PERIOD}/departments/{office.root.pk}/#people"' in page
    assert "本级是直接任职在上级单位或科室的人员" in text_of(page)


def test_what_lies_in_a_department_is_set_in_below_it(client, office):
    section = DepartmentFactory(name="文书组", parent=office.office)
    CadreFactory(name="组里的人", department=section)
    office.assess()
    page = appraisal(client, office.leader)
    assert listed_by_name(page) == [
        ["办公室", "7"], ["办公室/文书组", "1"], ["办公室本级", "6"], ["法规科", "1"], ["测试局本级", "1"],
        ["合计", "9"],
    ]  # fmt: skip
    assert re.findall(r'<tr class="level-(\d)">', table_of(page)) == ["1", "1"]
    assert "缩进的各行已包含在上级的数字里" in text_of(page)


def test_nothing_is_explained_where_nothing_needs_it(client, office):
    office.leader.postings.update(department=office.law)
    office.assess()
    page = appraisal(client, office.leader)
    assert [name for name, _ in listed_by_name(page)] == ["办公室", "法规科", "合计"]
    assert "本级" not in text_of(page)
    assert "缩进" not in text_of(page)


def test_a_department_whose_place_is_out_of_sight_is_not_lost(client):
    county = County()
    moved = DepartmentFactory(name="搬来的科", parent=county.theirs)
    CadreFactory(department=moved)
    Office.assess(county)
    moved.parent = county.ours
    moved.save(update_fields=["parent"])
    assert "统计局/搬来的科" in [name for name, _ in listed_by_name(appraisal(client, county.clerk))]
