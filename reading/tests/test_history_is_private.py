"""A returned loan is its reader's own: whatever others open, filter, search or export, they do not learn of it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from notices.models import Notice
from organization.models import AccessEvent, Cadre
from organization.roles import Role
from reading.models import Copy, CopyEvent, Hold, Loan
from reading.services.holding import cancel_hold
from reading.tests.factories import CopyFactory, reader
from reading.tests.rooms import NOW, room
from shuxiang.tests.addresses import addresses, read_out

__all__ = ["room"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]

NAME, TITLE = "司徒望舒", "沉默的大多数"


@pytest.fixture
def past(room):
    """Somebody has read something and waited for something; all of it is over."""
    room.now = room.now.replace(day=1)
    Cadre.objects.filter(pk=room.a.pk).update(name=NAME)
    room.a.refresh_from_db()
    room.copy = CopyFactory(book__title=TITLE)
    room.lend(to=room.b)
    hold = room.hold(room.a, room.copy.book)
    room.give_back()
    loan = room.lend()
    room.give_back()
    hold.refresh_from_db()
    # Nothing here was done by whoever looks: a librarian remembers her own last step for ten minutes.
    room.now = NOW
    return room, loan, hold


def pages(client, *extra: str):
    """Every address without an argument, the copy's own, and those given, as far as they open."""
    for path in [*(reverse(each.name) for each in addresses() if not each.arguments), *extra]:
        if "logout" in path:
            continue
        response = client.get(path, follow=True)
        read_out(response)
        if not response.streaming:
            yield path, response.content.decode(errors="replace")


def tells(html: str) -> bool:
    """Whether both, who and what, stand on one page."""
    return NAME in html and TITLE in html


@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_others_names_both(client, past, role):
    room, loan, _ = past
    client.force_login(reader(role))
    copy = f"/copies/{room.copy.barcode}/"
    asked = [copy, f"/counter/?person={room.a.pk}", f"/counter/overdue/?show=all&q={TITLE}", f"/counter/?q={NAME}"]
    asked += [f"/counter/overdue/?show={show}" for show in ("overdue", "soon", "leavers", "history", "returned")]
    asked += [f"/loans/?borrower={room.a.pk}", f"/admin/reading/loan/{loan.pk}/change/"]
    asked += [f"/admin/reading/loan/{loan.pk}/history/", f"/admin/reading/copy/{room.copy.pk}/change/"]
    assert [path for path, html in pages(client, *asked) if tells(html)] == []


def test_the_reader_sees_it_and_it_is_gone_when_it_is_forgotten(client, past):
    room, _, _ = past
    client.force_login(room.a)
    assert TITLE in client.get("/loans/").content.decode()
    client.post("/loans/forget/")
    assert TITLE not in client.get("/loans/").content.decode()
    assert list(Loan.objects.of(room.a)) == list(Hold.objects.of(room.a)) == []


LOOKUPS = [
    "returned_at__isnull=False", "returned_at__isnull=0", "returned_at__gte=2000-01-01", "is_lost__exact=0",
    "borrower__name=" + NAME, "borrower__name__startswith=司", "copy__loans__borrower__name=" + NAME, "q=" + NAME,
    "q=" + TITLE, "copy__book__title=" + TITLE, "due_on__year=2024", "all=", "o=3", "id__gte=0",
    "state__exact=cancelled", "state__exact=fulfilled", "cadre__name=" + NAME, "closed_at__isnull=False",
    "_popup=1", "_to_field=id",
]  # fmt: skip


@pytest.mark.parametrize("model", ["loan", "hold"])
def test_the_desk_lists_only_what_is_open(client, past, model):
    for role in (Role.LIBRARIAN, Role.OFFICE):
        client.force_login(reader(role))
        for lookup in LOOKUPS:
            answer = client.get(f"/admin/reading/{model}/?{lookup}", follow=True)
            found = answer.context.get("cl") if answer.context else None
            assert (answer.status_code in (200, 400), list(found.result_list) if found else []) == (True, []), lookup


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_the_desk_opens_no_row_that_is_over(client, past, page):
    _, loan, hold = past
    for role in (Role.LIBRARIAN, Role.OFFICE, Role.AUDIT):
        client.force_login(reader(role))
        for model, row in (("loan", loan), ("hold", hold)):
            answer = client.get(f"/admin/reading/{model}/{row.pk}/{page}/", follow=True)
            html = answer.content.decode()
            assert NAME not in html
            assert TITLE not in html


def back_lookups(model) -> list[str]:
    """The names of rows that point to the model, as an address would ask through them."""
    return sorted(model._meta.fields_map)


@pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.OFFICE, Role.SECURITY, Role.AUDIT, Role.SYSTEM])
def test_no_list_of_the_desk_is_asked_through_loans(client, past, role):
    """`/admin/organization/cadre/?loans=7` would tell whose the loan was, and the list of copies which book."""
    room, loan, hold = past
    viewer = reader(role)
    client.force_login(viewer)
    kept = {"organization.Cadre": room.a, "reading.Copy": room.copy, "reading.Book": room.copy.book}
    for label, row in kept.items():
        model = apps.get_model(label)
        if model not in admin.site._registry:
            continue
        path = reverse(f"admin:{label.replace('.', '_').lower()}_changelist")
        for name in back_lookups(model):
            for lookup in (name, f"{name}__id", f"{name}__in", f"{name}__pk", f"{name}__isnull", f"{name}__borrower"):
                for value in (loan.pk, hold.pk, room.a.pk, 0):
                    answer = client.get(path, {lookup: value}, follow=True)
                    found = answer.context.get("cl") if answer.context else None
                    others = [] if found is None else list(found.queryset)
                    narrowed = found is not None and len(others) < found.root_queryset.count()
                    assert not (row in others and narrowed), (path, lookup)


def test_no_record_names_who_and_what(past):
    told = [f"{each.about} {each.detail} {each.actor_label}" for each in AccessEvent.objects.all()]
    told += [f"{each.object_repr} {each.change_message} {each.user}" for each in LogEntry.objects.all()]
    told += [f"{each.actor} {each.reason}" for each in CopyEvent.objects.all()]
    assert [text for text in told if NAME in text or TITLE in text] == []


def test_notices_of_others_name_no_borrower(past):
    room, _, _ = past
    others = Notice.objects.exclude(recipient=room.a)
    assert [notice for notice in others if NAME in f"{notice.subject}{notice.body}"] == []


def test_others_cannot_act_on_it(client, past):
    room, loan, hold = past
    for person in (room.librarian, room.c):
        client.force_login(person)
        for path in (f"/loans/{loan.pk}/renew/", f"/loans/{loan.pk}/remind/", f"/loans/{loan.pk}/end/"):
            assert client.post(path).status_code == 404
        assert client.post(f"/holds/{hold.pk}/cancel/").status_code == 404


def test_a_cancelled_hold_is_over_too(client, room):
    room.lend()
    hold = room.hold(room.b)
    cancel_hold(hold=hold, by=room.b, now=room.now)
    assert list(Hold.objects.visible_to(room.librarian)) == []
    assert list(Hold.objects.visible_to(room.b)) == [hold]
    assert Loan.objects.visible_to(room.librarian).count() == 1
    assert Copy.objects.get().state == "on_loan"
