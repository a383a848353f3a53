"""The calendar feed, read by two readers: the library's and the strict one of `activities.tests.calendars`."""

import logging
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, ActivityEvent, CalendarAddress, Registration
from activities.services.calendar_addresses import renew_address
from activities.services.signing_up import cancel_sign_up, sign_up
from activities.states import ActivityState
from activities.tests.calendars import Component, NotACalendar, read
from activities.tests.factories import ActivityFactory, held, with_sign_up
from organization.models import Cadre, Posting
from organization.tests.county import County
from reading.tests.factories import reader
from shuxiang.logs import Discreet
from shuxiang.periods import SHANGHAI

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
TODAY, DAY = NOW.date(), date(2026, 3, 28)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
HOSTILE = [
    "一行\n又一行\r\n再一行\r末行", "逗号,分号;反斜\\杠:冒号", "📚" * 60, "BEGIN:VCALENDAR\r\nEND:VEVENT",
    "长" * 10_000, "\x00\x07\x1b响铃", "\u202e倒\u200b写", "行\u2028段\u2029落\x85尾", '"引号"', "=cmd()", " ",
    "a" * 9_999, "\\n\\", ";" * 500,
]  # fmt: skip


@pytest.fixture
def person() -> Cadre:
    return reader()


def address_of(cadre) -> str:
    return reverse("calendar_feed", args=[renew_address(cadre=cadre, now=NOW).secret])


