import pytest
from django.db import connection

from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.models import Book
from reading.services.browsing import Filter
from reading.services.counter import people_by
from reading.services.renewal import in_order
from reading.tests.factories import DAY, BookFactory, CopyFactory
from shuxiang.rows import by_code_point

pytestmark = pytest.mark.django_db
# By pinyin, by strokes and without regard to case these come in other orders.
TITLES = ["Zola", "a", "一", "啊", "論", "论语", "阿"]


def test_titles_come_by_code_point_whatever_the_collation_of_the_database():
    keys = {title: CopyFactory(book=BookFactory(title=title)).book_id for title in reversed(TITLES)}
    assert sorted(TITLES) == TITLES
    assert [book.title for book in Filter(sort="title").found(DAY)] == TITLES
    assert in_order(frozenset(keys.values())) == [keys[title] for title in TITLES]


def test_people_come_by_code_point():
    for name in ("啊李", "一李", "阿李"):
        CadreFactory(name=name, department=DepartmentFactory(parent=bureau()))
    assert [person.name for person in people_by("李")] == ["一李", "啊李", "阿李"]


def test_the_order_is_asked_of_the_database_in_its_own_words():
    collation = "C" if connection.vendor == "postgresql" else "BINARY"
    assert f'COLLATE "{collation}"' in str(Book.objects.order_by(by_code_point("title")).query)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan of SQLite")
def test_the_index_of_an_area_gives_the_order():
    found = Book.objects.filter(area=1).order_by(by_code_point("title"), "id")
    assert "TEMP B-TREE" not in found.explain()
    assert "book_area" in found.explain()
