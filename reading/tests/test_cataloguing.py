import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from reading.models import Book, Copy, CopyEvent, Picture
from reading.services.catalogue import register_book
from reading.services.moving import ClosedPlace
from reading.states import CopyState
from reading.tests.factories import DAY, BookFactory, CopyFactory, PlaceFactory, lend, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian

__all__ = ["librarian"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("librarian")]
ODD = [*HOSTILE, "-1", "1e9"]
BOOK_FIELDS = (
    "isbn", "title", "subtitle", "author", "publisher", "publication_place", "year", "edition", "series", "extent",
    "price", "keywords", "summary", "area", "clc", "call_number", "seen",
)  # fmt: skip
COPY_FIELDS = ("count", "home", "acquired_on", "source", "donor", "condition")


def filled(**values) -> dict:
    place = PlaceFactory()
    copies = {"count": "2", "home": place.pk, "acquired_on": "2024-03-01", "source": "purchase", "condition": "good"}
    return {"action": "save", "title": "红楼梦", "author": "曹雪芹", "clc": "i242.4", **copies, **values}


def test_a_clerk_enters_a_title_with_its_copies(client):
    sent = client.post("/books/new/", filled(isbn="978-7-02-000220-7"), follow=True)
    book = Book.objects.get()
    assert sent.redirect_chain == [(f"/books/{book.pk}/", 302)]
    assert (book.isbn, book.title, book.call_number) == ("9787020002207", "红楼梦", "I242.4/1")
    assert [copy.barcode for copy in book.copies.all()] == ["SX000001", "SX000002"]
    assert "入藏 2 册，条码 SX000001 到 SX000002" in sent.content.decode()
    labels = client.get("/labels/", {"barcodes": "SX000001-SX000002"})
    assert 'href="/labels/?barcodes=SX000001-SX000002"' in sent.content.decode()
    assert labels.context["count"] == 2


def test_a_form_sent_twice_makes_one_title(client):
    token = client.get("/books/new/").context["token"]
    for isbn in ("", "9787020002207"):
        values = filled(token=str(token) if not isbn else str(uuid4()), isbn=isbn, title=f"红楼梦{isbn}")
        sent = [client.post("/books/new/", values) for _ in range(2)]
        assert sent[0].url == sent[1].url == f"/books/{Book.objects.get(title=values['title']).pk}/"
    assert (Book.objects.count(), Copy.objects.count()) == (2, 4)


def test_a_title_whose_copies_are_refused_is_not_entered_either(librarian):
    place = PlaceFactory(is_closed=True)
    with pytest.raises(ClosedPlace):
        register_book(
            book=Book(title="红楼梦"), token=uuid4(), by=librarian, now=timezone.now(), home=place, count=1,
            acquired_on=DAY,
        )  # fmt: skip
    assert (Book.objects.count(), Copy.objects.count()) == (0, 0)


def test_the_next_title_starts_with_the_same_place_and_day(client):
    values = filled(action="more")
    sent = client.post("/books/new/", values, follow=True)
    form = sent.context["copies"]
    assert (str(form["home"].value()), form["acquired_on"].value()) == (str(values["home"]), "2024-03-01")


def test_enter_in_the_isbn_looks_up_and_saves_nothing(client):
    """A scanner types Enter after the digits, which presses the form's first button."""
    page = client.get("/books/new/").content.decode()
    buttons = page[page.index('class="narrow"') :].split("<button")[1:]
    assert 'value="look"' in buttons[0]
    values = filled(action="look", isbn="7-02-000220-X", title="打了一半")
    page = client.post("/books/new/", values).content.decode()
    assert "目录里还没有这个 ISBN" in page
    assert "打了一半" in page
    known = BookFactory(isbn="9787020002207", title="红楼梦")
    page = client.post("/books/new/", values).content.decode()
    assert f'href="/books/{known.pk}/copies/"' in page
    assert "在这本书上增加馆藏" in page
    assert "校验位不对" in client.post("/books/new/", values | {"isbn": "9787020002208"}).content.decode()
    assert Book.objects.count() == 1


