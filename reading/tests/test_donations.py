"""The pages of donations, the certificate, hostile input."""

from datetime import date

import pytest
from django.urls import reverse

from organization.roles import Role
from reading.models import Copy, Donation, Hold
from reading.services.donating import Finding, Offered, accept, inspect, offer
from reading.tests.acquisitions import ISBN, NOW, TODAY, a_donation, accepted, inspected
from reading.tests.factories import BookFactory, PlaceFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian
from shuxiang.tests.queries import queries

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db


def test_a_title_that_bears_its_marks_is_never_marked_twice(client, librarian):
    donation = offer(by=reader(), items=[Offered("《论语》", count=2)], now=NOW)
    client.force_login(librarian)
    page = reverse("donation", args=[donation.pk])
    pages = [client.get(page).content.decode()]
    item = donation.items.get()
    with pytest.raises(ValueError, match=r"^请选择《论语》的品相。$"):
        inspect(donation=donation, findings={item.pk: Finding(1)}, by=librarian, now=NOW)
    donation = inspected(donation, librarian)
    accept(donation=donation, home=PlaceFactory(), accepted_on=TODAY, by=librarian, now=NOW)
    addresses = (page, reverse("donations"), reverse("donation_certificate", args=[donation.pk]))
    pages += [client.get(address).content.decode() for address in addresses]
    assert [("《论语》" in text, "《《" in text) for text in pages] == [(True, False)] * 4


def rows(*titles, **fields):
    sent = {"items-TOTAL_FORMS": str(len(titles)), "items-INITIAL_FORMS": "0", "action": "offer", **fields}
    for place, title in enumerate(titles):
        sent |= {f"items-{place}-title": title, f"items-{place}-count": "1"}
    return sent


def test_offering_from_the_page_skips_empty_rows(client):
    donor = reader()
    client.force_login(donor)
    sent = client.post(reverse("donation_new"), rows("论语译注", "", "乡土中国"))
    donation = Donation.objects.get()
    assert sent.url == reverse("donation", args=[donation.pk])
    assert [item.title for item in donation.items.all()] == ["论语译注", "乡土中国"]
    assert (donation.donor, donation.donor_name, donation.is_named) == (donor, donor.name, False)


def test_an_offer_of_nothing_is_told(client):
    client.force_login(reader())
    assert "至少填写一种" in client.post(reverse("donation_new"), rows("", "")).content.decode()


def test_isbns_are_looked_up_and_rows_added_without_scripts(client):
    BookFactory(isbn=ISBN, title="论语译注", author="杨伯峻")
    client.force_login(reader())
    sent = rows("", "自己写的", action="lookup", note="留言") | {"items-0-isbn": "978-7-101-00304-8"}
    page = client.post(reverse("donation_new"), sent)
    items = page.context["items"]
    assert [form["title"].value() for form in items] == ["论语译注", "自己写的"]
    assert page.context["form"]["note"].value() == "留言"
    assert len(client.post(reverse("donation_new"), {**sent, "action": "more"}).context["items"].forms) == 7
    # What was looked up is offered as it stands.
    filled = rows("论语译注", "自己写的") | {"items-0-isbn": ISBN, "items-INITIAL_FORMS": "2"}
    client.post(reverse("donation_new"), filled)
    assert [item.title for item in Donation.objects.get().items.all()] == ["论语译注", "自己写的"]


@pytest.mark.at(date(2026, 3, 9))
def test_a_librarian_takes_it_through_on_the_page(client, librarian):
    donation, place = a_donation(), PlaceFactory()
    client.force_login(librarian)
    url, item = reverse("donation_step", args=[donation.pk]), donation.items.get()
    sent = {
        "action": "inspect",
        "seen": "offered",
        f"item-{item.pk}-accepted": "2",
        f"item-{item.pk}-condition": "good",
    }
    assert "不能超过" in client.post(url, sent).content.decode()
    assert "大类字母开头" in client.post(url, {**sent, f"item-{item.pk}-clc": "不是分类号"}).content.decode()
    assert client.post(url, {**sent, f"item-{item.pk}-accepted": "1"}).status_code == 302
    assert client.post(url, sent).status_code == 409
    taken = {"action": "accept", "seen": "inspected", "accepted_on": "2026-03-09"}
    assert "放在哪里" in client.post(url, taken).content.decode()
    answer = client.post(url, {**taken, "home": place.pk}, follow=True)
    assert Donation.objects.get().certificate == "JZ2026-0001"
    copy, words = Copy.objects.get(), answer.content.decode()
    assert f"已入藏 1 册，条码 {copy.barcode}，" in words
    assert f'<a href="/labels/?barcodes={copy.barcode}">打印书标</a>' in words


