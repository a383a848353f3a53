"""The way from any figure of a period to the people, the lines and the works behind it."""

import re
from datetime import UTC, date, datetime

import pytest

from assessment.models import DepartmentResult, Entry
from assessment.services import assess
from assessment.tests.offices import NOW, PERIOD, Office, approved
from assessment.tests.pages import HOME, appraisal, office, page_of, status_of
from organization.models import Posting
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.periods import parse_period
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from submissions.kinds import Grade, Level
from submissions.models import Publication

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def test_a_department_shows_how_its_average_comes_about(client, office):
    text = text_of(appraisal(client, office.leader, f"departments/{office.office.pk}/"))
    assert "达标 4/5，人均 4.00 分 × 91 天 ÷ 425 人天 = 0.86 分。" in text
    assert "425 人天 ÷ 91 天 = 4.67 人季" in text
    assert "甲优 " in text
    assert "91 天 达标 1.50" in text
    assert "61 天 达标 0.00" in text
    assert "另有 1.00 分计入其他科室" in text
    assert text.count("合计 425 人天 4.00") == 1


def test_who_moved_away_still_stands_where_the_points_were_earned(client, office):
    text = text_of(appraisal(client, office.leader, f"departments/{office.law.pk}/"))
    assert "期末在办公室 30 天 不在册 1.00" in text
    assert "合计 121 人天 2.50" in text


def test_children_and_own_people_add_up_to_the_whole(client, office):
    text = text_of(appraisal(client, office.leader, f"departments/{office.root.pk}/"))
    assert "办公室 6 425 4.00 0.86 法规科 1 121 2.50 1.88 本级人员 1 91 0.00 0.00 合计 8 637 6.50 0.93" in text


def test_postings_corrected_after_the_assessment_are_told(client, office):
    Posting.objects.filter(cadre=office.best).update(since=date(2024, 4, 11))
    text = text_of(appraisal(client, office.leader, f"departments/{office.office.pk}/"))
    assert "与计算时的 425 人天相差 10 天" in text


def test_from_an_average_to_the_work(client, office):
    board = page_of(client, office.leader)
    department = re.search(r'href="(/appraisal/[^"]+/departments/\d+/)">办公室', board)[1]
    page = page_of(client, office.leader, "", department)
    work = re.search(r'href="(/works/\d+/)"><bdi>合写的优秀心得', page)[1]
    assert work == f"/works/{office.excellent.pk}/"
    assert "合写的优秀心得" in page_of(client, office.leader, "", work)


def test_a_publication_leads_to_its_work(client, office):
    Publication.objects.create(
        submission=office.excellent, level=Level.CITY, outlet="某报", accepted_on=date(2024, 6, 1), evidence="第 1 版",
        recorded_by=office.clerk,
    )  # fmt: skip
    office.assess()
    page = appraisal(client, office.leader, f"people/{office.best.pk}/")
    assert page.count(f'href="/works/{office.excellent.pk}/"') == 3
    assert "市级刊发" in page


def test_a_work_out_of_sight_is_text(client):
    county = County()
    county.mover = CadreFactory(name="调来的人", department=county.foreign_office)
    county.mover.postings.update(until=date(2024, 4, 30))
    Posting.objects.create(cadre=county.mover, department=county.office, since=date(2024, 5, 1))
    work = approved([county.mover], "在他们那里写的", date(2024, 4, 10))
    Office.assess(county)
    page = appraisal(client, county.clerk, f"people/{county.mover.pk}/")
    assert "在他们那里写的" in page
    assert f"/works/{work.pk}/" not in page
    assert status_of(client, county.clerk, f"/works/{work.pk}/") == 404


def test_a_person_shows_tasks_points_and_reasons(client, office):
    text = text_of(appraisal(client, office.leader, f"people/{office.late.pk}/"))
    assert "读书心得 每季度，应报 1，已报 1 已完成" in text
    assert "诵读作品 每年，应报 1，已报 0 未到期，还差 1" in text
    assert "补报，按 0.50 计 0.50" in text
    assert "本期积分 0.50" in text


