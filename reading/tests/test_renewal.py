"""The renewal gauge against a hand count, against a naive day-by-day account, and its pages."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from organization.roles import Role
from reading.kinds import Source
from reading.models import LendingPolicy
from reading.renewal import Renewal, Stay, renewal_of
from reading.services.renewal import gauge_of
from reading.states import CopyState
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from shuxiang.tests.queries import queries

NEW_YEAR, NEW_YEARS_EVE = date(2024, 1, 1), date(2023, 12, 31)
END = date(2024, 12, 31)


class Year:
    """A year's shelves, each title under the name that the hand count uses."""

    def __init__(self):
        self.home, self.books = PlaceFactory(), {}

    def copy(self, name, came, left=None, source=Source.PURCHASE, state=CopyState.LOST):
        book = self.books.setdefault(name, BookFactory(title=name) if name not in self.books else None)
        columns = {"state": state, "left_on": left} if left else {}
        return CopyFactory(book=book, home=self.home, acquired_on=came, source=source, **columns)

    def names(self, titles):
        return sorted(name for name, book in self.books.items() if book.pk in titles)


@pytest.fixture
def year(db) -> Year:
    made = Year()
    before = date(2020, 5, 5)
    for name in ("甲", "乙", "丙", "丁", "戊"):
        made.copy(name, before)
    made.copy("甲", date(2024, 2, 1))  # one more copy of a title that is there: not new
    made.copy("己", before, left=date(2024, 3, 1))  # the only copy lost in the year: base, and gone
    made.copy("庚", before, left=date(2024, 4, 1), state=CopyState.WITHDRAWN)  # withdrawn, then bought again
    made.copy("庚", date(2024, 6, 1))
    made.copy("辛", before, left=date(2023, 8, 1))  # lost before the year, bought again in it: new
    made.copy("辛", date(2024, 5, 1))
    made.copy("壬", date(2022, 1, 1), left=NEW_YEARS_EVE)  # left on the last day before: not base
    made.copy("癸", date(2022, 1, 1), left=NEW_YEAR)  # left on 1 January: had still been there
    made.copy("子", NEW_YEAR)  # came on 1 January: this year's
    made.copy("丑", NEW_YEARS_EVE)  # came the day before: base
    for _ in range(20):
        made.copy("寅", date(2024, 7, 1))  # twenty copies are one title
    made.copy("卯", date(2024, 7, 2), left=date(2024, 9, 1))  # bought and lost in the year: new, and gone
    made.copy("辰", date(2024, 8, 1), source=Source.DONATION)
    made.copy("辰", date(2024, 8, 2), source=Source.PURCHASE)  # first came as a donation
    made.copy("巳", date(2024, 8, 3), source=Source.TRANSFER)
    made.copy("午", before, left=date(2024, 10, 1))  # one of two copies lost: still there
    made.copy("午", before)
    made.copy("未", date(2025, 1, 1))  # next year's
    made.copy("申", before, left=date(2025, 1, 1))  # left on the next 1 January
    made.copy("酉", END, source=Source.DONATION)  # came on the last day
    return made


def test_the_gauge_agrees_with_a_count_by_hand(year):
    gauge = gauge_of(year=2024, today=date(2025, 6, 1))
    found = gauge.renewal
    assert year.names(found.base) == sorted("甲乙丙丁戊己庚癸丑午申")
    assert year.names(found.new) == sorted("辛子寅卯辰巳酉")
    assert year.names(gauge.part("purchase").titles) == sorted("辛子寅卯")
    assert year.names(gauge.part("donation").titles) == sorted("辰酉")
    assert year.names(gauge.part("transfer").titles) == ["巳"]
    assert year.names(found.gone) == sorted("己癸卯")
    assert year.names(found.closing) == sorted("甲乙丙丁戊庚丑午申辛子寅辰巳酉")
    # 30 % of 11 titles are 3.3: four; seven came.
    assert (found.target, found.shortfall, found.shown_rate) == (4, 0, "63.6%")


def test_the_next_year_begins_where_this_one_ends(year):
    following = gauge_of(year=2025, today=date(2025, 6, 1)).renewal
    assert following.base == gauge_of(year=2024, today=date(2025, 6, 1)).renewal.closing


def test_a_running_year_is_told_up_to_today(year):
    found = gauge_of(year=2024, today=date(2024, 5, 31)).renewal
    assert year.names(found.new) == sorted("辛子")
    assert year.names(found.gone) == sorted("己庚癸")


def test_a_copy_found_again_has_never_been_away(year):
    lost = year.books["己"].copies.get()
    lost.state, lost.left_on = CopyState.AVAILABLE, None
    lost.save(update_fields=["state", "left_on"])
    assert year.names(gauge_of(year=2024, today=END).renewal.gone) == sorted("癸卯")


def test_the_target_is_the_offices(year):
    LendingPolicy.objects.update(renewal_target=100)
    found = gauge_of(year=2024, today=END).renewal
    assert (found.target, found.shortfall) == (11, 4)


