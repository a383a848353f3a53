import pytest
from django.utils import timezone

from organization.roles import Role
from reading.services.catalogue import add_copies
from reading.services.numbering import highest_numbers, next_barcodes, number_books
from reading.tests.factories import DAY, BookFactory, CopyFactory, PlaceFactory, reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "following"),
    [
        ([], "SX000001"),
        (["SX000009"], "SX000010"),
        (["SX999999"], "SX1000000"),
        (["SX1000000", "SX999999"], "SX1000001"),
        (["A000042", "SX12", "sx000077"], "SX000001"),
        (["SX000007", "SXABCDEF", "SX00000a"], "SX000008"),
        (["SX000007", "SX999999999999"], "SX000008"),
        (["SX000007", "SX１２３４５６"], "SX000008"),
        (["SX999999999"], "SX1000000000"),
        (["SX999999999", "SX1000000000"], "SX1000000001"),
    ],
)
def test_the_next_barcode_follows_the_highest_of_ours(given, following):
    for barcode in given:
        CopyFactory(barcode=barcode)
    assert next_barcodes(1) == [following]


def test_a_long_barcode_that_was_typed_stops_nobody_from_adding_copies():
    librarian, place, book = reader(Role.LIBRARIAN), PlaceFactory(), BookFactory()
    CopyFactory(barcode="SX999999999999")
    for first in (1, 3):
        made = add_copies(book=book, count=2, home=place, acquired_on=DAY, by=librarian, now=timezone.now())
        assert [copy.barcode for copy in made] == [f"SX{first:06}", f"SX{first + 1:06}"]


def test_barcodes_follow_one_another():
    assert next_barcodes(3) == ["SX000001", "SX000002", "SX000003"]


@pytest.mark.parametrize(
    ("taken", "clc", "given"),
    [
        ([], "I2", "I2/1"),
        (["I2/1", "I2/9", "I2/10"], "I2", "I2/11"),
        (["I21/5", "I2.1/7", "i2/8"], "I2", "I2/1"),
        (["I2/3=2", "I2/四"], "I2", "I2/1"),
        (["Z/2"], "", "Z/3"),
        (["Z/2", "Z/" + "9" * 78, "Z/9999999999"], "", "Z/3"),
    ],
)
def test_a_title_gets_the_next_number_of_its_class(taken, clc, given):
    for number in taken:
        BookFactory(call_number=number)
    book = BookFactory(clc=clc)
    number_books([book])
    book.refresh_from_db()
    assert book.call_number == given


def test_numbers_too_long_to_count_on_from_are_passed_over_in_all_classes_too():
    for number in ("Z/2", "Z/" + "9" * 78, "I2/12"):
        BookFactory(call_number=number)
    assert highest_numbers() == {"Z": 2, "I2": 12}


def test_titles_of_one_class_get_one_number_after_another():
    books = [BookFactory(clc="D6"), BookFactory(clc="D6"), BookFactory(clc="F2")]
    number_books(books)
    assert [book.call_number for book in books] == ["D6/1", "D6/2", "F2/1"]
