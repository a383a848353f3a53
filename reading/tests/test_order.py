import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as told
from hypothesis import strategies as st

from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.models import Book, DigitalResource
from reading.services.browsing import Filter
from reading.services.counter import people_by
from reading.services.renewal import in_order
from reading.services.search import index_books
from reading.tests.factories import DAY, BookFactory, CopyFactory, DigitalResourceFactory
from shuxiang.ordering import sort_key
from shuxiang.rows import by_code_point

pytestmark = pytest.mark.django_db
# By code point and by strokes these come in other orders.
TITLES = ["12", "“阿Q”", "安徽", "大学", "单", "《论语》", "Zola"]
TITLE = st.text("论语大学绿乱略重庆Q12éЖ𠮷《》·— ", min_size=1, max_size=8) | st.text(min_size=1, max_size=200)


def test_titles_come_by_pinyin_in_every_list(client):
    keys = {title: CopyFactory(book=BookFactory(title=title)).book_id for title in reversed(TITLES)}
    for title in reversed(TITLES):
        DigitalResourceFactory(title=title)
    assert list(Book.objects.values_list("title", flat=True)) == TITLES
    assert [book.title for book in Filter(sort="title").found(DAY)] == TITLES
    assert in_order(frozenset(keys.values())) == [keys[title] for title in TITLES]
    client.force_login(CadreFactory(department=DepartmentFactory(parent=bureau())))
    shown = client.get(reverse("digital")).context["rows"]
    assert [each["resource"].title for each in shown] == TITLES
    assert list(DigitalResource.objects.values_list("title", flat=True)) == TITLES


@told(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TITLE, min_size=1, max_size=12))
def test_the_order_of_the_database_is_that_of_the_keys(titles):
    kept = [title.replace("\x00", "") or "书" for title in titles]
    with transaction.atomic():
        made = [each.pk for each in Book.objects.bulk_create(Book(title=title) for title in kept)]
        index_books(Book.objects.filter(pk__in=made))
        found = list(Book.objects.filter(pk__in=made).values_list("title", flat=True))
        assert found == [
            title for _, title in sorted(zip(map(sort_key, kept), kept, strict=True), key=lambda row: row[0])
        ]
        transaction.set_rollback(True)


def test_people_come_by_code_point():
    for name in ("啊李", "一李", "阿李"):
        CadreFactory(name=name, department=DepartmentFactory(parent=bureau()))
    assert [person.name for person in people_by("李")] == ["一李", "啊李", "阿李"]


def test_the_order_is_asked_of_the_database_in_its_own_words():
    collation = "C" if connection.vendor == "postgresql" else "BINARY"
    assert f'COLLATE "{collation}"' in str(Book.objects.order_by(by_code_point("title")).query)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compares bytes")
def test_keys_are_compared_by_bytes_whatever_the_collation_of_the_database():
    columns = "SELECT collation_name FROM information_schema.columns WHERE column_name = 'sort_key'"
    with connection.cursor() as cursor:
        cursor.execute(columns)
        assert cursor.fetchall() == [("C",), ("C",)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan of SQLite")
@pytest.mark.parametrize(
    ("chosen", "index"), [({}, "book_order"), ({"area": 1}, "book_area"), ({"clc": "D"}, "book_class")]
)
def test_an_index_gives_the_order(chosen, index):
    found = Filter(**chosen).found(DAY)
    assert "TEMP B-TREE" not in found.explain()
    assert index in found.explain()
