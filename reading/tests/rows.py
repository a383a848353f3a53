"""One row of each model of the catalogue, for tests of lists."""

from django.utils import timezone

from organization.models import Cadre
from reading.models import CopyEvent, SubjectArea
from reading.services.search import index_books
from reading.states import CopyAction, CopyState
from reading.tests.factories import BookFactory, CopyFactory


def make_catalogue_row(number: int, cadre: Cadre) -> None:
    area = SubjectArea.objects.create(name=f"类别{number}")
    book = BookFactory(title=f"读后{number}", area=area, clc="I2", call_number=f"I2/{number}")
    index_books(type(book).objects.filter(pk=book.pk))
    copy = CopyFactory(book=book)
    CopyEvent.objects.create(
        copy=copy, action=CopyAction.REGISTER, actor=cadre, at=timezone.now(), to_state=CopyState.AVAILABLE,
        to_place=copy.home,
    )  # fmt: skip