def feed(client, address) -> Component:
    """As both readers have it."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    strict = read(response.content)
    loose = icalendar.Calendar.from_ical(response.content)
    assert [str(each["UID"]) for each in loose.walk("VEVENT")] == [each.text("UID") for each in strict.inside]
    assert [str(each["SUMMARY"]) for each in loose.walk("VEVENT")] == [each.text("SUMMARY") for each in strict.inside]
    assert [each.errors for each in loose.walk()] == [[] for _ in loose.walk()]
    return strict


def test_an_activity_stands_in_the_calendar_whole(client, person):
    activity = ActivityFactory(
        title="清明读书会", date=DAY, description="带上自己的书。", starts_at=time(14, 30), ends_at=time(16)
    )
    calendar = feed(client, address_of(person))
    [event] = calendar.inside
    assert calendar.text("X-WR-CALNAME") == "书香机关活动"
    assert event.text("UID") == f"activity-{activity.pk}@shuxiang"
    assert event.moment("DTSTART") == datetime(2026, 3, 28, 6, 30, tzinfo=UTC)
    assert event.moment("DTEND") == datetime(2026, 3, 28, 8, 0, tzinfo=UTC)
    assert (event.text("SUMMARY"), event.text("LOCATION"), event.one("STATUS")) == (
        "清明读书会", "三楼会议室", "CONFIRMED",
    )  # fmt: skip
    page = f"http://testserver/activities/{activity.pk}/"
    assert (event.one("URL"), event.text("DESCRIPTION")) == (page, f"带上自己的书。\n{page}")
    assert (event.one("SEQUENCE"), event.inside) == ("0", [])


@pytest.mark.parametrize(
    ("columns", "begins", "ends"),
    [
        ({"starts_at": time(0), "ends_at": time(1)}, (2026, 3, 27, 16, 0), (2026, 3, 27, 17, 0)),
        ({"starts_at": time(23, 59), "ends_at": None}, (2026, 3, 28, 15, 59), (2026, 3, 28, 16, 59)),
        ({"starts_at": time(22), "ends_at": time(0)}, (2026, 3, 28, 14, 0), (2026, 3, 28, 15, 0)),
        ({"starts_at": time(9), "ends_at": time(9)}, (2026, 3, 28, 1, 0), (2026, 3, 28, 2, 0)),
        ({"starts_at": None, "ends_at": None}, (2026, 3, 28), (2026, 3, 29)),
        ({"starts_at": None, "ends_at": time(9)}, (2026, 3, 28), (2026, 3, 29)),
        ({"until": date(2026, 3, 31)}, (2026, 3, 28), (2026, 4, 1)),
        ({"until": DAY}, (2026, 3, 28, 6, 30), (2026, 3, 28, 8, 0)),
    ],
)
def test_times_and_whole_days(client, person, columns, begins, ends):
    ActivityFactory(date=DAY, **columns)
    [event] = feed(client, address_of(person)).inside
    made = [datetime(*each, tzinfo=UTC) if len(each) > 3 else date(*each) for each in (begins, ends)]
    assert [event.moment("DTSTART"), event.moment("DTEND")] == made


def test_in_summer_no_clock_is_turned(client, person):
    ActivityFactory(date=date(2026, 7, 1), starts_at=time(9))
    [event] = feed(client, address_of(person)).inside
    assert event.moment("DTSTART") == datetime(2026, 7, 1, 1, tzinfo=UTC)


def test_the_own_sign_up_stands_before_the_name_and_rings(client, person):
    activity = with_sign_up(capacity=1, date=DAY, title="清明读书会")
    address = address_of(person)
    other = reader()
    first = sign_up(activity=activity, cadre=other, by=other, now=NOW)
    sign_up(activity=activity, cadre=person, by=person, now=NOW + timedelta(minutes=1))
    [event] = feed(client, address).inside
    assert (event.text("SUMMARY"), event.inside) == ("［候补］清明读书会", [])
    cancel_sign_up(registration=first, by=other, now=NOW + timedelta(minutes=2))
    [event] = feed(client, address).inside
    assert (event.text("SUMMARY"), event.inside[0].one("TRIGGER")) == ("［已报名］清明读书会", "-P1D")
    assert event.one("DTSTAMP") == event.one("LAST-MODIFIED") == "20260320T010200Z"


def test_a_whole_day_rings_in_the_morning_before(client, person):
    activity = with_sign_up(date=DAY, starts_at=None, ends_at=None)
    sign_up(activity=activity, cadre=person, by=person, now=NOW)
    [event] = feed(client, address_of(person)).inside
    assert event.inside[0].one("TRIGGER") == "-PT15H"


def test_changes_and_cancelling_arrive_as_such(client, person):
    activity = with_sign_up(date=DAY, title="清明读书会")
    sign_up(activity=activity, cadre=person, by=person, now=NOW)
    address = address_of(person)
    [before] = feed(client, address).inside
    Activity.objects.filter(pk=activity.pk).update(venue="四楼", sequence=1)
    ActivityEvent.objects.create(activity=activity, action="edit", at=NOW + timedelta(hours=1), to_state="scheduled")
    [moved] = feed(client, address).inside
    assert (moved.text("UID"), moved.text("LOCATION"), moved.one("SEQUENCE")) == (before.text("UID"), "四楼", "1")
    assert moved.moment("LAST-MODIFIED") == NOW + timedelta(hours=1)
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.CANCELLED, sequence=2)
    [gone] = feed(client, address).inside
    assert (gone.text("UID"), gone.one("SEQUENCE"), gone.one("STATUS")) == (before.text("UID"), "2", "CANCELLED")
    assert (gone.text("SUMMARY"), gone.inside) == ("（已取消）清明读书会", [])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_make_no_second_property(client, person, text):
    """As long as SQLite takes them; PostgreSQL holds less, and no NUL."""
    lengths = (None, None) if connection.vendor == "sqlite" else (200, 100)
    kept = text if connection.vendor == "sqlite" else text.replace("\x00", "")
    ActivityFactory(date=DAY, title=kept[: lengths[0]], description=kept, venue=kept[: lengths[1]])
    calendar = feed(client, address_of(person))
    [event] = calendar.inside
    known = {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "STATUS", "SUMMARY", "LOCATION",
             "DESCRIPTION", "URL", "TRANSP"}  # fmt: skip
    assert event.properties.keys() <= known
    assert len(event.text("DESCRIPTION")) < 1100


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda content: content.replace(b"\r\n", b"\n"),
        lambda content: content[:-2],
        lambda content: content.replace(b"END:VEVENT\r\n", b"", 1),
        lambda content: content.replace(b"DTSTAMP", b"X-STAMP", 1),
        lambda content: content.replace(b"SUMMARY:", b"SUMMARY:" + b"a" * 80, 1),
        lambda content: content.replace(b"SUMMARY:", b"SUMMARY:a,b", 1),
        lambda content: content.replace(b"SUMMARY:", b"SUMMARY:\x07", 1),
        lambda content: content.replace(b"DTEND", b"DTSTART", 1),
        lambda content: content.replace(b"T080000Z", b"T040000Z", 1),
        lambda content: content + content,
    ],
)
def test_the_strict_reader_is_strict(client, person, spoilt):
    ActivityFactory(date=DAY)
    content = client.get(address_of(person)).content
    read(content)
    with pytest.raises(NotACalendar):
        read(spoilt(content))


def test_only_what_is_in_sight_and_near(client):
    county = County()
    seen = ActivityFactory(department=county.office, date=DAY)
    ActivityFactory(department=Posting.objects.get(cadre=county.stranger).department, date=DAY)
    ActivityFactory(department=county.office, date=TODAY - timedelta(days=91))
    ActivityFactory(department=county.office, date=TODAY + timedelta(days=366))
    edges = [ActivityFactory(department=county.office, date=TODAY + timedelta(days=each)) for each in (-90, 365)]
    uids = {each.text("UID") for each in feed(client, address_of(county.colleague)).inside}
    assert uids == {f"activity-{each.pk}@shuxiang" for each in (seen, *edges)}


def test_a_void_address_tells_nothing(client, person):
    old = address_of(person)
    new = address_of(person)
    assert [client.get(each).status_code for each in (old, new)] == [404, 200]
    assert client.get(reverse("calendar_feed", args=["x" * 43])).status_code == 404
    Posting.objects.filter(cadre=person).update(until=TODAY - timedelta(days=1))
    assert client.get(new).status_code == 404
    Posting.objects.filter(cadre=person).update(until=TODAY)
    Cadre.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(new).status_code == 404
    assert client.post(new).status_code == 405


def test_secrets_are_long_and_never_the_same(person):
    secrets = {renew_address(cadre=person, now=NOW).secret for _ in range(20)}
    assert (len(secrets), {len(each) for each in secrets}) == (20, {43})
    assert CalendarAddress.objects.count() == 1


def test_no_machine_lists_it_and_no_cache_keeps_it(client, person):
    response = client.get(address_of(person))
    assert (response["X-Robots-Tag"], response["Cache-Control"]) == ("noindex, nofollow", "private, no-store")
    assert (response["Referrer-Policy"], len(response.cookies)) == ("same-origin", 0)


def test_the_secret_stays_out_of_the_logs(client, person):
    address = address_of(person)
    Cadre.objects.filter(pk=person.pk).update(is_active=False)
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    handler.addFilter(Discreet())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        client.get(address)
    finally:
        logger.removeHandler(handler)
    assert lines == ["Not Found: /activities/calendar/….ics"]


def test_500_activities_ask_as_much_as_one(client, person):
    address, counts = address_of(person), []
    for number in (1, 499):
        for each in Activity.objects.bulk_create(
            ActivityFactory.build(date=TODAY + timedelta(days=place % 300)) for place in range(number)
        )[:20]:
            Registration.objects.create(activity=each, cadre=person, state="registered", queued_at=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert len(feed(client, address).inside) in (1, 500)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_what_was_held_stays(client, person):
    held(DAY - timedelta(days=30))
    assert [each.one("STATUS") for each in feed(client, address_of(person)).inside] == ["CONFIRMED"]


def test_the_page_gives_an_address_and_a_new_one(client, person):
    client.force_login(person)
    page = client.get("/activities/calendar/")
    assert (CalendarAddress.objects.count(), "还没有日历地址" in page.content.decode()) == (0, True)
    assert client.post("/activities/calendar/renew/").url == "/activities/calendar/"
    secret = CalendarAddress.objects.get(cadre=person).secret
    text = client.get("/activities/calendar/").content.decode()
    assert f'value="http://testserver/activities/calendar/{secret}.ics"' in text
    assert f'href="webcal://testserver/activities/calendar/{secret}.ics"' in text
    client.post("/activities/calendar/renew/")
    assert client.get(f"/activities/calendar/{secret}.ics").status_code == 404
    renewed = CalendarAddress.objects.get(cadre=person).secret
    assert client.get("/activities/calendar/renew/").url == "/activities/calendar/"
    assert CalendarAddress.objects.get(cadre=person).secret == renewed


def test_nobody_sees_somebody_elses_address(client, person):
    other = reader()
    address_of(other)
    client.force_login(person)
    assert CalendarAddress.objects.get(cadre=other).secret not in client.get("/activities/calendar/").content.decode()


def test_the_address_is_the_portals_own(client, person, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.gov.cn/"
    activity = ActivityFactory(date=DAY)
    [event] = feed(client, address_of(person)).inside
    assert event.one("URL") == f"https://portal.example.gov.cn/activities/{activity.pk}/"


def test_an_address_that_no_telephone_reaches_is_told(client, settings):
    client.force_login(reader())
    for portal, told in (
        ("http://127.0.0.1:8000/", True),
        ("http://localhost", True),
        ("https://reading.example", False),
    ):
        settings.PORTAL_ADDRESS = portal
        assert ("PORTAL_ADDRESS" in client.get("/activities/calendar/").content.decode()) == told
