"""The holiday table, filled in from what the State Council announced, without touching what the office typed."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from organization.models import AccessEvent, Holiday
from organization.roles import Role
from organization.services.holidays import Imported, UnknownYear, import_holidays
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, bureau

pytestmark = pytest.mark.django_db
URL = "admin:organization_holiday_import"


def days(year: int, *, worked: bool) -> list[tuple[str, str]]:
    rows = Holiday.objects.filter(date__year=year, is_workday=worked).order_by("date")
    return [(f"{row.date:%m-%d}", row.name) for row in rows]


def test_a_year_as_the_notice_has_it():
    """国办发明电〔2025〕7 号: the holidays of 2026."""
    assert import_holidays(year=2026) == Imported(2026, 39, 0)
    assert days(2026, worked=True) == [
        ("01-04", "元旦调休上班"), ("02-14", "春节调休上班"), ("02-28", "春节调休上班"), ("05-09", "劳动节调休上班"),
        ("09-20", "国庆节调休上班"), ("10-10", "国庆节调休上班"),
    ]  # fmt: skip
    off = days(2026, worked=False)
    assert off[:3] == [("01-01", "元旦"), ("01-02", "元旦"), ("01-03", "元旦")]
    assert off[3:12] == [(f"02-{day}", "春节") for day in range(15, 24)]
    assert off[12:15] == [(f"04-0{day}", "清明节") for day in (4, 5, 6)]
    assert off[15:20] == [(f"05-0{day}", "劳动节") for day in range(1, 6)]
    assert off[20:23] == [(f"06-{day}", "端午节") for day in (19, 20, 21)]
    assert off[23:26] == [(f"09-{day}", "中秋节") for day in (25, 26, 27)]
    assert off[26:] == [(f"10-0{day}", "国庆节") for day in range(1, 8)]


def test_every_known_year_has_names_that_fit():
    for year in range(2004, 2027):
        import_holidays(year=year)
    assert max(len(name) for name in Holiday.objects.values_list("name", flat=True)) <= 20


def test_twice_is_once_and_what_the_office_typed_stays():
    Holiday.objects.create(date=date(2026, 2, 28), name="本局不上班")
    Holiday.objects.create(date=date(2026, 7, 6), name="局庆")
    assert import_holidays(year=2026) == Imported(2026, 38, 1)
    assert import_holidays(year=2026) == Imported(2026, 0, 39)
    kept = Holiday.objects.get(date=date(2026, 2, 28))
    assert (kept.name, kept.is_workday) == ("本局不上班", False)
    assert Holiday.objects.filter(date=date(2026, 7, 6)).exists()
    assert AccessEvent.objects.filter(about="节假日 2026 年").count() == 1


@pytest.mark.parametrize("year", [0, 1, 2003, 2199, 9999, 10000])
def test_an_unknown_year_says_what_to_do(year):
    with pytest.raises(UnknownYear, match="国务院办公厅"):
        import_holidays(year=year)
    assert not Holiday.objects.exists()


def test_only_the_keepers_of_the_table_fill_it():
    county = County()
    for person in (
        county.clerk,
        county.colleague,
        CadreFactory(roles=[Role.SECURITY]),
        CadreFactory(roles=[Role.OFFICE]),
    ):
        with pytest.raises(NotAllowed):
            import_holidays(year=2026, by=person)
    assert import_holidays(year=2026, by=county.head).new == 39
    assert import_holidays(year=2026, by=CadreFactory(roles=[Role.SYSTEM])).kept == 39


def test_the_command_says_what_it_did():
    out = StringIO()
    call_command("import_holidays", "2026", stdout=out)
    call_command("import_holidays", "2026", stdout=out)
    assert out.getvalue().splitlines() == [
        "2026 年的放假安排：新填入 39 天。",
        "2026 年的放假安排：新填入 0 天，表里已有的 39 天没有动。",
    ]
    with pytest.raises(CommandError, match="2199 年的放假安排"):
        call_command("import_holidays", "2199")


@pytest.mark.at("2026-11-20T02:00:00+00:00")
def test_the_desk_fills_in_a_year(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    assert "填入放假安排" in client.get(reverse("admin:organization_holiday_changelist")).content.decode()
    assert 'value="2026"' in client.get(reverse(URL)).content.decode()
    response = client.post(reverse(URL), {"year": "2026"}, follow=True)
    assert "2026 年的放假安排：新填入 39 天。" in response.content.decode()
    assert AccessEvent.objects.filter(about="节假日 2026 年").count() == 1


@pytest.mark.parametrize("typed", ["", "x", "1999", "2200", "\x00", "9" * 40, "２０２６年"])
def test_a_year_that_is_none_is_told(client, typed):
    client.force_login(CadreFactory(roles=[Role.SYSTEM]))
    assert "年份请填四位数字" in client.post(reverse(URL), {"year": typed}).content.decode()
    assert not Holiday.objects.exists()


def test_a_year_that_nobody_knows_is_told_at_the_desk(client):
    client.force_login(CadreFactory(roles=[Role.SYSTEM]))
    page = client.post(reverse(URL), {"year": "2090"}).content.decode()
    assert "软件里还没有 2090 年的放假安排" in page


def test_others_have_no_such_page(client):
    county = County()
    for person in (county.clerk, county.colleague, CadreFactory(roles=[Role.SECURITY])):
        client.force_login(person)
        assert client.post(reverse(URL), {"year": "2026"}).status_code in (302, 403)
    assert not Holiday.objects.exists()
