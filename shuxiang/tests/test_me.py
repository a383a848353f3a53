import re
from datetime import date, datetime

import pytest

from activities.tests.factories import ActivityFactory
from assessment.models import Entry, Period
from notices.services import send
from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.own_years import TODAY, cadre, make_entry, make_period, make_result, page_of
from shuxiang.tests.pages import cells_of, text_of
from shuxiang.tests.queries import queries
from submissions.models import Contributor
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

__all__ = ["cadre"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(TODAY)]


def test_administrators_are_told_that_they_take_no_part(client):
    page = page_of(client, CadreFactory(roles=[Role.SYSTEM]))
    assert text_of(page) == "我的书香 管理员账号不参加考核，这里不会有任务和积分。日常管理请进入工作台。"


def test_before_anything_was_assessed_it_says_what_comes_next(client, cadre):
    text = text_of(page_of(client, cadre))
    assert text.startswith("我的书香 2024 年应报 6 项，已报 0 项，还差 6 项，有 3 项已过期限。")
    assert "积分与缘由 2024 年还没有考核记录。" in text


def test_the_latest_quarter_and_the_year_stand_first(client, cadre):
    make_result(cadre, "2024Q1", points="2.00", status="met", quotas=[["读书心得", 1, 3]])
    make_result(cadre, "2024Q3", note="由信息中心调入；好书推荐未到期", excellent=2)
    make_result(cadre, "2024", points="5.00", quotas=[["诵读作品", 1, 1], ["读书心得", 4, 4], ["好书推荐", 1, 0]])
    text = text_of(page_of(client, cadre))
    assert (
        "2024 年第三季度 待封存 · 11 月 1 日计算 达标情况 未达标 本季积分 3.00 年度积分 5.00 优秀作品 2 件 "
        "诵读作品 每年，应报 1，已计入 1 已完成 读书心得 每季度，应报 1，已计入 0 还差 1 "
        "好书推荐 每年，应报 1，已计入 0 未到期，还差 1 计入科室：办公室 "
        "备注：由信息中心调入；好书推荐未到期 2024 年全年 "
    ) in text
    assert "读书心得 每季度，应报 4，已计入 4 第三季度未完成 好书推荐 每年，应报 1，已计入 0 还差 1" in text
    assert "名次" not in text


def test_an_exempt_quarter_shows_its_numbers(client, cadre):
    make_result(
        cadre, "2024Q3", status="exempt", note="请假：在岗 12/92 天", quotas=[["诵读作品", 0, 0], ["读书心得", 0, 1]]
    )
    text = text_of(page_of(client, cadre))
    assert "达标情况 免考核" in text
    assert "读书心得 每季度，应报 0，已计入 1 免考核 计入科室：办公室 备注：请假：在岗 12/92 天" in text


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
    assert cells_of(page_of(client, cadre)) == [
        ["日期", "事项", "依据", "分值"],
        ["第三季度 达标", "6.34"],
        ["10-07", "大学 读书心得 ZP2", "基础分 1.00，补报，按 0.50 计", "0.50"],
        ["10-07", "大学 读书心得 ZP2", "评为良好 1.00，补报", "1.00"],
        ["09-02", "读后4 外部刊发 ZP3/city", "市级刊发 3.00", "3.00"],
        ["09-01", "集体 读书心得 ZP3", "基础分 1.00，多人均分", "0.34"],
        ["08-01", "《论语》读后 读书心得 ZP1", "基础分 1.00，年度封顶", "0.50"],
        ["07-02", "领读 主讲领读 HD1", "gone.rule", "1.00"],
        ["第二季度 未达标", "0.00"],
        ["这个季度没有积分记录。作品通过、活动登记之后，重新计算时会列在这里。"],
        ["年度合计", "6.34"],
    ]


