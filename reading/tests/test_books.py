from datetime import timedelta

import pytest
from django.utils import timezone

from organization.roles import Role
from reading.models import Book, Copy, SubjectArea
from reading.services import browsing
from reading.services.search import index_books
from reading.states import CopyState
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.hostile import HOSTILE
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
SEARCHED = [*HOSTILE, "%", "'\"<b>", " ".join("字" * 300)]


@pytest.fixture(autouse=True)
def viewer(client):
    person = reader()
    client.force_login(person)
    return person


def shelved(title: str, *copies: dict, **values) -> Book:
    book = BookFactory(title=title, **values)
    for copy in copies:
        CopyFactory(book=book, **copy)
    index_books(Book.objects.filter(pk=book.pk))
    return book


def titles(client, **query) -> list[str]:
    page = client.get("/books/", query)
    assert page.status_code == 200
    return [row.book.title for row in page.context["rows"]]


def counts(client, **query) -> dict[str, int | None]:
    facets = client.get("/books/", query).context["facets"]
    return {choice.label: choice.number for _, choices in facets.groups for choice in choices}


def test_words_pinyin_initials_author_publisher_and_isbn_find_a_title(client):
    shelved("红楼梦", author="曹雪芹", publisher="人民文学出版社")
    shelved("三国演义", author="罗贯中", isbn="9787020008735")
    for words in ("红楼", "hongloumeng", "hlm", "曹雪芹", "caoxueqin", "人民文学", "楼 曹"):
        assert titles(client, q=words) == ["红楼梦"], words
    assert titles(client, q="978702000873") == ["三国演义"]
    assert titles(client, q="没有") == []


def test_a_scanned_isbn_or_barcode_leads_straight_to_its_book(client):
    book = shelved("三国演义", {"barcode": "SX000123"}, isbn="9787020008735")
    for scanned in ("9787020008735", "978-7-02-000873-5", "7020008739"):
        assert client.get("/books/", {"q": scanned}).url == f"/books/{book.pk}/", scanned
    for scanned in ("SX000123", "sx000123", " SX000123 "):
        assert client.get("/books/", {"q": scanned}).url == f"/books/{book.pk}/#copy-SX000123", scanned
    assert titles(client, q="9787020002207") == []


def test_facets_combine_and_say_what_each_would_leave(client):
    today = timezone.localdate()
    politics, letters = (SubjectArea.objects.create(name=name) for name in ("时政", "小说"))
    room, corner = PlaceFactory(name="阅览室", position=1), PlaceFactory(name="图书角", position=2)
    fresh, old = today - timedelta(days=browsing.NEW_DAYS - 1), today - timedelta(days=browsing.NEW_DAYS)
    shelved("甲", {"home": room, "acquired_on": fresh}, {"home": corner, "acquired_on": old}, area=politics, clc="D1")
    shelved("乙", {"home": room, "acquired_on": old, "state": "on_loan"}, area=politics, clc="D2")
    shelved("丙", {"home": corner, "acquired_on": old}, area=letters, clc="I2")
    shelved("丁", {"home": corner, "acquired_on": fresh, "state": "withdrawn", "left_on": today}, clc="")
    assert counts(client) == {
        "在架可借": 2, "近 90 天新书": 1, politics.name: 2, letters.name: 1, "阅览室": 2, "图书角": 2,
        "D 政治、法律": 2, "I 文学": 1,
    }  # fmt: skip
    assert titles(client, place=room.pk) == ["甲", "乙"]
    assert counts(client, place=room.pk) == {
        "在架可借": 1, "近 90 天新书": 1, politics.name: 2, "阅览室": 2, "图书角": 2, "D 政治、法律": 2,
    }  # fmt: skip
    assert titles(client, place=room.pk, free=1, area=politics.pk, clc="D") == ["甲"]
    assert titles(client, place=corner.pk, new=1) == []  # one and the same copy
    assert titles(client, new=1) == ["甲"]
    assert sorted(titles(client)) == ["丁", "丙", "乙", "甲"]


def test_each_count_is_the_number_of_titles_that_its_link_lists(client):
    places = [PlaceFactory() for _ in range(3)]
    areas = [SubjectArea.objects.create(name=f"类别{number}") for number in range(3)]
    for number in range(40):
        copies = [
            {"home": places[(number + each) % 3], "acquired_on": timezone.localdate() - timedelta(days=40 * each)}
            | ({"state": CopyState.ON_LOAN} if (number + each) % 4 == 0 else {})
            for each in range(number % 4)
        ]
        shelved(f"第{number}本", *copies, area=areas[number % 3], clc="DFI"[number % 3] + str(number))
    place, area = places[0].pk, areas[0].pk
    for query in (
        {}, {"q": "第"}, {"free": 1}, {"place": place}, {"free": 1, "new": 1, "place": place},
        {"place": place, "q": "1"}, {"clc": "D", "new": 1}, {"area": area, "free": 1},
        {"clc": "F", "area": areas[1].pk},
    ):  # fmt: skip
        facets = client.get("/books/", query).context["facets"]
        for _, choices in facets.groups:
            for choice in choices:
                found = client.get(f"/books/?{choice.address}").context["page"].paginator.count
                assert choice.is_chosen or choice.number == found, (query, choice)