def test_a_known_isbn_is_not_entered_twice(client):
    known = BookFactory(isbn="9787020002207")
    page = client.post("/books/new/", filled(isbn="9787020002207")).content.decode()
    assert f'href="/books/{known.pk}/copies/"' in page
    assert "曹雪芹" in page  # what was typed stays
    assert Book.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "请填写书名"),
        ({"title": "词" * 201}, "书名最多 200 字，现在有 201 字"),
        ({"isbn": "12345"}, "不是 10 位或 13 位"),
        ({"summary": "词" * 20_001}, "内容简介最多 20,000 字，现在有 20001 字"),
        ({"clc": "242"}, "以 A 到 Z 的大类字母开头"),
        ({"clc": "L2"}, "没有 L、M、W、Y"),
        ({"year": "24"}, "出版年请填 1000 到 2100 的整数"),
        ({"count": "0"}, "册数请填 1 到 200 的整数"),
        ({"home": ""}, "请选择这些书放在哪里"),
        ({"acquired_on": "2999-01-01"}, "入藏日期"),
        ({"source": "donation"}, "请填写捐赠人"),
        ({"donor": "张三"}, "来源却不是捐赠"),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_stored(client, values, words):
    page = client.post("/books/new/", filled(**values)).content.decode()
    assert words in page
    assert "曹雪芹" in page
    assert (Book.objects.count(), Copy.objects.count()) == (0, 0)


@pytest.mark.parametrize("text", ODD)
def test_nothing_typed_breaks_a_form(client, text):
    book, copy = BookFactory(), CopyFactory()  # first: the barcodes that the forms give come after the copy's
    for name in (*BOOK_FIELDS, *COPY_FIELDS, "action"):
        for action in ("save", "look"):
            values = filled(**{"action": action, name: text})
            assert client.post("/books/new/", values).status_code in (200, 302), name
        values = filled(seen=book.changed_at.isoformat(), **{name: text} if name != "seen" else {})
        assert client.post(f"/books/{book.pk}/edit/", values | {name: text}).status_code in (200, 302), name
        assert client.post(f"/books/{book.pk}/copies/", filled(**{name: text})).status_code in (200, 302), name
        book.refresh_from_db()
    for name in ("copy", "action", "to", "reason"):
        values = {"copy": copy.pk, "action": "withdraw", "reason": "", name: text}
        assert client.post("/books/copies/", values).status_code in (200, 302), name


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_breaks_the_correction_of_a_day(client, text):
    copy = CopyFactory()
    for name in ("acquired_on", "reason", f"seen-{copy.pk}"):
        values = {"copy": copy.pk, "action": "correct", "acquired_on": "2024-02-01", "reason": "错", name: text}
        assert client.post("/books/copies/", values).status_code in (200, 302), name
    assert Copy.objects.get().acquired_on == copy.acquired_on


def test_a_mistyped_day_is_put_right_from_the_page_of_the_book(client):
    copy = CopyFactory()
    address = f"/books/copies/?action=correct&copy={copy.pk}"
    assert "更正入藏日期" in client.get(f"/books/{copy.book_id}/").content.decode()
    page = client.get(address).content.decode()
    assert f'name="seen-{copy.pk}" value="2024-03-01"' in page
    values = {"action": "correct", "copy": copy.pk, "acquired_on": "2023-03-01", "reason": "年份写错"}
    seen = {f"seen-{copy.pk}": "2024-03-01"}
    for wrong, words in (({"reason": ""}, "请填写原因"), ({"acquired_on": "2100-01-01"}, "不能晚于今天")):
        page = client.post("/books/copies/", values | seen | wrong).content.decode()
        assert words in page
        assert 'value="2100-01-01"' in page or "年份写错" not in page
    assert "已办理 1 册" in client.post("/books/copies/", values | seen, follow=True).content.decode()
    said = client.post("/books/copies/", values | seen | {"acquired_on": "2022-03-01"}, follow=True)
    assert "刚被别人更正过" in said.content.decode()
    assert str(Copy.objects.get().acquired_on) == "2023-03-01"


def test_marks_that_turn_words_are_not_stored(client):
    client.post("/books/new/", filled(title="红\u202e楼\u200b梦\x00", author="a\nb"))
    assert Book.objects.values_list("title", "author").get() == ("红楼梦", "a b")


def test_of_two_who_edit_a_title_the_second_is_told_and_keeps_what_was_typed(client):
    book = BookFactory(title="旧名")
    seen = book.changed_at.isoformat()
    values = {"title": "新名", "seen": seen}
    assert client.post(f"/books/{book.pk}/edit/", values).status_code == 302
    page = client.post(f"/books/{book.pk}/edit/", {"title": "别的名", "seen": seen}).content.decode()
    assert "刚被别人修改过" in page
    assert "别的名" in page
    for stamp in ("", "x", "2024-01-01T00:00:00", "9999-99-99T00:00"):
        page = client.post(f"/books/{book.pk}/edit/", {"title": "别的名", "seen": stamp}).content.decode()
        assert "刚被别人修改过" in page
    assert Book.objects.get().title == "新名"