@pytest.mark.at(date(2026, 3, 9))
def test_what_somebody_waits_for_is_told_when_it_comes_in(client, librarian):
    donation = inspected(a_donation(), librarian)
    book, waits = BookFactory(title=donation.items.get().title, author=donation.items.get().author), reader()
    Hold.objects.create(book=book, cadre=waits, placed_at=NOW)
    client.force_login(librarian)
    sent = {"action": "accept", "seen": "inspected", "accepted_on": "2026-03-09", "home": PlaceFactory().pk}
    words = client.post(reverse("donation_step", args=[donation.pk]), sent, follow=True).content.decode()
    copy = Copy.objects.get()
    assert copy.state == "set_aside"
    assert f"{copy.barcode} 有人预约，请不要上架，放到预约架：留给{waits.name}（{waits.employee_number}，" in words


def test_the_wall_names_donors_who_wish_it(client):
    named, unnamed = reader(), reader()
    accepted(named), accepted(unnamed, is_named=False)
    client.force_login(reader())
    page = client.get(reverse("donations")).content.decode()
    assert named.name in page
    assert unnamed.name not in page
    assert sorted(Copy.objects.values_list("donor", flat=True)) == ["", named.name]


def test_a_certificate_is_the_donors_and_holds_every_title(client):
    donor = reader()
    donation = accepted(donor, titles=[f"第 {number} 种书" for number in range(1, 31)], count=1)
    client.force_login(donor)
    page = client.get(reverse("donation_certificate", args=[donation.pk]))
    html = page.content.decode()
    assert all(f"《第 {number} 种书》" in html for number in range(1, 31))
    assert "30 种 30 册" in html
    assert [len(titles) for titles in [page.context["first"], *page.context["more"]]] == [8, 16, 6]
    assert client.get(reverse("donation_certificate", args=[a_donation(donor).pk])).status_code == 404


def test_a_donor_sees_the_own_donation_and_no_other(client):
    donor = reader()
    client.force_login(donor)
    assert client.get(reverse("donation", args=[a_donation(donor).pk])).status_code == 200
    assert client.get(reverse("donation", args=[a_donation().pk])).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_told_or_kept(text, client, librarian):
    donation = a_donation()
    client.force_login(librarian)
    names = [f"items-0-{name}" for name in ("isbn", "title", "author", "publisher", "count")]
    sent = dict.fromkeys([*names, "donor_name", "note"], text)
    for total in ("1", text, "9999999"):
        for action in ("offer", "lookup", "more", text):
            form = {**sent, "items-TOTAL_FORMS": total, "items-INITIAL_FORMS": "0", "action": action}
            assert client.post(reverse("donation_new"), form).status_code in (200, 302)
    pk = donation.items.get().pk
    fields = [f"item-{pk}-{name}" for name in ("accepted", "condition", "area", "clc", "remark")]
    inspection = dict.fromkeys([*fields, "home", "accepted_on", "reason"], text)
    for action in ("inspect", "accept", "decline", "cancel", text):
        for seen in ("offered", text):
            url = reverse("donation_step", args=[donation.pk])
            assert client.post(url, {**inspection, "action": action, "seen": seen}).status_code < 500


def test_as_many_queries_for_thirty_as_for_one(client):
    viewer = reader(Role.OFFICE)
    client.force_login(viewer)
    counts = []
    for number in (1, 29):
        for _ in range(number):
            accepted(viewer)
            a_donation(viewer)
        counts.append(queries(client, reverse("donations")))
    assert counts[0] == counts[1] <= 10


def test_what_was_not_accepted_shows_no_condition(client, librarian):
    donation = inspected(a_donation(), librarian, accepted=0)
    donation.items.update(condition="good")
    client.force_login(reader(Role.OFFICE))
    page = client.get(reverse("donation", args=[donation.pk])).content.decode()
    assert '<td data-label="品相">—</td>' in page


@pytest.mark.parametrize("donor_name", ["", "外单位的人"])
def test_a_form_sent_twice_makes_one_and_leads_to_the_first(client, librarian, donor_name):
    client.force_login(librarian)
    token = client.get(reverse("donation_new")).context["token"]
    sent = {**rows("论语译注"), "token": token, "donor_name": donor_name}
    first, second = (client.post(reverse("donation_new"), sent) for _ in range(2))
    made = Donation.objects.get()
    assert first.url == second.url == reverse("donation", args=[made.pk])
    assert (made.token, made.items.count(), made.events.count()) == (token, 1, 1)
    client.force_login(reader())
    refused = client.post(reverse("donation_new"), sent)
    assert ("论语译注" in refused.content.decode(), Donation.objects.count()) == (True, 1)