def test_a_line_that_a_cap_cut_says_which_and_what_it_left(client, cadre):
    entry = {"cadre": cadre, "code": "2024Q3", "fact_kind": "attendance", "rule_code": "activity.attend"}
    make_entry(**entry, date=date(2024, 8, 2), reference="HD2", points="0.00", note="年度封顶")
    make_entry(**entry, date=date(2024, 8, 1), reference="HD1", points="0.30", note="年度封顶")
    quarter = entry | {"fact_kind": "essay", "rule_code": "essay.base"}
    make_entry(**quarter, date=date(2024, 7, 1), reference="ZP1", points="0.00", note="季度封顶")
    assert [row[2] for row in cells_of(page_of(client, cadre)) if len(row) == 4][1:] == [
        "基础分 0.50，年度封顶：这一项全年最多 4.00 分，已经得满",
        "基础分 0.50，年度封顶：这一项全年最多 4.00 分，只剩 0.30 分",
        "基础分 1.00，季度封顶：这一项每季度最多 1.00 分，已经得满",
    ]


def test_all_quarters_are_offered_where_there_are_several(client, cadre):
    make_entry(cadre, "2024Q3")
    assert "全部季度" not in page_of(client, cadre)
    make_entry(cadre, "2024Q2")
    assert "全部季度" in page_of(client, cadre)


def test_a_line_leads_to_the_work_behind_it(client, cadre):
    work = SubmissionFactory(reference="ZP1", people=[cadre], state=State.APPROVED, credit_date=date(2024, 8, 1))
    SubmissionFactory(reference="ZP2")
    entry = {"cadre": cadre, "code": "2024Q3"}
    make_entry(**entry, reference="ZP1", title="自己的")
    make_entry(**entry, reference="ZP1/city", fact_kind="publication", title="刊发的")
    make_entry(**entry, reference="ZP1", fact_kind="attendance", title="同号的活动")
    make_entry(**entry, reference="ZP2", title="别人的")
    found = re.findall(r'<td class="basis"><a href="([^"]+)"><bdi>([^<]+)', page_of(client, cadre))
    assert sorted(found, key=lambda link: link[1]) == [
        (f"/works/{work.pk}/", "刊发的"),
        (f"/works/{work.pk}/", "自己的"),
    ]


def test_a_line_leads_to_the_activity_behind_it_where_one_sees_it(client, cadre):
    elsewhere = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    neighbours = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    traveller = CadreFactory(department=DepartmentFactory(parent=elsewhere))
    shown = ActivityFactory(reference="HD1", date=date(2024, 8, 1))
    ActivityFactory(reference="HD2", date=date(2024, 8, 2), department=neighbours)
    for reference, kind in (("HD1", "speaking"), ("HD2", "attendance"), ("HD1", "essay")):
        make_entry(traveller, "2024Q3", reference=reference, fact_kind=kind, title=reference + kind)
    found = re.findall(r'<td class="basis"><a href="([^"]+)"><bdi>([^<]+)', page_of(client, traveller))
    assert found == [(f"/activities/{shown.pk}/", "HD1speaking")]
    assert client.get(f"/activities/{shown.pk}/").status_code == 200


def test_adjustments_are_a_group_of_the_year_that_they_correct(client, cadre):
    make_entry(cadre, "2024Q3", points="1.00")
    posted = {"kind": Entry.Kind.ADJUSTMENT, "cause": "补登通过", "reference": "ZP9", "title": "旧作"}
    make_entry(cadre, "2025Q1", corrects=make_period("2024Q3"), points="-0.50", **posted)
    make_entry(cadre, "2024Q4", corrects=make_period("2023Q4"), points="9.00", **posted)
    rows = cells_of(page_of(client, cadre, "?year=2024"))
    assert rows[-3:] == [
        ["以前期调整", "-0.50"],
        ["07-01", "旧作 读书心得 ZP9", "基础分 1.00，更正 2024Q3，记入 2025Q1：补登通过", "-0.50"],
        ["年度合计", "0.50"],
    ]
    assert "9.00" not in page_of(client, cadre, "?year=2024")


def test_a_year_with_nothing_but_a_correction_elsewhere_is_no_year_on_record(client, cadre):
    make_result(cadre, "2023Q4")
    posted = {"kind": Entry.Kind.ADJUSTMENT, "cause": "补登通过"}
    make_entry(cadre, "2024Q1", corrects=make_period("2023Q4"), **posted)
    assert 'href="?year=2023"' in page_of(client, cadre)
    client.force_login(cadre)
    assert client.get("/me/?year=2022").status_code == 404


