import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client

from organization.models import AccessAction, AccessEvent, Cadre
from organization.roles import Role
from organization.services.accounts import open_account
from organization.services.audit import COMMAND_LINE, acting_from, record_event
from organization.tests.county import NO_ROWS
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from organization.tests.signing_in import PASSWORD, cadre

__all__ = ["cadre"]
pytestmark = pytest.mark.django_db


def log_in(client, number="Ab012", password=PASSWORD):
    return client.post("/login/", {"username": number, "password": password}, REMOTE_ADDR="10.0.0.1")


def events(*fields):
    return list(AccessEvent.objects.order_by("id").values_list(*fields))


def test_coming_and_going_is_kept_with_person_and_address(client, cadre):
    log_in(client)
    client.post("/logout/", REMOTE_ADDR="10.0.0.2")
    assert events("action", "actor", "actor_label", "about", "address") == [
        ("log_in", cadre.pk, "沈知微（Ab012）", "", "10.0.0.1"),
        ("log_out", cadre.pk, "沈知微（Ab012）", "", "10.0.0.2"),
    ]


def test_leaving_twice_is_one_event(client, cadre):
    log_in(client)
    client.post("/logout/")
    client.post("/logout/")
    assert events("action") == [("log_in",), ("log_out",)]


def test_a_failure_names_whom_it_was_about(client, cadre):
    log_in(client, "ab012", "wrong")
    log_in(client, "YZ0l2")
    assert events("action", "actor", "actor_label", "about") == [
        ("log_in_failed", None, "未登录", "沈知微（Ab012）"),
        ("log_in_failed", None, "未登录", "没有工号“YZ0l2”"),
    ]


def test_a_password_typed_in_the_wrong_field_is_not_kept(client, cadre):
    log_in(client, PASSWORD, "")
    log_in(client, PASSWORD, PASSWORD)
    assert events("about") == [("没有这个工号（填写的像是密码，不记录）",)]


def test_the_failure_that_locks_is_two_events_and_every_later_one_is_marked(client, cadre):
    for _ in range(6):
        log_in(client, password="wrong")
    assert events("action", "detail")[4:] == [
        ("log_in_failed", ""),
        ("lock", "连续失败 5 次，锁定 15 分钟"),
        ("log_in_failed", "锁定期间"),
    ]


def test_the_label_stays_when_the_name_changes(client, cadre):
    log_in(client)
    Cadre.objects.filter(pk=cadre.pk).update(name="沈知薇")
    assert events("actor_label") == [("沈知微（Ab012）",)]


def test_roles_and_settings_changed_at_the_desk_are_events(client):
    clerk = CadreFactory(roles=[Role.OFFICE], department=bureau())
    security, person = CadreFactory(roles=[Role.SECURITY]), CadreFactory(department=DepartmentFactory(parent=bureau()))
    client.force_login(security)
    given = [Group.objects.get(name=role).pk for role in (Role.CADRE, Role.LIAISON)]
    typed = {"seen": person.changed_at.isoformat(), "is_active": "on", "groups": given} | NO_ROWS
    assert client.post(f"/admin/organization/cadre/{person.pk}/change/", typed).status_code == 302
    client.force_login(clerk)
    day = {"date": "2024-10-01", "name": "国庆节"}
    assert client.post("/admin/organization/holiday/add/", day).status_code == 302
    assert events("action", "actor", "about", "detail") == [
        ("roles", security.pk, str(person), "干部 → 干部、联络员"),
        ("setting", clerk.pk, "节假日 2024 年 10 月 1 日 国庆节", "已添加。"),
    ]


def test_an_account_opened_on_the_server_is_an_event_of_the_command_line():
    open_account(cadre=Cadre(employee_number="A1", name="甲"), role=Role.AUDIT)
    assert events("action", "actor_label", "about", "detail", "address") == [
        ("account", COMMAND_LINE, "甲（A1）", "新建账号，角色：审计管理员", None)
    ]


def test_the_address_ends_with_the_request():
    with acting_from("10.0.0.1"):
        record_event(action=AccessAction.EXPORT, actor=None)
    record_event(action=AccessAction.EXPORT, actor=None)
    assert events("address") == [("10.0.0.1",), (None,)]


def test_overlong_names_are_cut_and_long_details_kept():
    event = record_event(action=AccessAction.EXPORT, actor=None, about="长" * 300, detail="长" * 5000)
    assert (len(event.about), len(event.detail)) == (200, 5000)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE organization_accessevent SET detail = 'x'",
        "UPDATE organization_accessevent SET actor_id = NULL",
        "DELETE FROM organization_accessevent",
    ],
)
def test_the_database_refuses_every_change(change, cadre):
    record_event(action=AccessAction.EXPORT, actor=cadre)
    with pytest.raises(DatabaseError, match="access_event_is_kept"), transaction.atomic():
        connection.cursor().execute(change)
    with pytest.raises(DatabaseError, match="access_event_is_kept"), transaction.atomic():
        AccessEvent.objects.all().delete()
    assert AccessEvent.objects.count() == 1


def test_where_the_event_cannot_be_kept_nobody_gets_in(client, cadre):
    refuse = "INSERT ON organization_accessevent"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TRIGGER disk_full BEFORE {refuse} EXECUTE FUNCTION refuse_access_event_change()")
        else:
            cursor.execute(f"CREATE TRIGGER disk_full BEFORE {refuse} BEGIN SELECT RAISE(ABORT, 'full'); END")
    stranger = Client(raise_request_exception=False)
    with transaction.atomic():
        assert log_in(stranger).status_code == 500
        transaction.set_rollback(True)
    assert stranger.get("/me/").status_code == 302


@pytest.mark.parametrize("role", list(Role))
def test_only_the_audit_administrator_reads_and_nobody_writes(client, cadre, role):
    event = record_event(action=AccessAction.EXPORT, actor=cadre, about="2024 年考核工作簿")
    viewer = CadreFactory(roles=[role], department=None if "管理员" in role else bureau())
    client.force_login(viewer)
    page = client.get("/admin/organization/accessevent/", {"q": "工作簿", "action": "export"})
    assert ("2024 年考核工作簿" in page.content.decode()) == (role == Role.AUDIT)
    for name in (f"{event.pk}/change/", f"{event.pk}/delete/", "add/"):
        response = client.post(f"/admin/organization/accessevent/{name}", {"detail": "x", "post": "yes"})
        assert response.status_code in (302, 403)
    chosen = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    client.post("/admin/organization/accessevent/", chosen)
    assert events("detail") == [("",)]
