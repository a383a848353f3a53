"""看板: the bookcase, its figures and where they lead, for whoever may look."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from assessment.boards.bookcase import departments_case, party_groups_case
from assessment.boards.charts import line_chart, scale, spark
from assessment.boards.racks import AT_MOST, rack_of, shared_out
from assessment.boards.sheet import Sheet, sheet_of
from assessment.models import DepartmentResult, Period
from assessment.services import assess
from assessment.tests.offices import NOW, PERIOD, Office, approved
from assessment.tests.pages import office, page_of
from organization.models import whole_tree, work_scope_of
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import parse_period
from shuxiang.tests.pages import cells_of, text_of
from shuxiang.tests.queries import queries
from submissions.kinds import Grade

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def sheet_in(scope) -> Sheet:
    periods = {period.code: period for period in Period.objects.assessed()}
    return sheet_of(periods[PERIOD], scope, periods)


def rows_of(page: str) -> list[list[str]]:
    """The cells of the bookcase."""
    return cells_of(page[page.index('<table class="bookcase') : page.index("</table>")])


def figures_of(page: str) -> list[list[str]]:
    """The rows without heading, books and small lines; in the total's row the name spans the books."""
    _, *rows, total = rows_of(page)
    return [*([row[0], *row[2:-1]] for row in rows), total[:-1]]


def test_the_rows_are_the_departments_with_the_figures_of_the_sheet(client, office):
    page = page_of(client, office.leader)
    assert text_of(page).startswith(
        "看板 2024 年第二季度待封存，7 月 20 日 09:00 计算。达标 5 人，未达标 2 人，免考核 1 人。"
    )
    assert figures_of(page) == [
        ["办公室 在册 6 · 应考 5 · 免 1", "4/5", "80.0%", "1", "4.00", "4.67", "0.86", "2"],
        ["法规科 在册 1 · 应考 1", "1/1", "100.0%", "1", "2.50", "1.33", "1.88", "1"],
        ["本级 在册 1 · 应考 1", "0/1", "0.0%", "—", "0.00", "1.00", "0.00", "—"],
        ["合计 在册 8 · 应考 7 · 免 1", "5/7", "71.4%", "1", "6.50", "7.00", "0.93", ""],
    ]
    assert "几个科室合作的优秀作品在各科室各计一件，合计只计一件。" in page


def test_the_books_stand_by_state_and_are_told_in_words(office):
    sheet = sheet_in(whole_tree())
    first, law, own = departments_case(sheet, sheet.top).rows
    assert first.rack.words == (
        "读书心得已报 4 人，未报 1，优秀 1，补报 1，免 1；诵读作品全年已报 0 人，未报 6；好书推荐全年已报 0 人，未报 6"
    )
    assert [book.state for book in first.rack.books][:6] == ["excellent", "done", "done", "late", "owed", "exempt"]
    assert law.rack.words.startswith("读书心得已报 1 人，未报 0，优秀 1；")
    assert own.rack.words.startswith("读书心得已报 0 人，未报 1；")


def test_a_work_for_an_annual_task_stays_on_the_shelf_all_year(office):
    approved([office.good], "一季度的诵读", date(2024, 2, 1), Grade.EXCELLENT, kind="recitation")
    office.assess()
    sheet = sheet_in(whole_tree())
    assert "诵读作品全年已报 1 人，未报 5，优秀 1" in departments_case(sheet, sheet.top).rows[0].rack.words


def test_a_work_of_somebody_exempt_is_shown_and_owed_by_nobody(office):
    approved([office.away], "病中读书", date(2024, 5, 7))
    office.assess()
    sheet = sheet_in(whole_tree())
    assert "读书心得已报 5 人，未报 1，优秀 1，补报 1；" in departments_case(sheet, sheet.top).rows[0].rack.words


def test_shared_works_are_told_where_they_are_shared_alone(client):
    root = bureau()
    leader = CadreFactory(roles=[Role.LEADER], department=root)
    CadreFactory(department=DepartmentFactory(name="办公室", parent=root))
    approved([leader], "局长的心得", date(2024, 5, 6), Grade.EXCELLENT)
    assess(period=parse_period(PERIOD), now=NOW)
    assert "合计只计一件" not in page_of(client, leader)