@pytest.mark.parametrize(
    ("base", "new", "percent", "shortfall", "shown"),
    [
        (0, 0, 30, 0, "—"),
        (0, 5, 30, 0, "—"),
        (10, 3, 30, 0, "30.0%"),
        (10, 2, 30, 1, "20.0%"),
        (11, 3, 30, 1, "27.3%"),
        (1, 0, 1, 1, "0.0%"),
        (2000, 599, 30, 1, "30.0%"),  # 29.95 % is shown as 30.0 %, and is still one short
        (8, 1, 30, 2, "12.5%"),
        (1600, 1, 30, 479, "0.1%"),
    ],
)
def test_target_and_rate(base, new, percent, shortfall, shown):
    books = dict.fromkeys(range(base, base + new), "purchase")
    found = Renewal(2024, percent, frozenset(range(base)), books, frozenset())
    assert (found.shortfall, found.shown_rate) == (shortfall, shown)


DAYS = st.integers(-40, 400).map(lambda day: NEW_YEAR + timedelta(days=day))


@st.composite
def a_stay(draw):
    came = draw(DAYS)
    left = draw(st.none() | st.integers(0, 300).map(lambda days: came + timedelta(days=days)))
    return Stay(draw(st.integers(1, 5)), came, left, draw(st.sampled_from(Source.values)))


def day_by_day(stays, until):
    """An account book kept by somebody patient: each day first what comes, then what goes, copy by copy."""
    shelf, base, new = set(), set(), {}
    day = min([stay.came for stay in stays] + [NEW_YEARS_EVE])
    while day <= until:
        if day == NEW_YEAR:
            base = {stays[number].title for number in shelf}
        for number, stay in enumerate(stays):
            if stay.came == day:
                shelf.add(number)
                if day >= NEW_YEAR and stay.title not in base:
                    new.setdefault(stay.title, stay.source)
        shelf -= {number for number, stay in enumerate(stays) if stay.left == day}
        day += timedelta(days=1)
    return base, new, {stays[number].title for number in shelf}


@given(st.lists(a_stay(), max_size=12), st.integers(0, 365).map(lambda day: NEW_YEAR + timedelta(days=day)))
def test_it_agrees_with_an_account_kept_day_by_day(stays, until):
    found = renewal_of(stays, year=2024, until=until, percent=30)
    assert (found.base, found.new, found.closing) == day_by_day(stays, until)
    assert len(found.base) + len(found.new) - len(found.gone) == len(found.closing)


@pytest.mark.at(date(2025, 6, 1))
def test_each_number_opens_its_list(year, client):
    client.force_login(reader(Role.LEADER))
    page = client.get(reverse("renewal", args=[2024]))
    assert page.context["renewal"].shown_rate == "63.6%"
    for part in page.context["gauge"].parts():
        assert reverse("renewal_titles", args=[2024, part.code]) in page.content.decode()
        listed = client.get(reverse("renewal_titles", args=[2024, part.code]))
        assert sorted(book.pk for book, _ in listed.context["rows"]) == sorted(part.titles)


@pytest.mark.at(date(2025, 6, 1))
def test_the_workbook_holds_the_same(year, client):
    client.force_login(reader(Role.LIBRARIAN))
    sent = client.get(reverse("renewal_workbook", args=[2024]))
    book = load_workbook(io.BytesIO(b"".join(sent.streaming_content)))
    account = [row[1].value for row in book["更新率"].iter_rows(min_row=4)]
    assert account == ["11", "7", "63.6%", "30%，4 种", "0", "3", "15"]
    gone = {row[1].value: row[7].value for row in book["本年减少"].iter_rows(min_row=4)}
    assert gone.keys() == set("己癸卯")
    assert gone["己"].startswith("3 月 1 日丢失 SX")


@pytest.mark.parametrize(
    "address", ["/renewal/1700/", "/renewal/9999/", "/renewal/2024/nothing/", f"/renewal/{10**40}/"]
)
@pytest.mark.at(date(2025, 6, 1))
def test_no_such_year_or_list(year, client, address):
    client.force_login(reader(Role.OFFICE))
    assert client.get(address).status_code == 404


def test_an_empty_portal_says_so(db, client):
    client.force_login(reader(Role.OFFICE))
    assert "没有可以比较的底数" in client.get(reverse("renewal")).content.decode()


@pytest.mark.parametrize("name", ["renewal", "renewal_titles"])
def test_as_many_queries_for_thirty_titles_as_for_one(db, client, name):
    client.force_login(reader(Role.OFFICE))
    counts = []
    for number in (1, 29):
        for _ in range(number):
            CopyFactory()
        arguments = [2024] if name == "renewal" else [2024, "new"]
        counts.append(queries(client, reverse(name, args=arguments)))
    assert counts[0] == counts[1] <= 10