def test_a_rule_has_a_chinese_name_and_its_code_stands_aside(client, office):
    for rest in (f"people/{office.best.pk}/", f"departments/{office.office.pk}/", "entries/"):
        page = appraisal(client, office.leader, rest)
        assert "基础分 1.00" in text_of(page), rest
        assert "essay.base" not in text_of(page), rest
        assert 'title="规则 essay.base"' in page, rest
    desk = page_of(client, office.clerk, "", "/admin/assessment/entry/")
    assert ('<td class="field-rule">基础分 1.00</td>' in desk, "essay.base" in desk) == (True, False)


def test_a_quarter_that_fails_a_year_is_named(client, office):
    for day in (date(2024, 5, 2), date(2024, 5, 3), date(2024, 5, 4)):
        approved([office.good], "补不了第一季度", day)
    assess(period=parse_period("2024"), now=datetime(2025, 2, 1, tzinfo=UTC))
    text = text_of(page_of(client, office.leader, f"people/{office.good.pk}/", "/appraisal/2024/"))
    assert "读书心得 每季度，应报 4，已报 4 第一季度、第三季度、第四季度未完成" in text


def test_excellent_works_come_in_pages(client, office):
    for number in range(55):
        approved([office.best, office.lawyer], f"优秀{number}", date(2024, 5, 7), Grade.EXCELLENT)
    office.assess()
    text = text_of(appraisal(client, office.leader, "works/"))
    assert ("评为优秀的作品 56 件" in text, text.count("甲优")) == (True, 50)
    last = text_of(appraisal(client, office.leader, f"works/?department={office.law.pk}&page=2"))
    assert (last.count("法规的人"), last.count("甲优"), "合写的优秀心得" in last) == (6, 0, True)


def test_the_lines_behind_a_sum_add_up_to_it(client, office):
    text = text_of(appraisal(client, office.leader, f"entries/?department={office.law.pk}"))
    assert "计入法规科的积分：3 笔，2 人，合计 2.50 分。" in text
    assert "计入测试局的积分：" in text_of(appraisal(client, office.leader, "entries/"))
    assert "合计 6.50 分。" in text_of(appraisal(client, office.leader, "entries/"))


def test_each_excellent_work_stands_once_with_its_people(client, office):
    text = text_of(appraisal(client, office.leader, "works/"))
    assert "评为优秀的作品 1 件" in text
    assert "甲优（办公室）、法规的人（法规科）" in text


def test_people_are_searched_filtered_and_ordered(client, office):
    def names(query: str) -> list[str]:
        page = appraisal(client, office.leader, f"people/?{query}")
        return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)

    assert names("q=甲") == ["甲优"]
    assert names(f"q={office.best.employee_number.lower()}") == ["甲优"]
    assert names("status=exempt") == ["丁假"]
    assert names(f"department={office.law.pk}") == ["法规的人"]
    assert names("party_group=第一党小组") == ["甲优", "法规的人"]
    assert names("order=points")[:2] == ["乙良", "甲优"]
    assert names("order=rank")[-1] == "丁假"
    assert len(names("")) == 8
    assert "没有符合条件的人员" in appraisal(client, office.leader, "people/?q=没有这个人")


def test_pages_of_fifty_keep_their_filters(client, office):
    for _ in range(60):
        CadreFactory(name="同名", department=office.office)
    office.assess()
    page = appraisal(client, office.leader, "people/?q=同名")
    assert 'href="?q=%E5%90%8C%E5%90%8D&amp;page=2"' in page
    assert page.count('<th scope="row">') == 50
    assert appraisal(client, office.leader, "people/?q=同名&page=2").count('<th scope="row">') == 10
    assert "第 2 页，共 2 页" in appraisal(client, office.leader, f"departments/{office.office.pk}/?page=2")


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=abc", "page=99999999999999999999", "page=%00", "q=%00", "q=%F0%9F%93%9A", "q=%25_",
     "party_group=%00", "q=" + "长" * 300],
)  # fmt: skip
@pytest.mark.parametrize("rest", ["people/", "entries/", "works/", "departments/{root}/"])
def test_odd_searches_and_pages_are_answered(client, office, rest, query):
    assert status_of(client, office.leader, f"{HOME}{rest.format(root=office.root.pk)}?{query}") == 200


