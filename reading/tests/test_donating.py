"""The services of donations, with two stale copies."""

from datetime import date

import pytest

from notices.models import Notice
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from reading.kinds import Source
from reading.models import Book, Copy, Donation
from reading.services.donating import Finding, Offered, accept, cancel, decline, inspect, offer, reopen
from reading.states import DONATION_TRANSITIONS, DonationAction, DonationState
from reading.tests.acquisitions import ISBN, NOW, TODAY, a_donation, a_suggestion, inspected
from reading.tests.factories import BookFactory, PlaceFactory, reader
from reading.tests.people import librarian

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db


def test_from_offer_to_shelf(librarian):
    donor, place = reader(), PlaceFactory()
    wanted = a_suggestion(isbn=ISBN)
    offered = [Offered("论语译注", isbn=ISBN, author="杨伯峻", count=3), Offered("旧杂志")]
    donation = offer(by=donor, items=offered, now=NOW)
    assert Notice.objects.filter(recipient=librarian).count() == 1
    first, second = donation.items.all()
    found = {first.pk: Finding(2, "worn", "一册缺页", clc="B222"), second.pk: Finding(0, "", "不收杂志")}
    inspect(donation=donation, findings=found, by=librarian, now=NOW)
    donation.refresh_from_db()
    assert accept(donation=donation, home=place, accepted_on=TODAY, by=librarian, now=NOW) == "JZ2026-0001"
    donation.refresh_from_db()
    book = Book.objects.get()
    assert (donation.state, donation.accepted_on, book.isbn, book.call_number) == ("accepted", TODAY, ISBN, "B222/1")
    copies = list(book.copies.all())
    assert [copy.barcode for copy in copies] == ["SX000001", "SX000002"]
    for copy in copies:
        kept = (copy.home, copy.source, copy.donor, copy.donation_item, copy.condition, copy.acquired_on)
        assert kept == (place, Source.DONATION, donor.name, first, "worn", TODAY)
        assert copy.events.get().action == "register"
    assert [event.action for event in donation.events.all()] == ["offer", "inspect", "accept"]
    wanted.refresh_from_db()
    assert wanted.state == "bought"
    assert Notice.objects.filter(recipient=donor, subject__contains="捐赠证书").count() == 1


@pytest.mark.parametrize(("roles", "told"), [([], 1), ([Role.LIBRARIAN], 0)])
def test_books_of_the_only_librarian_are_told_to_the_office(roles, told, librarian):
    office, other = reader(Role.OFFICE), reader(*roles)
    donation = a_donation(librarian)
    notices = Notice.objects.filter(address=f"/donations/{donation.pk}/")
    assert {notice.recipient for notice in notices} == ({office} if told else {other})


def test_a_title_that_is_there_gets_copies(librarian):
    book = BookFactory(title="论语译注", author="")
    donation = inspected(a_donation(), librarian)
    accept(donation=donation, home=PlaceFactory(), accepted_on=TODAY, by=librarian, now=NOW)
    assert (Book.objects.count(), book.copies.count()) == (1, 1)


def test_numbers_follow_each_other_and_begin_anew_each_year(librarian):
    numbers = []
    for day in (TODAY, TODAY, date(2027, 1, 4)):
        donation = inspected(a_donation(), librarian)
        numbers.append(accept(donation=donation, home=PlaceFactory(), accepted_on=day, by=librarian, now=NOW))
    assert numbers == ["JZ2026-0001", "JZ2026-0002", "JZ2027-0001"]


def test_the_second_of_two_who_accept_makes_no_copies(librarian):
    donation = inspected(a_donation(), librarian)
    other = Donation.objects.get(pk=donation.pk)
    accept(donation=donation, home=PlaceFactory(), accepted_on=TODAY, by=librarian, now=NOW)
    with pytest.raises(Stale):
        accept(donation=other, home=PlaceFactory(), accepted_on=TODAY, by=librarian, now=NOW)
    with pytest.raises(Stale):
        decline(donation=other, reason="不收", by=librarian, now=NOW)
    assert Copy.objects.count() == 1


def test_nobody_decides_on_books_of_their_own(librarian):
    donation = a_donation(librarian)
    with pytest.raises(NotAllowed, match="另一位"):
        inspect(donation=donation, findings={}, by=librarian, now=NOW)
    with pytest.raises(NotAllowed):
        cancel(donation=donation, by=reader(Role.OFFICE), now=NOW)
    cancel(donation=donation, by=librarian, now=NOW)


def test_readers_neither_inspect_nor_register_for_others():
    with pytest.raises(NotAllowed):
        offer(by=reader(), items=[Offered("书")], donor_name="市图书馆", now=NOW)
    with pytest.raises(NotAllowed):
        inspect(donation=a_donation(), findings={}, by=reader(), now=NOW)


@pytest.mark.parametrize("state", DonationState)
@pytest.mark.parametrize("action", [each for each in DonationAction if each != DonationAction.OFFER])
def test_every_state_with_every_action(state, action, librarian):
    donation = a_donation(librarian, donor_name="市图书馆")
    item = donation.items.get()
    donation.items.update(accepted=1, condition="good")
    given = {"certificate": "JZ2020-0001", "accepted_on": TODAY} if state == DonationState.ACCEPTED else {}
    Donation.objects.filter(pk=donation.pk).update(state=state, reply="原因", **given)
    donation.refresh_from_db()
    ways = {
        DonationAction.INSPECT: lambda **who: inspect(findings={item.pk: Finding(1, "good")}, **who),
        DonationAction.ACCEPT: lambda **who: accept(home=PlaceFactory(), accepted_on=TODAY, **who),
        DonationAction.DECLINE: lambda **who: decline(reason="原因", **who),
        DonationAction.CANCEL: cancel,
        DonationAction.REOPEN: reopen,
    }
    after = DONATION_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(IllegalStep):
            ways[action](donation=donation, by=librarian, now=NOW)
        return
    ways[action](donation=donation, by=librarian, now=NOW)
    donation.refresh_from_db()
    assert (donation.state, donation.events.last().action) == (after, action)


def test_nothing_to_take_is_declined_not_accepted(librarian):
    donation = inspected(a_donation(), librarian, accepted=0)
    with pytest.raises(ValueError, match="没有要接收"):
        accept(donation=donation, home=PlaceFactory(), accepted_on=TODAY, by=librarian, now=NOW)
    with pytest.raises(ValueError, match="原因"):
        decline(donation=donation, reason=" ", by=librarian, now=NOW)


def test_inspection_takes_no_more_than_was_offered(librarian):
    donation = a_donation()
    item = donation.items.get()
    wrong = {"一种都不能漏": {}, "不能超过": {item.pk: Finding(2, "good")}, "品相": {item.pk: Finding(1)}}
    for told, found in wrong.items():
        with pytest.raises(ValueError, match=told):
            inspect(donation=donation, findings=found, by=librarian, now=NOW)
    assert Donation.objects.get().state == "offered"
