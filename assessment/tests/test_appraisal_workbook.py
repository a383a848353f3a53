"""The workbook from the page of its period: at once, or asked for where it is large."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from assessment.models import ExportRun, JobState
from assessment.tests.offices import NOW, PERIOD, Office
from assessment.tests.pages import HOME, appraisal, office, page_of
from organization.models import AccessAction, AccessEvent
from organization.tests.county import County
from shuxiang.periods import parse_period
from shuxiang.tests.addresses import read_out
from shuxiang.tests.pages import text_of

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
HTMX = {"headers": {"HX-Request": "true"}}


def test_the_workbook_comes_fresh_under_a_chinese_name(client, office):
    client.force_login(office.leader)
    response = client.get(f"{HOME}workbook/")
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%B9%A6%E9%A6%99")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    rows = {row[1]: row for row in book["科室考核表"].iter_rows(min_row=4, values_only=True)}
    text = text_of(page_of(client, office.leader))
    total = rows["合计"]
    assert f"达标率 71.4% {total[4]}/{total[3]}" in text
    assert (
        f"总积分 {Decimal(str(total[7])):.2f} 人季数 {Decimal(str(total[8])):.2f} 人均积分 {Decimal(str(total[9])):.2f}"
        in text
    )


def test_an_agency_downloads_its_own_part(client):
    county = County()
    Office.assess(county)
    client.force_login(county.clerk)
    response = client.get(f"{HOME}workbook/")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert {row[2] for row in book["个人考核表"].iter_rows(min_row=4, values_only=True)} == {
        county.clerk.name, county.colleague.name,
    }  # fmt: skip


def test_what_was_not_computed_cannot_be_downloaded(client):
    office = Office()
    client.force_login(office.clerk)
    response = client.get(f"{HOME}workbook/", follow=True)
    assert response.redirect_chain == [(HOME, 302)]
    assert "还没有计算" in response.content.decode()


@pytest.fixture
def large(settings):
    settings.WORKBOOK_PEOPLE_AT_ONCE = 3


def test_a_large_workbook_is_asked_for_and_fetched(client, office, large):
    client.force_login(office.leader)
    assert "在后台生成" in client.get(f"{HOME}workbook/", follow=True).content.decode()
    assert client.post(f"{HOME}export/").url == HOME
    run = ExportRun.objects.get()
    assert 'hx-get="/appraisal/2024Q2/export/progress/"' in appraisal(client, office.leader)
    assert client.get(f"{HOME}export/progress/", **HTMX).status_code == 200
    run.file.save("x.xlsx", ContentFile(b"workbook"), save=False)
    run.state, run.started_at, run.finished_at = JobState.DONE, NOW, NOW
    run.save(update_fields=["file", "state", "started_at", "finished_at"])
    assert f'href="{HOME}export/{run.pk}/"' in appraisal(client, office.leader)
    assert b"".join(client.get(f"{HOME}export/{run.pk}/").streaming_content) == b"workbook"
    client.force_login(office.clerk)
    assert client.get(f"{HOME}export/{run.pk}/").status_code == 404
    assert client.get(f"/appraisal/2024Q1/export/{run.pk}/").status_code == 404


def test_a_workbook_of_an_older_assessment_is_not_offered(client, office, large):
    run = ExportRun(period_code=PERIOD, requested_by=office.leader, state=JobState.DONE)
    run.started_at = run.finished_at = NOW - timedelta(hours=1)
    run.file.save("x.xlsx", ContentFile(b"workbook"))
    page = appraisal(client, office.leader)
    assert "上次生成之后又重新计算过，请重新生成。" in page
    assert f"export/{run.pk}/" not in page


def test_a_download_is_an_access_event(client, office):
    client.force_login(office.clerk)
    read_out(client.get(f"{HOME}workbook/"))
    event = AccessEvent.objects.get(action=AccessAction.EXPORT)
    label = parse_period(PERIOD).label
    assert (event.actor, event.about, event.address) == (office.clerk, f"{PERIOD} 考核表", "127.0.0.1")
    assert event.detail == f"全部，书香机关考核表{label}.xlsx"