@pytest.mark.parametrize(
    "rest",
    ["people/?status=x", "people/?order=x", "people/?department=x", "entries/?department=-1", "people/0/",
     "works/?department=99999999999999999999", "people/99999999999999999999/", "departments/99999999999999999999/",
     "departments/0/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(client, office, rest):
    assert status_of(client, office.leader, f"{HOME}{rest}") == 404


def test_another_agency_is_not_found(client):
    county = County()
    approved([county.stranger], "他们的", date(2024, 5, 6))
    Office.assess(county)
    for rest in (
        f"people/{county.stranger.pk}/", f"departments/{county.theirs.pk}/", f"departments/{county.foreign_office.pk}/",
        f"departments/{county.root.pk}/", f"people/?department={county.theirs.pk}",
        f"entries/?department={county.theirs.pk}", f"works/?department={county.theirs.pk}",
    ):  # fmt: skip
        assert status_of(client, county.clerk, f"{HOME}{rest}") == 404, rest
        assert status_of(client, county.head, f"{HOME}{rest}") == 200, rest
    for rest in ("", "people/", "people/?q=外", "people/?party_group=第一党小组", "entries/", "works/"):
        page = appraisal(client, county.clerk, rest)
        assert "外单位的人" not in page, rest
        assert "统计局" not in page, rest


def test_names_and_titles_stay_text(client, office):
    office.best.name = "<script>甲</script>"
    office.best.save(update_fields=["name"])
    approved([office.best], "<img src=x onerror=alert(1)>", date(2024, 5, 9))
    office.assess()
    for rest in ("people/", f"people/{office.best.pk}/", f"departments/{office.office.pk}/", "entries/", "works/"):
        page = appraisal(client, office.leader, rest)
        main = page[page.index("<main") :]
        assert "<script>" not in main
        assert "<img" not in main
    page = appraisal(client, office.leader, 'people/?q="><script>')
    assert "<script>" not in page[page.index("<main") :]


def test_a_department_without_people_or_points(client, office):
    empty = DepartmentFactory(name="空科", parent=office.root)
    office.assess()
    assert not DepartmentResult.objects.filter(department=empty).exists()
    CadreFactory(name="新人", department=empty)
    office.assess()
    assert "没有计入本科室的积分。" in appraisal(client, office.leader, f"departments/{empty.pk}/")
    Entry.objects.all().delete()
    assert "还没有积分记录" in appraisal(client, office.leader, "entries/")
    assert "还没有评为优秀的作品" in appraisal(client, office.leader, "works/")


@pytest.mark.parametrize("code", [PERIOD, "2024"])
def test_the_pages_take_few_queries_however_many_people(client, office, code):
    office.assess(code)
    pages = {
        "": 10, "people/": 10, f"people/{office.best.pk}/": 10, "entries/": 10, "works/": 10,
        f"departments/{office.office.pk}/": 10, f"departments/{office.root.pk}/": 15,
    }  # fmt: skip

    def counts() -> dict[str, int]:
        client.force_login(office.leader)
        found = {}
        for rest in pages:
            found[rest] = queries(client, f"/appraisal/{code}/{rest}")
        return found

    before = counts()
    for number in range(30):
        department = DepartmentFactory(name=f"新{number}科", parent=office.root)
        people = [CadreFactory(department=department), CadreFactory(department=office.office)]
        approved(people, f"心得{number}", date(2024, 5, 1), "excellent")
    office.assess(code)
    assert counts() == before
    assert all(before[rest] <= most for rest, most in pages.items()), before
