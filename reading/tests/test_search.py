"""The catalogue's search against a plain scan of the same texts, and an index that follows every change."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as told
from hypothesis import strategies as st

from reading.models import Book
from reading.services import grams
from reading.services.search import by_relevance, compare_index, found_by, index_books, repair_index
from reading.tasks import index
from reading.tests.factories import BookFactory
from shuxiang.benchmarks.shown_books import invented
from shuxiang.searches import grams_asked, grams_of, words_of
from shuxiang.tests.registers import run

pytestmark = pytest.mark.django_db
TITLES = 2_000
SIGNS = "论语大学曾单解中国研究审计ab1ＡＢ９ éßЖ٣Ⅷ𠮷𡈽𰻞《》-·;'\"%_\\*&|!:()\x00\u202e\n\t😀"


def book(**columns) -> Book:
    made = BookFactory(**columns)
    index_books(Book.objects.filter(pk=made.pk))
    return made


def found(query: str) -> list[str]:
    return sorted(found_by(Book.objects.all(), query).values_list("title", flat=True))


def in_order(query: str) -> list[str]:
    books = found_by(Book.objects.all(), query).order_by(*by_relevance(query), "title", "pk")
    return list(books.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("史记", ["史记", "史记选"]),
        ("《史记》", ["史记", "史记选"]),
        ("shiji", ["史记", "史记选"]),
        ("sj", ["史记", "史记选"]),
        ("史记 司马迁", ["史记"]),
        ("司马迁 史记", ["史记"]),
        ("乐府诗集", ["乐府诗集", "乐府诗集选"]),
        ("yuefushijixuan", ["乐府诗集选"]),
        ("云计算", ["云计算十讲", "不懂云计算"]),
        ("yjs", ["云计算十讲", "不懂云计算"]),
        ("python", ["Python", "Python 入门", "流畅的 Python"]),
    ],
)
def test_the_title_that_was_meant_stands_before_those_that_only_hold_the_words(query, first):
    for title in [
        "不懂云计算",
        "云计算十讲",
        "乐府诗集选",
        "乐府诗集",
        "古史记事",
        "史记选",
        "Python 入门",
        "流畅的 Python",
        "Python",
    ]:
        book(title=title, author="佚名")
    book(title="史记", author="司马迁")
    assert in_order(query)[: len(first)] == first


def test_a_query_without_words_orders_by_nothing_of_its_own():
    assert by_relevance("、、 ") == by_relevance("") == []


def scanned(query: str) -> set[int]:
    """What a plain look into every stored text finds."""
    words = words_of(query)
    texts = Book.objects.values_list("pk", "search_text")
    return {key for key, text in texts if words and all(word in text for word in words)}


def keys_found(query: str) -> set[int]:
    return set(found_by(Book.objects.all(), query).values_list("pk", flat=True))


@pytest.fixture
def library():
    Book.objects.bulk_create(invented(TITLES))
    index_books(Book.objects.all())


def queries_of(book: Book) -> set[str]:
    """Every two signs of the title, and pieces of whatever else its text holds."""
    lines = book.search_text.split("\n")
    pieces = {line[start : start + length] for line in lines for length in (1, 2, 3, 7) for start in (0, 1, 4)}
    pairs = {book.title[start : start + 2] for start in range(len(book.title) - 1)}
    return pieces | pairs | {book.isbn[-6:], f"{book.title[:2]} {lines[-1]} {book.isbn[3:9]}"} - {""}


def test_a_library_is_searched_as_if_every_text_were_read(library):
    queries = set().union(*map(queries_of, Book.objects.order_by("pk")[:: TITLES // 8]))
    queries |= {"𠮷", "𰻞", "ß", "ng", "a", "1", "没有这样的字", "ＩＳＢＮ", "ｙａｎｊｉｕ", "云泽 出版社 yanjiu"}
    texts = list(Book.objects.values_list("pk", "search_text"))
    for query in queries:
        words = words_of(query)
        assert keys_found(query) == {key for key, text in texts if words and all(word in text for word in words)}, query


@told(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(SIGNS, max_size=12) | st.text(max_size=12), min_size=1, max_size=8), st.data())
def test_whatever_titles_hold_it_is_found_by_any_piece_of_it(titles, data):
    kept = [each.replace("\x00", "") for each in titles]
    columns = [{"title": each[:6] or "书", "author": each[6:]} for each in kept]
    with transaction.atomic():
        made = Book.objects.bulk_create(Book(**each) for each in columns)
        index_books(Book.objects.filter(pk__gte=made[0].pk))
        text = data.draw(st.sampled_from(made))
        text.refresh_from_db()
        asked = data.draw(st.text(SIGNS, max_size=5) | st.text(max_size=5))
        length = len(text.search_text)
        start = data.draw(st.integers(0, max(0, length - 1)))
        piece = text.search_text[start : start + data.draw(st.integers(1, 9))]
        for query in (asked, piece, f"{asked} {piece}", text.title, text.author):
            assert keys_found(query) == scanned(query)
        assert text.pk in keys_found(piece) or not words_of(piece)
        transaction.set_rollback(True)


@told(deadline=None)
@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), st.integers(0, 11), st.integers(1, 12))
def test_a_text_has_every_piece_by_which_a_part_of_it_is_asked(line, start, length):
    word = line[start : start + length]
    assume(word)
    assert grams_asked(word) <= grams_of(f"别的\n{line}\nother")


def test_pieces_are_few_and_say_all():
    assert grams_asked("a") == set()
    assert grams_asked("论") == {"论"}
    assert grams_asked("ab") == {"ab"}
    assert grams_asked("daxue") == {"dax", "axu", "xue"}
    assert grams_asked("大学ab") == {"大学", "学a", "ab"}
    assert "学论" not in grams_of("大学\n论语")


def test_it_is_found_by_each_of_its_columns_in_part_and_in_any_width():
    book(
        title="《论语》译注", subtitle="附索引", author="[清]曾国藩 著；单霁翔", publisher="云泽出版社",
        series="国学文库", keywords="儒家；修身", isbn="9787000000004", call_number="B222.2/1",
    )  # fmt: skip
    book(title="别的书")
    parts = "论语 语译 注 索引 国藩 云泽 文库 修身 000004 lunyu ly yizhu ＬＵＮＹＵ ９７８７ b2222"
    for query in [*parts.split(), "论语 云泽 zeng", "B222.2/1", "《论语》"]:
        assert found(query) == ["《论语》译注"], query
    assert found("语附") == found("nothing") == found("《》") == found("") == []


def test_surnames_are_found_in_every_reading():
    for title, author in (("家书", "曾国藩"), ("评书", "单田芳"), ("大典", "解缙、姚广孝")):
        book(title=title, author=author)
    for query, title in (("zeng", "家书"), ("ceng", "家书"), ("shan", "评书"), ("dan", "评书"), ("xiejin", "大典")):
        assert found(query) == [title]


def test_signs_of_a_query_are_not_words_of_the_index():
    book(title="甲 AND 乙", author='"OR" NEAR(丙)')
    for query in ("甲 AND 乙", '"or"', "near(丙)", "甲 NOT", "甲*", "grams:甲", "a' & 'b", "' | '", "\\", "%", "_"):
        assert keys_found(query) == scanned(query), query


def test_a_title_under_another_name_is_found_by_that_name_only():
    changed = book(title="旧名")
    Book.objects.filter(pk=changed.pk).update(title="新名")
    assert index_books(Book.objects.filter(pk=changed.pk)) == 1
    assert (found("旧名"), found("xinming")) == ([], ["新名"])
    assert index_books(Book.objects.all()) == 0


def test_what_is_rolled_back_is_not_found():
    kept = book(title="论语")
    with transaction.atomic():
        book(title="大学")
        Book.objects.filter(pk=kept.pk).update(title="孟子")
        index_books(Book.objects.all())
        assert (found("大学"), found("论语"), found("孟子")) == (["大学"], [], ["孟子"])
        transaction.set_rollback(True)
    assert compare_index().outdated == compare_index().gone == 0
    assert (found("大学"), found("论语"), found("孟子")) == ([], ["论语"], [])


def test_a_title_that_is_gone_is_not_found_and_its_row_is_swept():
    book(title="论语")
    book(title="大学").delete()
    assert (found("大学"), compare_index().gone) == ([], 1)
    index()
    assert (found("论语"), compare_index().gone) == (["论语"], 0)


def test_a_search_composes_with_other_conditions_in_a_subquery():
    old, new = book(title="论语", year=1980), book(title="论语新解", year=2020)
    books = found_by(Book.objects.filter(year__gte=2000), "论语")
    assert [each.pk for each in books.order_by("-year")] == [new.pk]
    assert list(Book.objects.filter(pk__in=books).exclude(pk=old.pk)) == [new]
    assert found_by(Book.objects.all(), "论语").filter(year=1980).count() == 1


@pytest.mark.parametrize("statement", [f"DELETE FROM {grams.TABLE}", "UPDATE reading_book SET search_text = ''"])
def test_a_lost_or_stale_index_is_told_and_mended(statement):
    for title in ("论语", "大学"):
        book(title=title)
    assert "不符 0 种，多余索引 0 条" in run("index_books", check=True)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert found("论语") == []
    with pytest.raises(SystemExit) as ended:
        run("index_books", check=True)
    assert ended.value.code == 1
    assert "核对 2 种图书：更新 2 种" in run("index_books")
    assert found("论语") == ["论语"]
    assert "更新 0 种" in run("index_books")


def test_a_text_written_past_the_service_comes_into_the_index():
    made = book(title="论语")
    Book.objects.filter(pk=made.pk).update(title="大学", search_text="大学\ndaxue\ndx")
    assert repair_index().outdated == 1
    assert found("大学") == ["大学"]


@pytest.fixture
def without_index():
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {grams.TABLE}")
    grams.has_index.cache_clear()
    yield
    grams.has_index.cache_clear()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL always has what the index needs")
def test_without_an_index_every_title_is_read(without_index):
    book(title="论语")
    assert found("论语") == found("lunyu") == ["论语"]
    assert "逐种查找" in run("index_books", check=True)
    assert repair_index().outdated == 1
    assert grams.has_index()
    assert found("论语") == ["论语"]


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_empties_the_index():
    book(title="论语")
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {grams.TABLE}")
        assert cursor.fetchone() == (0,)


def test_as_many_queries_for_one_title_as_for_thirty(django_assert_num_queries):
    for number in range(30):
        book(title=f"论语{number}")
        if number in (0, 29):
            with django_assert_num_queries(2):
                books = found_by(Book.objects.all(), "论语")
                assert (books.count(), len(books[:20])) == (number + 1, min(20, number + 1))
