"""Invented books, copies and places for tests."""

from datetime import date, datetime, timedelta

import factory
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.kinds import DigitalKind
from reading.models import Book, Copy, DigitalResource, Loan, Place, Plan
from reading.states import CopyState
from shuxiang.ordering import sort_key

DAY = date(2024, 3, 1)


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    code = factory.Sequence(lambda number: f"P{number}")
    name = factory.Sequence(lambda number: f"第{number}阅览室")


class BookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Book

    title = factory.Sequence(lambda number: f"书{number}")
    author = "某人"
    sort_key = factory.LazyAttribute(lambda book: sort_key(book.title))


class CopyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Copy

    book = factory.SubFactory(BookFactory)
    home = factory.SubFactory(PlaceFactory)
    barcode = factory.Sequence(lambda number: f"SX{number:06}")
    acquired_on = DAY


class DigitalResourceFactory(factory.django.DjangoModelFactory):
    """Its link is one that nobody answers."""

    class Meta:
        model = DigitalResource

    title = factory.Sequence(lambda number: f"数字资源{number}")
    sort_key = factory.LazyAttribute(lambda resource: sort_key(resource.title))
    kind = DigitalKind.PLATFORM
    link = factory.Sequence(lambda number: f"http://127.0.0.1:9/{number}")


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    reference = factory.Sequence(lambda number: f"JH{number:05}")
    title = "读完《论语》"
    since = date(2024, 1, 1)
    until = date(2024, 6, 30)


def lend(copy: Copy, borrower: Cadre, at: datetime | None = None, slot: int = 1) -> Loan:
    """An open loan with nobody at the counter."""
    lent_at = at or timezone.now()
    Copy.objects.filter(pk=copy.pk).update(state=CopyState.ON_LOAN)
    due_on = timezone.localdate(lent_at) + timedelta(days=14)
    return Loan.objects.create(
        copy=copy, borrower=borrower, slot=slot, lent_at=lent_at, due_on=due_on, lent_by=borrower
    )


def reader(*roles: Role) -> Cadre:
    """Somebody in service, a plain cadre where no role is named."""
    return CadreFactory(roles=roles or (Role.CADRE,), department=DepartmentFactory(parent=bureau()))
