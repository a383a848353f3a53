"""Postings and memberships of one person: no overlap, and changed only by the person's own office."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from organization.models import Cadre, Leave, PartyGroup, PartyMembership, Posting
from organization.roles import Role
from organization.services.accounts import open_account
from organization.services.placements import rewrite_spans
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

pytestmark = pytest.mark.django_db
NEW_YEAR, JUNE, JULY = date(2024, 1, 1), date(2024, 6, 30), date(2024, 7, 1)


@pytest.fixture
def cadre():
    return CadreFactory()


@pytest.fixture
def department():
    return DepartmentFactory(parent=bureau())


def post(cadre, department, since, until=None):
    return Posting.objects.create(cadre=cadre, department=department, since=since, until=until)


def test_the_database_takes_postings_that_touch(cadre, department):
    post(cadre, department, NEW_YEAR, JUNE)
    post(cadre, department, JULY)
    assert cadre.postings.count() == 2


@pytest.mark.parametrize(
    ("since", "until"),
    [(JUNE, None), (date(2023, 1, 1), NEW_YEAR), (date(2024, 2, 1), date(2024, 2, 1)), (date(2023, 1, 1), None)],
)
def test_the_database_refuses_overlapping_postings(since, until, cadre, department):
    post(cadre, department, NEW_YEAR, JUNE)
    with pytest.raises(IntegrityError, match="posting_no_overlap"), transaction.atomic():
        post(cadre, department, since, until)
    post(CadreFactory(), department, since, until)


def test_the_database_refuses_a_posting_that_is_moved_onto_another(cadre, department):
    post(cadre, department, NEW_YEAR, JUNE)
    other = post(cadre, department, JULY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.filter(pk=other.pk).update(since=JUNE)


def test_the_database_refuses_an_open_posting_before_a_later_one(cadre, department):
    post(cadre, department, JULY)
    with pytest.raises(IntegrityError), transaction.atomic():
        post(cadre, department, NEW_YEAR)


def test_the_database_refuses_overlapping_memberships(cadre):
    first, second = (PartyGroup.objects.create(name=name) for name in ("第一", "第二"))
    PartyMembership.objects.create(cadre=cadre, party_group=first, since=NEW_YEAR)
    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        PartyMembership.objects.create(cadre=cadre, party_group=second, since=JULY)


@pytest.mark.parametrize("model", [Posting, PartyMembership, Leave])
def test_the_database_refuses_a_span_that_ends_before_it_begins(model, cadre, department):
    place = {
        Posting: {"department": department},
        PartyMembership: {"party_group": PartyGroup(name="第一")},
        Leave: {"category": "病假"},
    }[model]
    if model is PartyMembership:
        place["party_group"].save()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(cadre=cadre, since=JULY, until=JUNE, **place)


class Desk:
    """The change page of one person, as the office fills it in."""

    def __init__(self, client, cadre):
        self.client, self.cadre = client, cadre
        self.url = reverse("admin:organization_cadre_change", args=[cadre.pk])

    def seen(self):
        return Cadre.objects.get(pk=self.cadre.pk).changed_at.isoformat()

    def send(self, postings, **fields):
        """`postings` are dicts; with a pk they change a row, with DELETE they remove it."""
        kept = [row for row in postings if "id" in row]
        data = {"name": self.cadre.name, "title": "", "phone": "", "_save": "保存", "seen": self.seen()} | fields
        for prefix, rows in (("postings", postings), ("party_memberships", []), ("leaves", [])):
            data |= {
                f"{prefix}-TOTAL_FORMS": len(rows),
                f"{prefix}-INITIAL_FORMS": len(kept) if rows else 0,
                f"{prefix}-MIN_NUM_FORMS": 0,
                f"{prefix}-MAX_NUM_FORMS": 1000,
            }
            for number, row in enumerate([*(r for r in rows if "id" in r), *(r for r in rows if "id" not in r)]):
                data |= {f"{prefix}-{number}-{key}": value for key, value in row.items()}
                data[f"{prefix}-{number}-cadre"] = self.cadre.pk
        return self.client.post(self.url, data)


@pytest.fixture
def desk(client, cadre, department):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    post(cadre, department, NEW_YEAR, JUNE)
    return Desk(client, cadre)


def row(department, since, until="", **other):
    return {"department": department.pk, "since": since, "until": until} | other


def spans(cadre):
    return list(cadre.postings.order_by("since").values_list("since", "until"))


def test_the_desk_takes_a_transfer(desk, cadre, department):
    known = cadre.postings.get()
    response = desk.send([row(department, NEW_YEAR, date(2024, 3, 1), id=known.pk), row(department, date(2024, 3, 2))])
    assert response.status_code == 302
    assert spans(cadre) == [(NEW_YEAR, date(2024, 3, 1)), (date(2024, 3, 2), None)]


def test_the_desk_moves_the_edge_between_two_postings(desk, cadre, department):
    first = cadre.postings.get()
    second = post(cadre, department, JULY)
    response = desk.send(
        [row(department, NEW_YEAR, date(2024, 8, 1), id=first.pk), row(department, date(2024, 8, 2), id=second.pk)]
    )
    assert response.status_code == 302
    assert spans(cadre) == [(NEW_YEAR, date(2024, 8, 1)), (date(2024, 8, 2), None)]


def test_the_desk_refuses_an_overlap_and_keeps_what_was_typed(desk, cadre, department):
    known = cadre.postings.get()
    response = desk.send([row(department, NEW_YEAR, JULY, id=known.pk), row(department, JUNE)])
    assert response.status_code == 200
    assert "任职的日期重叠" in response.content.decode()
    assert 'value="2024-07-01"' in response.content.decode()
    assert spans(cadre) == [(NEW_YEAR, JUNE)]


def test_the_desk_removes_a_posting_and_remembers_it_in_words(desk, cadre, department):
    known = cadre.postings.get()
    assert desk.send([row(department, NEW_YEAR, JUNE, id=known.pk, DELETE="on")]).status_code == 302
    assert spans(cadre) == []
    history = desk.client.get(reverse("admin:organization_cadre_history", args=[cadre.pk])).content.decode()
    assert "2024 年 1 月 1 日至 2024 年 6 月 30 日" in history


def test_the_office_changes_no_roles_and_no_account(desk, cadre, department):
    known = cadre.postings.get()
    desk.send([row(department, NEW_YEAR, JUNE, id=known.pk)], groups=["3"], employee_number="X1", name="新名")
    stored = Cadre.objects.get(pk=cadre.pk)
    assert (stored.name, stored.roles, stored.employee_number, stored.is_active) == (
        "新名",
        {Role.CADRE},
        cadre.employee_number,
        True,
    )


def test_the_security_administrator_changes_roles_but_not_the_own_ones(client, cadre):
    administrator = CadreFactory(roles=[Role.SECURITY])
    client.force_login(administrator)
    group = Group.objects.get(name=Role.OFFICE)
    for who in (cadre, administrator):
        desk = Desk(client, who)
        desk.send([], groups=[group.pk], is_active="on")
    assert Cadre.objects.get(pk=cadre.pk).roles == {Role.OFFICE}
    assert Cadre.objects.get(pk=administrator.pk).roles == {Role.SECURITY}


@pytest.fixture
def county():
    return County()


def test_rewritten_rows_keep_the_day_on_which_they_were_made(county):
    first = county.colleague.postings.get()
    made = first.created_at
    first.until = date(2024, 1, 1)
    rewrite_spans(model=Posting, cadre=county.colleague, spans=[first], deleted=[], actor=county.clerk)
    stored = county.colleague.postings.get()
    assert (stored.created_at, stored.until) == (made, date(2024, 1, 1))
    assert stored.changed_at > made


def test_only_the_persons_own_office_rewrites_spans(county):
    group = PartyGroup.objects.create(name="第一")
    outsider = CadreFactory(department=county.office)
    for cadre, actor in (
        (county.stranger, county.clerk),
        (county.clerk, county.clerk),
        (county.colleague, outsider),
        (county.colleague, CadreFactory(roles=[Role.OFFICE])),
    ):
        membership = PartyMembership(cadre=cadre, party_group=group, since=date(2024, 1, 1))
        with pytest.raises(NotAllowed):
            rewrite_spans(model=PartyMembership, cadre=cadre, spans=[membership], deleted=[], actor=actor)
    assert PartyMembership.objects.count() == 0


def test_only_a_clerk_in_service_opens_accounts_and_only_plain_ones(county):
    for actor, role in (
        (county.colleague, Role.CADRE),
        (CadreFactory(roles=[Role.OFFICE]), Role.CADRE),
        (county.clerk, Role.OFFICE),
    ):
        with pytest.raises(NotAllowed):
            open_account(cadre=Cadre(employee_number="N1", name="新人"), role=role, actor=actor)
    opened = open_account(cadre=Cadre(employee_number="N1", name="新人"), actor=county.clerk)
    assert opened.roles == {Role.CADRE}