@pytest.mark.parametrize(("code", "said"), [("2024Q3", True), ("2023Q4", False), ("2024", False)])
def test_annual_tasks_are_not_due_before_the_fourth_quarter(client, office, code, said):
    office.assess("2023Q4", "2024")
    assert ("全年项目未到期" in page_of(client, office.leader, f"?period={code}")) == said


def test_many_people_share_books_in_proportion():
    counts = Counter(excellent=1, done=150, late=2, owed=40, exempt=7)
    books = shared_out(counts)
    assert books.total() == AT_MOST
    assert books == Counter(excellent=1, done=17, late=1, owed=4, exempt=1)
    assert shared_out(Counter(done=AT_MOST)) == Counter(done=AT_MOST)


def test_a_large_rack_keeps_its_width(office):
    sheet = sheet_in(whole_tree())
    counts = {name: Counter(done=200, owed=90) for name in ("读书心得", "诵读作品", "好书推荐")}
    rack = rack_of(counts, sheet, 1)
    assert Counter(book.state for book in rack.books) == Counter(done=3 * 17, owed=3)
    assert rack.people_per_book == 13
    assert int(rack.width) <= 310


def test_party_groups_are_a_grouping_for_who_sees_everybody(client, office):
    assert figures_of(page_of(client, office.leader, "?group=党小组")) == [
        ["第一党小组 在册 2 · 应考 2", "2/2", "100.0%", "3.00"],
        ["合计 在册 2 · 应考 2", "2/2", "100.0%", "3.00"],
    ]
    sheet = sheet_in(whole_tree())
    assert party_groups_case(sheet).total.points == Decimal("3.00")


def test_every_sum_leads_to_the_list_behind_it(client, office):
    page = page_of(client, office.leader)
    sums = page[page.index('<dl class="sums') : page.index("</dl>")]
    for address in re.findall(r'href="([^"]+)"', sums):
        client.force_login(office.leader)
        assert client.get(unescape(address)).status_code == 200
    assert list(re.findall(r">([\d.%]+)</a>", sums)) == ["71.4%", "1", "6.50", "7.00", "0.93"]


def test_a_department_with_children_opens_its_own_bookcase(client, office):
    section = DepartmentFactory(name="文书组", parent=office.office)
    CadreFactory(name="组里的人", department=section)
    office.assess()
    page = page_of(client, office.leader)
    assert f'href="/board/?period={PERIOD}&amp;department={office.office.pk}"' in page
    assert f'href="/appraisal/{PERIOD}/departments/{office.law.pk}/"' in page
    rows = rows_of(page_of(client, office.leader, f"?period={PERIOD}&department={office.office.pk}"))
    assert [row[0] for row in rows[1:]] == [
        "文书组 在册 1 · 应考 1", "本级 在册 6 · 应考 5 · 免 1", "合计 在册 7 · 应考 6 · 免 1",
    ]  # fmt: skip


def test_names_are_those_of_the_assessment_and_stay_text(client, office):
    office.law.name = "改了名<script>"
    office.law.save(update_fields=["name"])
    assert "法规科" in page_of(client, office.leader)
    office.assess()
    page = page_of(client, office.leader)
    assert "改了名&lt;script&gt;" in page
    assert "<script>" not in page[page.index("<main") :]


def test_a_leader_and_the_office_of_one_agency_see_their_agency_alone(client):
    county = County()
    leader = CadreFactory(roles=[Role.LEADER], department=county.theirs)
    approved([county.stranger], "他们的", date(2024, 5, 6))
    approved([county.colleague], "我们的", date(2024, 5, 7))
    Office.assess(county)
    ours = page_of(client, county.clerk)
    assert [row[0].split(" ")[0] for row in rows_of(ours)[1:]] == ["综合科", "合计"]
    assert "统计局" not in ours
    assert "党小组" not in ours
    theirs = page_of(client, leader)
    assert [row[0].split(" ")[0] for row in rows_of(theirs)[1:]] == ["综合科", "本级", "合计"]
    assert [row[-5] for row in rows_of(theirs)[1:]] == ["1.00", "0.00", "1.00"]
    assert "审计局" not in theirs
    everything = page_of(client, county.head)
    assert [row[0].split(" ")[0] for row in rows_of(everything)[1:]] == ["审计局", "统计局", "本级", "合计"]
    client.force_login(county.clerk)
    for query in (f"?department={county.theirs.pk}", f"?department={county.root.pk}", "?group=党小组"):
        assert client.get(f"/board/{query}").status_code == 404