def test_results_without_a_single_line_say_what_comes_next(client, cadre):
    make_result(cadre, "2024Q3")
    page = page_of(client, cadre)
    assert "2024 年还没有积分记录。" in text_of(page)
    assert cells_of(page) == []


def test_the_year_stands_in_the_address(client, cadre):
    make_result(cadre, "2022Q4", points="8.00")
    make_result(cadre, "2023Q2", points="9.00")
    current = page_of(client, cadre)
    assert "2024 年还没有考核记录" in current
    assert re.findall(r'<a href="\?year=(\d+)"( aria-current="page")?', current) == [
        ("2024", ' aria-current="page"'),
        ("2023", ""),
        ("2022", ""),
    ]
    assert "2022 年第四季度" in page_of(client, cadre, "?year=2022")
    assert "2023 年第二季度" in page_of(client, cadre, "?year=2023")


@pytest.mark.parametrize("year", ["2021", "2025", "abc", "２０２４", "", "2024%20", "2024Q3", "99999999999999999999"])
def test_a_year_that_is_not_there_is_not_found(client, cadre, year):
    make_result(cadre, "2023Q2")
    client.force_login(cadre)
    assert client.get(f"/me/?year={year}").status_code == 404


def test_nobody_sees_the_lines_of_somebody_else(client, cadre):
    leader = CadreFactory(roles=[Role.LEADER], department=bureau())
    make_result(cadre, "2024Q3", points="6.66")
    make_entry(cadre, "2024Q3", title="别人的读后")
    page = page_of(client, leader)
    assert "6.66" not in page
    assert "别人的读后" not in page


def test_a_hostile_title_stays_text(client, cadre):
    make_entry(cadre, "2024Q3", title="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(client, cadre)


def test_the_page_is_not_kept_by_the_browser(client, cadre):
    client.force_login(cadre)
    response = client.get("/me/")
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("day", [TODAY, datetime(2025, 1, 5, 9, 0, tzinfo=SHANGHAI)])
def test_it_takes_the_same_few_queries_for_one_work_and_for_thirty(client, cadre, day, time_machine):
    time_machine.move_to(day, tick=False)
    make_result(cadre, "2024Q3")
    make_entry(cadre, "2024Q3")
    SubmissionFactory(people=[cadre], credit_date=date(2024, 11, 1))
    client.force_login(cadre)
    counts = []
    for _ in range(2):
        counts.append(queries(client, "/me/"))
        for number in range(29):
            make_entry(cadre, f"2024Q{number % 4 + 1}")
            SubmissionFactory(people=[cadre], state=State.RETURNED, credit_date=date(2024, 1 + number % 11, 3))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize(("day", "word"), [(date(2024, 9, 30), "进行中"), (date(2024, 10, 1), "未达标")])
def test_what_is_missing_before_the_quarters_end_is_no_failure(client, cadre, day, word):
    make_result(cadre, "2024Q3", status="unmet")
    Period.objects.filter(code="2024Q3").update(assessed_at=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI))
    assert f"达标情况 {word} " in text_of(page_of(client, cadre))


def test_drafts_what_waits_for_a_yes_and_notices_are_at_hand(client, cadre):
    SubmissionFactory(people=[cadre], title="还在写", state=State.DRAFT)
    asked = SubmissionFactory(people=[CadreFactory()], title="集体诵读")
    name(asked, cadre, 1, Contributor.State.NAMED)
    declined = SubmissionFactory(people=[CadreFactory()], title="没参加的")
    name(declined, cadre, 1, Contributor.State.DECLINED)
    for number in range(7):
        send(recipients=[cadre], subject=f"第 {number} 条", now=TODAY)
    page = page_of(client, cadre)
    text = text_of(page)
    assert "请确认您参与了《 集体诵读 》" in text
    assert "还没有上报的草稿 还在写 读书心得" in text
    assert f'href="/works/{asked.pk}/confirm/"' in page
    assert ["第 6 条" in text, "第 2 条" in text, "第 1 条" in text] == [True, True, False]
    assert "没参加的》" not in text
