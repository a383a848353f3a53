import pytest
from django.urls import reverse
from django.utils import timezone

from organization.roles import Role
from reading.models import Book, Copy, CopyEvent, SubjectArea
from reading.services.search import index_books
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.people import clerk

__all__ = ["clerk"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clerk")]


def typed(book: Book | None, **values) -> dict:
    inline = {f"copies-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return {"title": "红楼梦", **({"seen": book.changed_at.isoformat()} if book else {}), **inline, **values}


def test_a_title_entered_at_the_desk_is_numbered_and_found(client):
    sent = client.post(reverse("admin:reading_book_add"), typed(None, isbn="7-02-000220-X", clc="i2"))
    book = Book.objects.get()
    assert sent.status_code == 302
    assert (book.isbn, book.call_number) == ("9787020002207", "I2/1")
    page = client.get(reverse("admin:reading_book_changelist"), {"q": "hlm"}).content.decode()
    assert "红楼梦" in page
    assert "红楼梦" not in client.get(reverse("admin:reading_book_changelist"), {"q": "sgyy"}).content.decode()


def test_the_second_of_two_who_change_a_title_is_told(client):
    book = BookFactory(title="旧名")
    stale = typed(book, title="别的名")
    address = reverse("admin:reading_book_change", args=[book.pk])
    assert client.post(address, typed(book, title="新名")).status_code == 302
    assert "刚被别人修改过" in client.post(address, stale).content.decode()
    assert Book.objects.get().title == "新名"
    index = Book.objects.get().search_text
    assert index_books(Book.objects.all()) == 0
    assert "新名" in index


def test_an_isbn_that_is_taken_after_the_form_was_checked_is_told_at_the_form(client, monkeypatch):
    monkeypatch.setattr(Book, "validate_constraints", lambda self, exclude=None: None)
    BookFactory(isbn="9787020002207", title="先来的")
    other = BookFactory(title="旧名")
    change = reverse("admin:reading_book_change", args=[other.pk])
    for address, book in ((reverse("admin:reading_book_add"), None), (change, other)):
        sent = client.post(address, typed(book, title="后来的", isbn="9787020002207"))
        page = sent.content.decode()
        assert sent.status_code == 200
        assert "目录里已有这个 ISBN 或索书号的图书" in page
        assert 'value="后来的"' in page
    assert sorted(Book.objects.values_list("title", flat=True)) == ["先来的", "旧名"]


def test_a_wrong_isbn_and_class_are_named(client):
    page = client.post(reverse("admin:reading_book_add"), typed(None, isbn="9787020002208", clc="42")).content.decode()
    assert "校验位不对" in page
    assert "大类字母开头" in page
    assert Book.objects.count() == 0


def test_condition_and_note_of_a_copy_are_corrected_and_nothing_else(client):
    copy = CopyFactory()
    values = {"condition": "worn", "note": "缺封底", "state": "lost", "seen": copy.changed_at.isoformat()}
    assert client.post(reverse("admin:reading_copy_change", args=[copy.pk]), values).status_code == 302
    assert Copy.objects.values_list("condition", "note", "state").get() == ("worn", "缺封底", "available")


@pytest.mark.parametrize(
    ("action", "address"),
    [("move", "/books/copies/?action=move"), ("withdraw", "/books/copies/?action=withdraw"),
     ("correct", "/books/copies/?action=correct"),
     ("print_labels", "/labels/?")],
)  # fmt: skip
def test_actions_lead_to_the_page_that_asks_for_the_rest(client, action, address):
    copies = [CopyFactory(home=PlaceFactory()) for _ in range(2)]
    sent = client.post(
        reverse("admin:reading_copy_changelist"), {"action": action, "_selected_action": [copy.pk for copy in copies]}
    )
    assert sent.url.startswith(address)
    page = client.get(sent.url).content.decode()
    assert all(copy.barcode in page for copy in copies)


def test_subject_areas_are_named_and_ordered_at_the_desk(client):
    sent = client.post(reverse("admin:reading_subjectarea_add"), {"name": "乡村振兴", "position": 9})
    assert sent.status_code == 302
    assert SubjectArea.objects.last().name == "乡村振兴"
    page = client.post(reverse("admin:reading_subjectarea_add"), {"name": "乡村振兴", "position": 9}).content.decode()
    assert "已有同名的主题类别" in page


def test_an_empty_choice_of_the_desk_says_what_to_do(client):
    client.force_login(reader(Role.LIBRARIAN))
    CopyFactory()
    page = client.get("/admin/reading/copy/").content.decode()
    assert ('<option value="" selected>请选择</option>' in page, "---------" in page) == (True, False)


def test_the_record_of_a_copy_names_its_states(client):
    copy = CopyFactory()
    for before, after, words in (("", "available", "新建 → 在架"), ("available", "lost", "在架 → 丢失")):
        event = CopyEvent.objects.create(copy=copy, action="lose", from_state=before, to_state=after, at=timezone.now())
        page = client.get(reverse("admin:reading_copyevent_change", args=[event.pk])).content.decode()
        assert words in page
