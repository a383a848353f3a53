"""Whoever stores a title stores its key with it; what was written past the services is told and mended."""

import pytest
from django.urls import reverse

from reading.models import Book, DigitalResource
from reading.services.buying import buy
from reading.tests.acquisitions import NOW, TODAY, a_suggestion, accepted
from reading.tests.arriving import ISBNS, SAMPLES, books_file, row
from reading.tests.factories import BookFactory, PlaceFactory
from reading.tests.people import librarian
from shuxiang.ordering import sort_key
from shuxiang.tests.registers import run

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db
INLINE = {f"copies-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
RESOURCE = {"title": "《绿》", "kind": "platform", "link": "https://example.com/"}


def keys_are_right(*titles: str) -> bool:
    kept = {**dict(Book.objects.values_list("title", "sort_key")), **dict(
        DigitalResource.objects.values_list("title", "sort_key")
    )}  # fmt: skip
    return set(titles) <= kept.keys() and all(kept[title] == sort_key(title) != "" for title in kept)


def changed(client, address: str, book: Book, **more: str) -> None:
    typed = {"title": "《绿》", "seen": book.changed_at.isoformat(), **more}
    assert client.post(address, typed).status_code == 302


def test_forms_and_the_desk(client, librarian):
    new = {"count": "1", "home": PlaceFactory().pk, "acquired_on": "2024-03-01", "source": "purchase"}
    client.post("/books/new/", {"action": "save", "title": "“大学”", "condition": "good", **new})
    assert client.post(reverse("admin:reading_book_add"), {"title": "中庸", **INLINE}).status_code == 302
    assert keys_are_right("“大学”", "中庸")
    book = Book.objects.get(title="中庸")
    changed(client, f"/books/{book.pk}/edit/", book)
    assert keys_are_right("“大学”", "《绿》")
    book = Book.objects.get(title="“大学”")
    changed(client, reverse("admin:reading_book_change", args=[book.pk]), book, title="旅行", **INLINE)
    assert keys_are_right("旅行", "《绿》")


def test_digital_resources(client, librarian):
    client.post("/digital/new/", RESOURCE)
    assert keys_are_right("《绿》")
    found = DigitalResource.objects.get()
    seen = {"title": "旅行", "seen": found.changed_at.isoformat()}
    client.post(reverse("admin:reading_digitalresource_change", args=[found.pk]), {**RESOURCE, **seen})
    assert keys_are_right("旅行")


def test_registers(tmp_path):
    BookFactory(title="呐喊", isbn=ISBNS[0], author="")
    Book.objects.update(sort_key="")
    run("import_books", books_file(tmp_path, row("呐喊", ISBN=ISBNS[0], 作者="鲁迅"), row("《绿》")))
    run("import_marc", SAMPLES / "cnmarc_utf8.iso")
    assert Book.objects.count() == 32
    assert keys_are_right("呐喊", "《绿》")


def test_gifts_and_what_is_bought(librarian):
    accepted(titles=("《绿》",))
    wanted = a_suggestion(title="“大学”")
    buy(suggestion=wanted, count=1, home=PlaceFactory(), acquired_on=TODAY, clc="", by=librarian, now=NOW)
    assert keys_are_right("《绿》", "“大学”")


def test_a_wrong_key_is_told_and_mended():
    book = BookFactory(title="论语")
    run("index_books")
    Book.objects.filter(pk=book.pk).update(sort_key="wrong")
    with pytest.raises(SystemExit) as ended:
        run("index_books", check=True)
    assert ended.value.code == 1
    assert "更新 1 种" in run("index_books")
    assert keys_are_right("论语")