def test_a_search_with_too_many_hits_lists_them_but_counts_no_further(client, monkeypatch):
    monkeypatch.setattr(browsing, "COUNTED", 3)
    for number in range(30):
        shelved(f"手册 {number:02}", {})
    page = client.get("/books/", {"q": "手册"})
    assert page.context["facets"].total is None
    assert set(counts(client, q="手册").values()) == {None}
    assert page.context["page"].paginator.count == 30
    assert "再加一个词" in page.content.decode()


def test_sorted_by_title_or_the_newest_first(client):
    for title, day in (("甲", "2024-01-01"), ("乙", "2024-03-01"), ("丙", "2024-02-01")):
        shelved(title, {"acquired_on": day})
    shelved("丁")
    assert titles(client, sort="new") == ["乙", "丙", "甲", "丁"]
    assert titles(client, sort="nonsense") == ["丙", "丁", "甲", "乙"]


def test_a_search_begins_with_the_title_that_was_meant_and_pages_in_that_order(client):
    for number in range(25):
        shelved(f"云计算十讲 {number:02}")
    shelved("史记")
    assert titles(client, q="shiji")[0] == "史记"
    pages = [title for page in (1, 2) for title in titles(client, q="shiji", page=page)]
    assert pages == ["史记", *(f"云计算十讲 {number:02}" for number in range(25))]
    assert "最相关在前" in client.get("/books/", {"q": "shiji"}).content.decode()
    assert titles(client, q="shiji", sort="new")[:2] == ["史记", "云计算十讲 24"]


def test_a_row_tells_how_many_are_on_the_shelf_and_where(client):
    room, corner = PlaceFactory(name="阅览室"), PlaceFactory(name="图书角")
    shelved("甲", {"home": room, "state": "on_loan"}, {"home": corner}, {"home": corner})
    shelved("乙", {"home": room, "state": "on_loan"})
    shelved("丙")
    rows = {row.book.title: row[1:] for row in client.get("/books/").context["rows"]}
    assert rows == {"甲": (3, 2, "图书角、阅览室"), "乙": (1, 0, "阅览室"), "丙": (0, 0, "")}


def test_an_empty_catalogue_tells_readers_to_wait_and_librarians_what_to_do(client):
    assert "图书管理员登记以后" in client.get("/books/").content.decode()
    client.force_login(reader(Role.LIBRARIAN))
    assert 'href="/books/new/"' in client.get("/books/").content.decode()


def test_pages_keep_the_filters(client):
    for number in range(30):
        shelved(f"手册 {number:02}", {})
    page = client.get("/books/", {"free": 1})
    assert "第 1 页，共 2 页" in page.content.decode()
    assert "?free=1&amp;page=2" in page.content.decode() or "?free=1&page=2" in page.content.decode()
    assert len(titles(client, free=1, page=2)) == 6
    assert len(titles(client, free=1, page=99)) == 6


@pytest.mark.parametrize("text", SEARCHED)
def test_nothing_in_the_address_breaks_the_catalogue(client, text):
    shelved("甲", {})
    for name in ("q", "area", "place", "clc", "free", "new", "sort", "page"):
        assert client.get("/books/", {name: text}).status_code == 200, name
        assert client.get("/books/isbn/", {"isbn": text}).status_code == 200


def test_at_most_10_queries_for_200_titles_and_as_many_as_for_one(client):
    def asked() -> dict[str, int]:
        filtered = {"free": 1, "sort": "new", "clc": "D"}
        ways = {"plain": {}, "search": {"q": "手"}, "filtered": filtered}
        return {way: queries(client, "/books/", query) for way, query in ways.items()}

    shelved("手册", {}, {})
    first = asked()
    place = PlaceFactory()
    Book.objects.bulk_create(Book(title=f"手册{number}", search_text="手册") for number in range(200))
    Copy.objects.bulk_create(
        Copy(book=book, barcode=f"T{book.pk}", home=place, acquired_on="2024-01-01") for book in Book.objects.all()
    )
    again = asked()
    assert max(again.values()) <= 10
    assert again["plain"] == first["plain"]
    assert again["search"] == first["search"]


def test_what_the_catalogue_knows_of_an_isbn(client):
    book = shelved("红楼梦", {}, {"state": "on_loan"}, isbn="9787020002207", author="曹雪芹", year=2008)
    told = client.get("/books/isbn/", {"isbn": "7-02-000220-X"}).json()
    assert told == {
        "isbn": "9787020002207",
        "error": "",
        "book": {
            "id": book.pk, "address": f"/books/{book.pk}/", "title": "红楼梦", "subtitle": "", "author": "曹雪芹",
            "publisher": "", "year": 2008, "copies": 2, "free": 1,
        },
    }  # fmt: skip
    assert client.get("/books/isbn/", {"isbn": "9787020008735"}).json()["book"] is None
    assert "校验位不对" in client.get("/books/isbn/", {"isbn": "9787020002208"}).json()["error"]
    assert client.get("/books/isbn/").json() == {"isbn": "", "book": None, "error": ""}
