"""What every page of the desk refuses: foreign rows, own rows, stale forms, questions about passwords."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from organization.admin import CadreAdmin
from organization.desk import DeskAdmin
from organization.models import Cadre, Department, DepartmentKind, Holiday, PartyGroup, Posting
from organization.roles import Role
from organization.services.roles import check_roles
from organization.tests.county import NO_ROWS, County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

pytestmark = pytest.mark.django_db
STALE = "这条记录刚被别人修改过"


@pytest.fixture
def county():
    return County()


def seen(row) -> str:
    return type(row).objects.get(pk=row.pk).changed_at.isoformat()


def page(row, kind="change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{kind}", args=[row.pk])


def posting_row(number, department, **row) -> dict:
    row = {"department": department.pk, "since": "2024-01-01", "until": ""} | row
    return {f"postings-{number}-{key}": value for key, value in row.items()}


def test_an_address_never_asks_for_password_hashes(client):
    clerk = CadreFactory(roles=[Role.OFFICE], department=bureau())
    client.force_login(clerk)
    lists = [("organization_cadre", "password__startswith"), ("organization_cadre", "must_change_password"),
             ("activities_attendance", "cadre__password__startswith"),
             ("submissions_submission", "contributors__cadre__password__startswith")]  # fmt: skip
    for name, lookup in lists:
        assert client.get(reverse(f"admin:{name}_changelist"), {lookup: "!"}).status_code == 400, lookup
    assert client.get(reverse("admin:organization_cadre_changelist"), {"is_active__exact": "1"}).status_code == 200


def test_an_admin_that_names_no_scope_does_not_start():
    class Forgetful(DeskAdmin):
        pass

    class Doubled(DeskAdmin):
        everybody_sees = True

    with pytest.raises(ImproperlyConfigured):
        Forgetful(Holiday, admin.site)
    with pytest.raises(ImproperlyConfigured):
        Doubled(Cadre, admin.site)


def test_an_office_clerk_without_a_current_posting_has_no_desk(client):
    clerk = CadreFactory(roles=[Role.OFFICE])
    Posting.objects.create(cadre=clerk, department=bureau(), since=date(2020, 1, 1), until=date(2020, 12, 31))
    client.force_login(clerk)
    for name in ("organization_cadre", "organization_holiday", "assessment_scheme", "activities_activity"):
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 403


def test_an_agencys_office_lists_only_its_own_departments(client, county):
    client.force_login(county.clerk)
    url = reverse("admin:organization_department_changelist")
    assert set(client.get(url).context["cl"].queryset) == {county.ours, county.office}
    client.force_login(CadreFactory(roles=[Role.SYSTEM]))
    assert set(client.get(url).context["cl"].queryset) == set(Department.objects.all())


def test_an_agencys_office_renames_offices_below_it_but_moves_nothing(client, county):
    client.force_login(county.clerk)
    data = {"name": "综合处", "position": 7, "kind": "agency", "parent": county.root.pk, "seen": seen(county.office)}
    assert client.post(page(county.office), data).status_code == 302
    county.office.refresh_from_db()
    stored = (county.office.name, county.office.position, county.office.kind, county.office.parent_id)
    assert stored == ("综合处", 7, DepartmentKind.OFFICE, county.ours.pk)
    assert client.post(page(county.ours), {"name": "改名"}).status_code == 403
    assert client.post(page(county.root), {"name": "改名"}).status_code == 302
    assert Department.objects.filter(name="改名").count() == 0


def test_an_agencys_office_adds_offices_only_inside_it(client, county):
    client.force_login(county.clerk)
    url = reverse("admin:organization_department_add")
    for parent in (county.theirs.pk, county.root.pk, ""):
        assert client.post(url, {"name": "新科", "position": 0, "parent": parent}).status_code == 200
    assert (
        client.post(url, {"name": "新科", "position": 0, "parent": county.ours.pk, "kind": "agency"}).status_code == 302
    )
    assert Department.objects.get(name="新科").kind == DepartmentKind.OFFICE


def test_the_roots_office_shapes_the_tree(client, county):
    client.force_login(county.head)
    data = {"name": "综合科", "position": 0, "kind": "office", "parent": county.root.pk, "seen": seen(county.office)}
    assert client.post(page(county.office), data).status_code == 302
    assert Department.objects.get(pk=county.office.pk).parent == county.root


@pytest.mark.parametrize("name", ["organization_partygroup", "organization_holiday"])
def test_what_all_agencies_share_is_the_roots_to_change(name, client, county):
    for person, status in ((county.clerk, 403), (county.head, 200)):
        client.force_login(person)
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:{name}_add")).status_code == status


def test_nobody_changes_the_own_person(client, county):
    security = CadreFactory(roles=[Role.SECURITY])
    for person in (county.clerk, county.head, security):
        client.force_login(person)
        response = client.get(page(person))
        assert response.status_code == 200
        assert 'name="name"' not in response.content.decode()
        assert "postings-0-since" not in response.content.decode()
        assert client.post(page(person), {"name": "改名", "seen": seen(person)} | NO_ROWS).status_code == 403
    client.force_login(county.head)
    assert client.post(page(county.clerk), {"name": "改名", "seen": seen(county.clerk)} | NO_ROWS).status_code == 302
    assert Cadre.objects.get(name="改名") == county.clerk


def test_a_posting_to_a_foreign_department_is_refused(client, county):
    client.force_login(county.clerk)
    data = {"name": "某人", "seen": seen(county.colleague)} | NO_ROWS
    own = county.colleague.postings.get()
    data |= {"postings-TOTAL_FORMS": 2, "postings-INITIAL_FORMS": 1}
    data |= posting_row(0, county.office, id=own.pk, cadre=county.colleague.pk, since="2020-01-01", until="2024-06-30")
    data |= posting_row(1, county.foreign_office, since="2024-07-01")
    response = client.post(page(county.colleague), data)
    assert response.status_code == 200
    assert county.colleague.postings.count() == 1


def test_an_earlier_posting_elsewhere_stays_but_is_not_changed(client, county):
    moved = CadreFactory(name="调入者")
    foreign = Posting.objects.create(
        cadre=moved, department=county.foreign_office, since=date(2020, 1, 1), until=date(2023, 12, 31)
    )
    own = Posting.objects.create(cadre=moved, department=county.office, since=date(2024, 1, 1))
    client.force_login(county.clerk)

    def send(until, department=county.foreign_office):
        data = {"name": "新名", "seen": seen(moved)} | NO_ROWS
        data |= {"postings-TOTAL_FORMS": 2, "postings-INITIAL_FORMS": 2}
        data |= posting_row(0, department, id=foreign.pk, cadre=moved.pk, since="2020-01-01", until=until)
        data |= posting_row(1, county.office, id=own.pk, cadre=moved.pk)
        return client.post(page(moved), data)

    refused = [send("2023-11-30"), send("2023-12-31", county.office)]
    assert ["任职涉及外单位的科室" in response.content.decode() for response in refused] == [True, True]
    assert send("2023-12-31").status_code == 302
    assert Cadre.objects.get(pk=moved.pk).name == "新名"


def test_a_new_person_of_an_agency_needs_a_posting_in_it(client, county):
    client.force_login(county.clerk)
    url = reverse("admin:organization_cadre_add")
    data = {"employee_number": "N1", "name": "新人"} | NO_ROWS
    assert "请至少留一条本单位的任职" in client.post(url, data).content.decode()
    data |= {"postings-TOTAL_FORMS": 1} | posting_row(0, county.office)
    assert client.post(url, data).status_code == 302
    assert Cadre.objects.get(employee_number="N1").postings.get().department == county.office


@pytest.mark.parametrize(
    ("typed", "stored"), [(" ａ００１ ", "a001"), ("A-1_b", "A-1_b"), ("-1", None), ("甲1", None), ("1 2", None)]
)
def test_numbers_are_typed_as_registers_have_them(typed, stored, client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    response = client.post(
        reverse("admin:organization_cadre_add"), {"employee_number": typed, "name": "新人"} | NO_ROWS
    )
    assert list(Cadre.objects.filter(name="新人").values_list("employee_number", flat=True)) == [stored] * bool(stored)
    assert ("工号只能由字母" in response.content.decode()) == (stored is None)


@pytest.mark.parametrize(
    ("roles", "fits"),
    [
        ([Role.SECURITY], True),
        ([Role.CADRE, Role.LIAISON, Role.LIBRARIAN, Role.OFFICE, Role.LEADER, Role.RATER], True),
        ([], True),
        ([Role.SECURITY, Role.AUDIT], False),
        ([Role.SYSTEM, Role.CADRE], False),
        (["审计管理员", "办公室"], False),
    ],
)
def test_an_administrators_role_excludes_every_other(roles, fits):
    if fits:
        check_roles(roles)
    else:
        with pytest.raises(ValueError, match="不能兼任其他角色"):
            check_roles(roles)


def test_a_librarian_finds_the_reading_room_and_its_imports_at_the_desk_and_nothing_else(client):
    client.force_login(CadreFactory(roles=[Role.CADRE, Role.LIBRARIAN], department=bureau()))
    page = client.get(reverse("admin:index"))
    assert (page.status_code, [app["app_label"] for app in page.context["app_list"]]) == (
        200, ["organization", "reading"],
    )  # fmt: skip
    assert [model["object_name"] for model in page.context["app_list"][0]["models"]] == ["RegisterImport"]


def test_the_desk_gives_no_administrator_a_second_role(client):
    cadre = CadreFactory()
    client.force_login(CadreFactory(roles=[Role.SECURITY]))
    groups = [Group.objects.get(name=role).pk for role in (Role.AUDIT, Role.OFFICE)]
    data = {"groups": groups, "is_active": "on", "seen": seen(cadre)} | NO_ROWS
    assert "不能兼任其他角色" in client.post(page(cadre), data).content.decode()
    assert Cadre.objects.get(pk=cadre.pk).roles == {Role.CADRE}
    assert client.post(page(cadre), data | {"groups": groups[:1]}).status_code == 302
    assert Cadre.objects.get(pk=cadre.pk).roles == {Role.AUDIT}


def test_the_second_of_two_tabs_is_told_and_keeps_what_was_typed(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    group, office = PartyGroup.objects.create(name="第一"), DepartmentFactory(parent=bureau())
    for row, data in (
        (CadreFactory(), NO_ROWS),
        (group, {}),
        (office, {"position": 1, "kind": "office", "parent": bureau().pk}),
    ):
        stamp = seen(row)
        assert f'value="{stamp}"' in client.get(page(row)).content.decode()
        assert client.post(page(row), {"name": "先存的", "seen": stamp} | data).status_code == 302
        late = client.post(page(row), {"name": "后存的", "seen": stamp} | data)
        assert (STALE in late.content.decode(), 'value="后存的"' in late.content.decode()) == (True, True)
        assert STALE in client.post(page(row), {"name": "没有戳的"} | data).content.decode()
        assert type(row).objects.get(pk=row.pk).name == "先存的"


@pytest.mark.parametrize("group", ["9" * 40, "x", "-1"])
def test_a_role_that_is_none_is_an_error_at_its_field(client, group):
    cadre = CadreFactory()
    client.force_login(CadreFactory(roles=[Role.SECURITY]))
    response = client.post(page(cadre), {"groups": [group], "is_active": "on", "seen": seen(cadre)} | NO_ROWS)
    assert response.status_code == 200
    assert "groups" in response.context["adminform"].form.errors
    assert Cadre.objects.get(pk=cadre.pk).roles == {Role.CADRE}


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13800000001", "138****0001"), ("0571-88990011", "057****0011"), ("1234567", "12****67"), ("123456", "12****56"),
     ("12345", "****"), ("无", "****"), ("", "")],
)  # fmt: skip
def test_the_middle_of_a_phone_number_is_always_hidden(phone, shown):
    assert CadreAdmin(Cadre, admin.site).masked_phone(Cadre(phone=phone)) == shown


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("organization_department", "parent"),
        ("activities_activity", "department"),
        ("activities_attendance", "cadre"),
        ("submissions_publication", "submission"),
    ],
)
def test_a_garbage_id_is_an_error_on_the_form(page, field, client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    response = client.post(reverse(f"admin:{page}_add"), {field: "x"})
    assert response.status_code == 200