def test_the_figures_of_an_agency_are_those_of_the_whole_sheet(client):
    county = County()
    approved([county.colleague, county.stranger], "合写的", date(2024, 5, 6), Grade.EXCELLENT)
    Office.assess(county)
    period = Period.objects.get(code=PERIOD)
    part = sheet_in(work_scope_of(county.clerk))
    row = DepartmentResult.objects.get(period=period, department=county.ours)
    total = departments_case(part, part.top).total
    assert (total.points, total.periods, total.average) == (row.points, row.person_periods, row.average)


def test_nothing_assessed_yet_says_what_to_do(client):
    department = DepartmentFactory(parent=bureau())
    page = page_of(client, CadreFactory(roles=[Role.OFFICE], department=department))
    assert "按“计算本期”" in page
    assert 'href="/appraisal/"' in page
    assert "请办公室导入登记表并计算" in page_of(client, CadreFactory(roles=[Role.LEADER], department=department))


def test_who_has_no_place_is_told_so(client, office):
    office.leader.postings.update(until=date(2024, 4, 30))
    text = text_of(page_of(client, office.leader))
    assert "2024 年第二季度没有本单位的数据" in text
    assert "办公室文员" not in text


@pytest.mark.parametrize(
    "query",
    ["?period=abc", "?period=2024", "?period=%00", "?period=2024q2", "?group=全部", "?group=%00", "?department=0",
     "?department=-1", "?department=abc", "?department=%00", "?department=99999999999999999999", "?department=１"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, office, query):
    client.force_login(office.leader)
    assert client.get(f"/board/{query}").status_code == 404


def test_all_periods_are_offered_newest_first(client, office):
    office.assess("2024")
    page = page_of(client, office.leader, f"?period={PERIOD}")
    assert re.findall(r'<option value="([^"]+)"( selected)?>', page) == [
        ("2024Q3", ""), ("2024Q2", " selected"), ("2024Q1", ""), ("2024", ""),
    ]  # fmt: skip
    year = page_of(client, office.leader, "?period=2024")
    assert ("人年数" in year, "人季数" in year) == (True, False)


def test_it_takes_the_same_few_queries_for_one_department_and_thirty(client, office):
    counts = []
    for time in range(2):
        client.force_login(office.leader)
        counts.append(queries(client, "/board/"))
        for number in range(30):
            department = DepartmentFactory(name=f"新{time}{number}科", parent=office.root)
            approved([CadreFactory(department=department)], "心得", date(2024, 5, 1))
        office.assess()
    assert counts[0] == counts[1] <= 15


def test_a_scale_holds_its_values_in_at_most_four_steps():
    assert scale(78.3, 93.5, 5, 100) == (75, 5, 4)
    assert scale(96, 100, 5, 100) == (90, 5, 2)
    assert scale(0, 100, 5, 100) == (0, 25, 4)
    assert scale(0, 0, 5, 100)[0] == 0
    low, step, count = scale(2.02, 2.6, 0.1, None)
    assert low <= 2.02
    assert low + step * count >= 2.6


def test_a_chart_says_its_values_and_leaves_gaps():
    chart = line_chart([("26一", Decimal("80.0")), ("26二", None), ("26三", Decimal("90.0"))], 5, "%", 100)
    assert chart.words == "26一 80.0%，26二 —，26三 90.0%"
    assert chart.path.count("M") == 2
    assert chart.last.text == "90.0%"
    assert line_chart([("26一", None)], 1).path == ""


def test_a_small_line_of_equal_values_runs_through_the_middle():
    assert spark([Decimal(2), Decimal(2)], 2, 2)[0] == "M2 14L90 14"
    assert spark([None, None], 0, 1) == ("", None)
