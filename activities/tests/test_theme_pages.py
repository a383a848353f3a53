"""The pages of themes: list, form with its book list, what everybody sees there, hostile input."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from activities.kinds import BOOK_DAY, READING_MONTH
from activities.models import Theme
from activities.services.theme_templates import TEMPLATES
from activities.services.theming import MOST_BOOKS
from activities.tests.calling import opened_call
from activities.tests.factories import ActivityFactory, CallFactory, ThemeFactory
from organization.roles import Role
from reading.models import Book
from reading.services.search import index_books
from reading.states import CopyState
from reading.tests.factories import BookFactory, CopyFactory, reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)


def rows(**lines) -> dict[str, object]:
    return {"books-TOTAL_FORMS": "3", "books-INITIAL_FORMS": "0", **lines}


def typed(**more) -> dict[str, object]:
    return {**rows(), "title": "读书月", "since": "2026-12-01", "until": "2026-12-31", "action": "save", **more}


@pytest.mark.at(NOW)
def test_a_template_fills_in_dates_and_ticks_what_goes_with_it(client):
    client.force_login(reader(Role.OFFICE))
    month = ActivityFactory(date=date(2026, 12, 1), until=date(2026, 12, 31), category=READING_MONTH)
    other = ActivityFactory(date=date(2026, 12, 5))
    taken = ActivityFactory(date=date(2026, 12, 5), theme=ThemeFactory())
    page = client.get(reverse("theme_new"), {"template": "reading_month", "year": "2026"})
    assert [(each.pk, ticked) for each, _, ticked in page.context["offered"]] == [(month.pk, True), (other.pk, False)]
    assert taken.title not in page.content.decode()
    assert 'value="2026-12-01"' in page.content.decode()
    assert "三会一课" in page.content.decode()
    assert (
        'value="2027-04-19"'
        in client.get(reverse("theme_new"), {"template": "book_day", "year": "2027"}).content.decode()
    )
    assert BOOK_DAY in TEMPLATES["book_day"].categories


@pytest.mark.at(NOW)
def test_the_office_makes_a_theme_with_books_and_everybody_sees_what_is_there(client):
    client.force_login(reader(Role.OFFICE))
    shelf = CopyFactory(book=BookFactory(title="红星照耀中国", isbn="9787101003048")).book
    out = CopyFactory(state=CopyState.ON_LOAN).book
    activity = ActivityFactory(date=date(2026, 12, 5), title="读书交流")
    lines = {"books-0-title": "9787101003048", "books-0-note": "先读这一本", "books-1-title": "馆外的书",
             "books-2-title": out.title, "books-2-book": str(out.pk)}  # fmt: skip
    client.post(reverse("theme_new"), typed(**lines, activities=[activity.pk]))
    theme = Theme.objects.get()
    assert list(theme.books.values_list("title", "book", "note")) == [
        ("红星照耀中国", shelf.pk, "先读这一本"), ("馆外的书", None, ""), (out.title, out.pk, ""),
    ]  # fmt: skip
    CallFactory(theme=theme, title="没有发布的征集")
    opened_call(theme=theme, title="发布的征集")
    client.force_login(reader())
    page = client.get(reverse("theme", args=[theme.pk])).content.decode()
    for words in ("在架 1 册", "都借出了，可以预约", "馆里没有，去荐购", "先读这一本", "读书交流", "发布的征集"):
        assert words in page
    assert "没有发布的征集" not in page
    paper = client.get(reverse("theme_print", args=[theme.pk])).content.decode()
    assert "红星照耀中国" in paper
    assert "12 月 5 日 星期六" in paper


@pytest.mark.at(NOW)
def test_the_small_buttons_keep_what_was_typed_and_store_nothing(client):
    client.force_login(reader(Role.OFFICE))
    book = BookFactory(title="大学章句")
    index_books(Book.objects.filter(pk=book.pk))
    found = client.post(reverse("theme_new"), typed(**{"books-1-title": "大学"}, action="find:1"))
    assert found.context["books"].forms[1].matches == [book]
    more = client.post(reverse("theme_new"), typed(**{"books-1-title": "大学"}, action="more"))
    assert len(more.context["books"].forms) == 6
    assert 'value="大学"' in more.content.decode()
    activity = ActivityFactory(date=date(2027, 1, 5))
    listed = client.post(reverse("theme_new"), typed(until="2027-01-31", action="period", activities=[activity.pk]))
    assert [(each.pk, ticked) for each, _, ticked in listed.context["offered"]] == [(activity.pk, True)]
    assert Theme.objects.count() == 0


@pytest.mark.at(NOW)
def test_the_loser_of_two_edits_is_told_and_keeps_the_text(client):
    client.force_login(reader(Role.OFFICE))
    theme = ThemeFactory()
    url = reverse("theme_edit", args=[theme.pk])
    assert client.post(url, typed(title="先存的", version=1)).status_code == 302
    late = client.post(url, typed(title="后填的", version=1, **{"books-0-title": "新书"}))
    assert late.status_code == 409
    assert "先存的" in late.content.decode()
    assert 'value="后填的"' in late.content.decode()
    assert 'value="新书"' in late.content.decode()
    assert client.post(url, typed(title="后填的", version=late.context["seen"])).status_code == 302
    refused = client.post(url, typed(title="", version=3))
    assert refused.context["seen"] == 3


@pytest.mark.at(NOW)
def test_a_closed_theme_is_for_its_office_only(client):
    office, theme = reader(Role.OFFICE), ThemeFactory()
    client.force_login(office)
    client.post(reverse("theme_close", args=[theme.pk]), {"version": "1"})
    assert client.get(reverse("theme", args=[theme.pk])).status_code == 200
    client.force_login(reader())
    assert client.get(reverse("theme", args=[theme.pk])).status_code == 404
    assert client.get(reverse("themes"), {"time": "all"}).context["page"].paginator.count == 0
    client.force_login(office)
    client.post(reverse("theme_close", args=[theme.pk]), {"version": "2", "action": "reopen"})
    assert Theme.objects.get().is_closed is False


@pytest.mark.at(NOW)
def test_the_list_tells_current_coming_and_past_on_both_sides_of_a_day(client):
    client.force_login(reader())
    day = date(2026, 3, 9)
    current = ThemeFactory(since=day, until=day)
    coming = ThemeFactory(since=date(2026, 3, 10), until=date(2026, 3, 12))
    past = ThemeFactory(since=date(2026, 3, 1), until=date(2026, 3, 8), title="过去的")

    def shown(**asked: str) -> list[int]:
        return [each.pk for each in client.get(reverse("themes"), asked).context["page"]]

    assert shown() == [current.pk, coming.pk]
    assert shown(time="past") == [past.pk]
    assert shown(time="all", q="过去") == [past.pk]


def test_too_many_books_are_told_at_the_form(client):
    client.force_login(reader(Role.OFFICE))
    many = {f"books-{number}-title": f"书{number}" for number in range(MOST_BOOKS + 2)}
    page = client.post(reverse("theme_new"), typed(**many, **{"books-TOTAL_FORMS": str(MOST_BOOKS + 2)}))
    assert "书目最多 60 种" in page.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_told_or_kept(text, client):
    client.force_login(reader(Role.OFFICE))
    theme = ThemeFactory()
    names = ("title", "since", "until", "description", "document", "department", "activities", "version", "action")
    lines = {f"books-0-{name}": text for name in ("title", "author", "book", "note")}
    sent = {**rows(), **dict.fromkeys(names, text), **lines}
    for url in (reverse("theme_new"), reverse("theme_edit", args=[theme.pk])):
        assert client.post(url, sent).status_code == 200
        assert client.post(url, {**sent, "action": "find:0"}).status_code == 200
        assert client.post(url, {**sent, "books-TOTAL_FORMS": text}).status_code == 200
    assert client.post(reverse("theme_close", args=[theme.pk]), sent).status_code == 302
    asked = dict.fromkeys(("time", "q", "page", "template", "year"), text)
    for name in ("themes", "theme_new"):
        assert client.get(reverse(name), asked).status_code == 200
    assert Theme.objects.count() == 1


def test_as_many_queries_for_thirty_as_for_one(client):
    client.force_login(reader(Role.OFFICE))
    theme, counts = ThemeFactory(), []
    for number in (1, 29):
        for _ in range(number):
            ThemeFactory()
            ActivityFactory(theme=theme)
            opened_call(theme=theme)
            theme.books.create(title="书", book=CopyFactory().book)
        found = []
        pages = ("theme", "theme_print", "theme_edit")
        for url in (reverse("themes"), *(reverse(name, args=[theme.pk]) for name in pages)):
            found.append(queries(client, url))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


@pytest.mark.at(NOW)
def test_the_one_book_of_the_very_title_is_chosen_and_the_template_stays(client):
    client.force_login(reader(Role.OFFICE))
    books = [BookFactory(title=title) for title in ("大学", "大学章句")]
    index_books(Book.objects.all())
    sent = typed(**{"books-0-title": "大学", "books-1-title": "章句"}, template="party_day", year="2027")
    found = client.post(reverse("theme_new"), sent | {"action": "find:0"})
    assert found.context["books"].forms[0].chosen == books[0]
    assert (found.context["template"], found.context["year"]) == ("party_day", 2027)
    assert client.post(reverse("theme_new"), sent | {"action": "find:1"}).context["books"].forms[1].chosen is None


def test_a_line_without_a_book_tells_of_the_catalogues_namesake(client):
    client.force_login(reader())
    theme = ThemeFactory()
    theme.books.create(title=CopyFactory(book=BookFactory(title="盐铁论")).book.title)
    page = client.get(reverse("theme", args=[theme.pk])).content.decode()
    assert "馆里有同名的书，去看" in page
    assert "馆里没有，去荐购" not in page
