import re
from datetime import date, datetime
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Entry
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.own_years import make_entry, make_period, make_result

pytestmark = pytest.mark.django_db
TODAY = datetime(2024, 11, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def cadre() -> Cadre:
    office = DepartmentFactory(name="办公室", parent=DepartmentFactory(name="业务口", parent=bureau()))
    return CadreFactory(name="沈知微", roles=[Role.CADRE, Role.LIAISON], department=office)


def page_of(client, cadre: Cadre, query: str = "") -> str:
    client.force_login(cadre)
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return response.content.decode()


def text_of(page: str) -> str:
    """The words of <main>, tags and runs of space gone."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows_of(page: str) -> list[list[str]]:
    """The cells of every line of the ledger, headings and sums included."""
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    cells = (re.findall(r"<(?:td|th)[ >].*?</(?:td|th)>", row, re.DOTALL) for row in rows)
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def test_the_greeting_says_who_where_and_as_what(client, cadre):
    text = text_of(page_of(client, cadre))
    assert text.startswith("沈知微，你好 业务口/办公室 · 干部、联络员")
    assert "进入工作台" not in text


def test_the_place_is_that_of_today(client, cadre):
    cadre.postings.update(until=date(2024, 11, 20))
    assert "业务口/办公室" in text_of(page_of(client, cadre))
    cadre.postings.update(until=date(2024, 11, 19))
    assert "目前没有任职科室 · 干部" in text_of(page_of(client, cadre))


def test_desk_roles_find_the_desk(client):
    assert "进入工作台" in page_of(client, CadreFactory(roles=[Role.OFFICE]))
    text = text_of(page_of(client, CadreFactory(name="周管理", roles=[Role.SYSTEM])))
    assert text.startswith("周管理，你好 系统管理员 进入工作台")
    assert "管理员账号不参加考核" in text


def test_before_anything_was_assessed_it_says_what_comes_next(client, cadre):
    text = text_of(page_of(client, cadre))
    assert "2024 年还没有考核记录 作品和活动由办公室登记。" in text
    assert "积分与缘由" not in text


def test_the_latest_quarter_and_the_year_stand_first(client, cadre):
    make_result(cadre, "2024Q1", points="2.00", status="met", quotas=[["读书心得", 1, 3]])
    make_result(cadre, "2024Q3", note="由信息中心调入；好书推荐未到期", excellent=2)
    make_result(cadre, "2024", points="5.00", quotas=[["诵读作品", 1, 1], ["读书心得", 4, 4], ["好书推荐", 1, 0]])
    text = text_of(page_of(client, cadre))
    assert (
        "2024 年第三季度 进行中 · 11 月 1 日计算 达标情况 未达标 本季积分 3.00 年度积分 5.00 优秀作品 2 件 "
        "诵读作品 每年，应报 1，已报 1 已完成 读书心得 每季度，应报 1，已报 0 还差 1 "
        "好书推荐 每年，应报 1，已报 0 未到期，还差 1 备注：由信息中心调入；好书推荐未到期 2024 年全年 "
    ) in text
    assert "读书心得 每季度，应报 4，已报 4 第三季度未完成 好书推荐 每年，应报 1，已报 0 还差 1" in text
    assert "2024 年第一季度" not in text
    assert "名次" not in text


def test_an_exempt_quarter_shows_its_numbers(client, cadre):
    make_result(
        cadre, "2024Q3", status="exempt", note="请假：在岗 12/92 天", quotas=[["诵读作品", 0, 0], ["读书心得", 0, 1]]
    )
    text = text_of(page_of(client, cadre))
    assert "达标情况 免考核" in text
    assert "读书心得 每季度，应报 0，已报 1 免考核 备注：请假：在岗 12/92 天" in text


def test_an_adjustment_stands_beside_the_points(client, cadre):
    make_result(cadre, "2024Q3", adjustment="-0.50")
    assert "以前期调整 -0.50" in text_of(page_of(client, cadre))


@pytest.mark.parametrize(
    ("role", "everybody", "shown"),
    [
        (Role.CADRE, False, False),
        (Role.LIAISON, False, False),
        (Role.CADRE, True, True),
        (Role.LEADER, False, True),
        (Role.OFFICE, False, True),
        (Role.SYSTEM, False, False),
    ],
)
def test_ranks_show_where_the_scheme_or_the_role_says_so(client, cadre, role, everybody, shown):
    viewer = CadreFactory(roles=[role], department=DepartmentFactory(parent=bureau()))
    make_period("2024Q3", ranks_for_everybody=everybody)
    make_result(viewer, "2024Q3", rank=7)
    assert ("名次 7" in text_of(page_of(client, viewer))) is shown


def test_the_ledger_lists_every_line_with_its_reason(client, cadre):
    make_result(cadre, "2024Q3", status="met")
    make_result(cadre, "2024Q2", status="unmet")
    entry = {"cadre": cadre, "code": "2024Q3"}
    make_entry(**entry, date=date(2024, 8, 1), reference="ZP1", title="《论语》读后", points="0.50", note="年度封顶")
    make_entry(**entry, date=date(2024, 10, 7), reference="ZP2", title="大学", points="0.50")
    make_entry(**entry, date=date(2024, 10, 7), reference="ZP2", title="大学", rule_code="essay.good", points="1.00")
    make_entry(**entry, date=date(2024, 9, 1), reference="ZP3", title="集体", points="0.34")
    make_entry(
        **entry,
        date=date(2024, 9, 2),
        reference="ZP3/city",
        fact_kind="publication",
        rule_code="publication.city",
        points="3.00",
    )
    make_entry(
        **entry,
        date=date(2024, 7, 2),
        reference="HD1",
        title="领读",
        fact_kind="speaking",
        rule_code="gone.rule",
        points="1.00",
    )
    assert rows_of(page_of(client, cadre)) == [
        ["日期", "事项", "依据", "规则", "说明", "分值"],
        ["第三季度 达标", "6.34"],
        ["10-07", "读书心得", "大学 ZP2", "基础分 1.00 essay.base", "补报，按 0.50 计", "0.50"],
        ["10-07", "读书心得", "大学 ZP2", "评为良好 1.00 essay.good", "补报", "1.00"],
        ["09-02", "外部刊发", "读后4 ZP3/city", "市级刊发 3.00 publication.city", "", "3.00"],
        ["09-01", "读书心得", "集体 ZP3", "基础分 1.00 essay.base", "多人均分", "0.34"],
        ["08-01", "读书心得", "《论语》读后 ZP1", "基础分 1.00 essay.base", "年度封顶", "0.50"],
        ["07-02", "主讲领读", "领读 HD1", "gone.rule", "", "1.00"],
        ["第二季度 未达标", "0.00"],
        ["这个季度没有积分记录。作品审核通过、活动登记之后，重新计算时会列在这里。"],
        ["年度合计", "6.34"],
    ]


def test_adjustments_are_a_group_of_the_year_that_they_correct(client, cadre):
    make_entry(cadre, "2024Q3", points="1.00")
    posted = {"kind": Entry.Kind.ADJUSTMENT, "cause": "补登通过", "reference": "ZP9", "title": "旧作"}
    make_entry(cadre, "2025Q1", corrects=make_period("2024Q3"), points="-0.50", **posted)
    make_entry(cadre, "2024Q4", corrects=make_period("2023Q4"), points="9.00", **posted)
    rows = rows_of(page_of(client, cadre, "?year=2024"))
    assert rows[-3:] == [
        ["以前期调整", "-0.50"],
        ["07-01", "读书心得", "旧作 ZP9", "基础分 1.00 essay.base", "更正 2024Q3，记入 2025Q1：补登通过", "-0.50"],
        ["年度合计", "0.50"],
    ]
    assert "9.00" not in page_of(client, cadre, "?year=2024")


def test_a_year_with_nothing_but_a_correction_elsewhere_is_no_year_on_record(client, cadre):
    make_result(cadre, "2023Q4")
    posted = {"kind": Entry.Kind.ADJUSTMENT, "cause": "补登通过"}
    make_entry(cadre, "2024Q1", corrects=make_period("2023Q4"), **posted)
    assert "2023 年第四季度" in page_of(client, cadre)


def test_results_without_a_single_line_say_what_comes_next(client, cadre):
    make_result(cadre, "2024Q3")
    page = page_of(client, cadre)
    assert "2024 年还没有积分记录。" in text_of(page)
    assert rows_of(page) == []


def test_the_year_stands_in_the_address(client, cadre):
    make_result(cadre, "2022Q4", points="8.00")
    make_result(cadre, "2023Q2", points="9.00")
    newest = page_of(client, cadre)
    assert "2023 年第二季度" in newest
    assert re.findall(r'<a href="\?year=(\d+)"( aria-current="page")?', newest) == [
        ("2024", ""),
        ("2023", ' aria-current="page"'),
        ("2022", ""),
    ]
    assert "2022 年第四季度" in page_of(client, cadre, "?year=2022")
    assert "2024 年还没有考核记录" in page_of(client, cadre, "?year=2024")


@pytest.mark.parametrize("year", ["2021", "2025", "abc", "２０２４", "", "2024%20", "2024Q3", "99999999999999999999"])
def test_a_year_that_is_not_there_is_not_found(client, cadre, year):
    make_result(cadre, "2023Q2")
    client.force_login(cadre)
    assert client.get(f"/?year={year}").status_code == 404


def test_nobody_sees_the_lines_of_somebody_else(client, cadre):
    leader = CadreFactory(roles=[Role.LEADER], department=bureau())
    make_result(cadre, "2024Q3", points="6.66")
    make_entry(cadre, "2024Q3", title="别人的读后")
    page = page_of(client, leader)
    assert "6.66" not in page
    assert "别人的读后" not in page


def test_a_hostile_title_stays_text(client, cadre):
    make_entry(cadre, "2024Q3", title="<script>alert(1)</script>")
    assert "<script" not in page_of(client, cadre)


def test_the_page_is_not_kept_by_the_browser(client, cadre):
    client.force_login(cadre)
    response = client.get("/")
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_it_takes_the_same_few_queries_for_one_line_and_for_thirty(client, cadre):
    make_result(cadre, "2024Q3")
    make_result(cadre, "2024")
    make_entry(cadre, "2024Q3")
    client.force_login(cadre)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
        for number in range(29):
            make_entry(cadre, f"2024Q{number % 4 + 1}")
    assert counts[0] == counts[1] <= 10