def test_more_copies_of_a_known_title(client):
    book = BookFactory()
    sent = client.post(f"/books/{book.pk}/copies/", filled(source="donation", donor="张三"), follow=True)
    assert "入藏 2 册" in sent.content.decode()
    assert {copy.donor for copy in book.copies.all()} == {"张三"}
    assert CopyEvent.objects.count() == 2


def picture(kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "red").save(stream, kind)
    return stream.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("seeds")
def test_a_cover_is_drawn_anew_and_hostile_files_are_refused_at_the_field(client):
    book = BookFactory()
    address = f"/books/{book.pk}/cover/"
    assert client.post(address, {"cover": SimpleUploadedFile("a.png", picture())}).status_code == 302
    before = Picture.objects.get(book=book)
    for content in (b"<html>", b"", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, picture()[:60]):
        page = client.post(address, {"cover": SimpleUploadedFile("a.png", content)})
        assert page.status_code == 200
        assert page.context["form"].errors["cover"]
    assert client.post(address).status_code == 200
    assert Picture.objects.get(book=book) == before
    assert f"/pictures/{before.pk}/" in client.get(f"/books/{book.pk}/").content.decode()


def test_chosen_copies_are_moved_and_withdrawn_after_a_question(client):
    book, there = BookFactory(), PlaceFactory()
    ours = [CopyFactory(book=book) for _ in range(2)]
    lent = CopyFactory(book=book)
    lend(lent, reader())
    ids = [copy.pk for copy in (*ours, lent)]
    page = client.get("/books/copies/", {"copy": ids, "action": "move"}).content.decode()
    assert lent.barcode in page
    assert Copy.objects.filter(home=there).count() == 0
    page = client.post("/books/copies/", {"copy": ids, "action": "move", "to": there.pk}, follow=True).content.decode()
    assert "已办理 3 册" in page
    assert Copy.objects.filter(home=there).count() == 3
    assert "请填写原因" in client.post("/books/copies/", {"copy": ids, "action": "withdraw"}).content.decode()
    values = {"copy": ids, "action": "withdraw", "reason": "破损"}
    page = client.post("/books/copies/", values, follow=True).content.decode()
    assert "已办理 2 册" in page
    assert f"{lent.barcode} 借出未还" in page
    assert sorted(Copy.objects.values_list("state", flat=True)) == ["on_loan", "withdrawn", "withdrawn"]


def test_without_a_choice_nothing_is_done(client):
    copy = CopyFactory()
    for values in ({}, {"copy": copy.pk}, {"action": "withdraw"}, {"copy": copy.pk, "action": "lend", "reason": "x"}):
        page = client.post("/books/copies/", values, follow=True)
        assert "请先勾选馆藏" in page.content.decode()
    assert Copy.objects.get().state == CopyState.AVAILABLE


def test_without_a_tick_one_comes_back_to_the_book_and_is_told(client):
    book = CopyFactory().book
    assert f'<input type="hidden" name="book" value="{book.pk}">' in client.get(f"/books/{book.pk}/").content.decode()
    page = client.get("/books/copies/", {"book": book.pk, "action": "move"}, follow=True)
    assert page.redirect_chain == [(f"/books/{book.pk}/", 302)]
    assert "请先勾选馆藏" in page.content.decode()
    for nonsense in (*HOSTILE, str(book.pk + 1)):
        page = client.get("/books/copies/", {"book": nonsense, "action": "move"}, follow=True)
        assert page.redirect_chain == [("/books/", 302)]


def test_copies_that_cannot_be_tended_are_named_before_anything_is_done(client):
    book = BookFactory()
    free, lent = CopyFactory(book=book), CopyFactory(book=book)
    lend(lent, reader())
    values = {"copy": [free.pk, lent.pk], "action": "withdraw"}
    page = client.get("/books/copies/", values).content.decode()
    assert "其中 1 册现在不能办理“剔除”" in page
    assert f"{lent.barcode} 借出未还，请先在借阅台办理归还或丢失" in page
    assert "现在不能办理" not in client.get("/books/copies/", {**values, "action": "move"}).content.decode()
    page = client.get("/books/copies/", {**values, "action": "find"}).content.decode()
    assert f"{free.barcode} 现在是“在架”" in page
