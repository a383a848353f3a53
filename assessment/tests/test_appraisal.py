"""考核: where a period stands, and the run by a button."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.models import AssessmentRun, JobState, Period
from assessment.services import assess
from assessment.tests.offices import NOW, PERIOD, Office, approved
from assessment.tests.pages import HOME, appraisal, office, page_of, status_of
from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.periods import parse_period
from shuxiang.tests.pages import text_of
from submissions.models import Contributor
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
HTMX = {"headers": {"HX-Request": "true"}}


def test_a_period_that_was_not_computed_says_what_to_do(client):
    office = Office()
    assert "按“计算本期”" in appraisal(client, office.clerk)
    page = appraisal(client, office.leader)
    assert "请办公室计算本期" in page
    assert '<form class="actions"' not in page


def test_a_computed_period_shows_when_and_by_which_scheme(client, office):
    text = text_of(appraisal(client, office.clerk))
    assert text.startswith("2024 年第二季度考核 2024 年第二季度待封存，7 月 20 日 09:00 计算。")
    assert "方案 书香机关积分方案第 1 版" in text
    assert "已是最新" in text


def test_changed_facts_are_told(client, office):
    approved([office.good], "后来的", date(2024, 5, 8))
    assert "数据有变动" in appraisal(client, office.leader)
    assert "重新计算后更新" in appraisal(client, office.clerk)
    Period.objects.filter(code=PERIOD).update(state=Period.State.SEALED)
    page = appraisal(client, office.clerk)
    assert "数据有变动" not in page
    assert "重新计算" not in page


def test_a_quarter_assessed_later_on_other_facts_is_named(client, office):
    office.assess("2024")
    approved([office.good], "后来的", date(2024, 2, 8))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assess(period=parse_period("2024Q1"), now=timezone.now())
    page = page_of(client, office.clerk, "", "/appraisal/2024/")
    assert "2024Q1 在本期之后又计算过" in page
    client.force_login(office.clerk)
    response = client.get("/appraisal/2024/workbook/", follow=True)
    assert "在考核页重新计算，再导出" in response.content.decode()
    told = "2024Q1 在 2024 年全年之后又计算过，明细是新的，合计还是旧的"
    for rest in (f"people/{office.good.pk}/", f"departments/{office.office.pk}/", "entries/", "works/"):
        assert told in page_of(client, office.clerk, rest, "/appraisal/2024/"), rest
        assert "又计算过" not in appraisal(client, office.clerk, rest), rest


def test_what_keeps_it_from_being_sealed_is_counted_with_a_way_to_it(client, office):
    SubmissionFactory(people=[office.best], credit_date=date(2024, 5, 9))
    named = SubmissionFactory(people=[office.best], credit_date=date(2024, 5, 9))
    name(named, office.good, 1, Contributor.State.NAMED)
    page = appraisal(client, office.clerk)
    assert "2 件，去审阅" in page
    assert "1 人次" in page
    link = unescape(re.search(r'href="(/admin/submissions/submission/[^"]+)"', page)[1])
    assert status_of(client, office.clerk, link) == 200
    assert "/admin/" not in appraisal(client, office.leader)


@pytest.mark.parametrize(("code", "number"), [("2024Q2", 1), ("2024Q3", 1), ("2024", 2), ("2023", 1)])
def test_the_way_to_unreviewed_works_shows_those_that_were_counted(client, office, code, number):
    for day in (date(2024, 5, 9), date(2024, 7, 9), date(2023, 5, 9)):
        SubmissionFactory(people=[office.best], credit_date=day)
    page = page_of(client, office.clerk, "", f"/appraisal/{code}/")
    link, counted = re.search(r'href="(/admin/submissions/submission/review/[^"]+)">(\d+) 件，去审阅', page).groups()
    found = client.get(unescape(link)).context["page"].paginator.count
    assert (found, int(counted)) == (number, number)


def test_the_way_to_unconfirmed_names_shows_every_work_that_waits_for_one(client, office):
    for state, day in (
        (State.PENDING, date(2024, 5, 9)),
        (State.APPROVED, date(2024, 5, 9)),
        (State.PENDING, date(2024, 7, 9)),
    ):
        name(SubmissionFactory(people=[office.best], state=state, credit_date=day), office.good, 1, "named")
    page = appraisal(client, office.clerk)
    link = unescape(re.search(r'href="([^"]+)">2 人次，看作品', page)[1])
    assert client.get(link).context["page"].paginator.count == 2
    assert "看作品" not in appraisal(client, office.leader)


def test_the_address_without_a_period_leads_to_the_newest(client, office):
    client.force_login(office.clerk)
    assert client.get("/appraisal/").url == HOME
    assert client.get("/appraisal/?period=2024Q1").url == "/appraisal/2024Q1/"
    assert client.get("/appraisal/?period=abc").status_code == 404


def test_before_the_first_assessment_it_leads_to_the_current_quarter(client):
    office = Office()
    client.force_login(office.clerk)
    assert client.get("/appraisal/").url == "/appraisal/2024Q3/"


@pytest.mark.parametrize("code", ["abc", "2024q2", "2024Q5", "2024Q4", "2199", "%00", "２０２４", "1948"])
@pytest.mark.parametrize(
    "rest", ["", "people/", "entries/", "works/", "workbook/", "progress/", "export/progress/", "departments/1/"]
)
def test_a_period_that_is_none_is_not_found(client, office, code, rest):
    assert status_of(client, office.clerk, f"/appraisal/{code}/{rest}") == 404


def test_the_button_asks_for_a_run_and_two_tabs_for_one(client, office):
    client.force_login(office.clerk)
    for _ in range(2):
        response = client.post(f"{HOME}run/")
        assert (response.status_code, response.url) == (302, HOME)
    run = AssessmentRun.objects.get()
    assert (run.period_code, run.requested_by, run.state) == (PERIOD, office.clerk, JobState.WAITING)
    page = appraisal(client, office.clerk)
    assert "等待后台开始" in page
    assert 'hx-get="/appraisal/2024Q2/progress/"' in page
    assert "重新计算</button>" not in page


def test_a_leader_has_no_button_and_the_address_refuses(client, office):
    assert "重新计算" not in appraisal(client, office.leader)
    response = client.post(f"{HOME}run/", follow=True)
    assert "只有办公室可以计算考核期" in response.content.decode()
    assert AssessmentRun.objects.count() == 0


def test_a_sealed_period_is_not_computed_again(client, office):
    Period.objects.filter(code=PERIOD).update(state=Period.State.SEALED)
    client.force_login(office.clerk)
    assert "已封存" in client.post(f"{HOME}run/", follow=True).content.decode()
    assert AssessmentRun.objects.count() == 0


def test_the_bar_survives_a_reload_and_ends_with_the_page_shown_anew(client, office):
    run = AssessmentRun.objects.create(
        period_code=PERIOD, state=JobState.RUNNING, stage="写入结果", done=1, total=4, requested_by=office.clerk
    )
    for page in (appraisal(client, office.clerk), client.get(f"{HOME}progress/", **HTMX).content.decode()):
        assert "写入结果，25%" in page
        assert '<progress max="100" value="25"' in page
    AssessmentRun.objects.filter(pk=run.pk).update(state=JobState.DONE)
    response = client.get(f"{HOME}progress/", **HTMX)
    assert response.headers["HX-Refresh"] == "true"
    assert client.get(f"{HOME}progress/").url == HOME


def test_a_poll_takes_three_queries(client, office):
    AssessmentRun.objects.create(period_code=PERIOD, state=JobState.RUNNING)
    client.force_login(office.clerk)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{HOME}progress/", **HTMX).status_code == 200
    assert len(queries) == 3


def test_a_failed_run_says_why_in_chinese(client, office):
    AssessmentRun.objects.create(
        period_code=PERIOD,
        state=JobState.FAILED,
        error="计算期间数据一直在变动，请稍后再算。",
        requested_by=office.clerk,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=65),
    )
    text = text_of(appraisal(client, office.clerk))
    assert "上次计算没有完成：计算期间数据一直在变动，请稍后再算。" in text
    assert "办公室文员，用时 1 分 5 秒" in text


def test_nothing_of_it_is_kept_by_the_browser(client, office):
    client.force_login(office.leader)
    for address in ("/board/", HOME, f"{HOME}people/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_liaisons_cadres_and_administrators_are_strangers(client, office):
    for role in (Role.CADRE, Role.LIAISON, Role.RATER, Role.SYSTEM, Role.SECURITY, Role.AUDIT):
        cadre = CadreFactory(roles=[role], department=office.office)
        for address in ("/board/", "/appraisal/", HOME, f"{HOME}people/", f"{HOME}workbook/", f"{HOME}progress/"):
            assert status_of(client, cadre, address) == 404, (role, address)
