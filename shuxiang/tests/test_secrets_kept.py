"""No password hash outside the table of people, and no password as typed anywhere."""

import json

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from organization.models import Cadre
from organization.roles import Role
from organization.services.passwords import draw_first_passwords, store_first_passwords
from organization.tests.factories import CadreFactory
from organization.tests.test_idle import set_active

pytestmark = pytest.mark.django_db
FIRST, SECOND, WRONG = "Lanting-3-yue", "Qingming-4-yue", "Duanwu-5-yue"


def every_value() -> list[tuple[str, str]]:
    """`table.column` and the text of every value in the database, with sessions decoded."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            found += [
                (f"{table}.{name}", str(value))
                for row in cursor.fetchall()
                for name, value in zip(columns, row, strict=True)
            ]
    found += [("session", json.dumps(session.get_decoded())) for session in Session.objects.all()]
    return found


def test_nothing_is_kept_where_it_does_not_belong(caplog, capsys):
    cadre = CadreFactory(employee_number="A1", roles=[Role.OFFICE], password=make_password(FIRST))
    hashes = [cadre.password]
    client = Client()

    def log_in(number, password):
        return client.post("/login/?next=/me/", {"username": number, "password": password, "next": "/me/"})

    for number, password in (("A1", WRONG), (WRONG, FIRST), ("A1", FIRST)):
        log_in(number, password)
    change = {"old_password": WRONG, "new_password1": SECOND, "new_password2": SECOND}
    client.post("/password/", change)
    assert client.post("/password/", change | {"old_password": FIRST}).status_code == 302
    hashes.append(Cadre.objects.get(pk=cadre.pk).password)
    client.post("/password/", change | {"old_password": SECOND, "new_password1": FIRST, "new_password2": FIRST})
    security = Client()
    security.force_login(CadreFactory(roles=[Role.SECURITY]))
    set_active(security, cadre, False)
    set_active(security, cadre, True)
    [drawn] = draw_first_passwords(cadres=[Cadre.objects.get(pk=cadre.pk)])
    store_first_passwords(drawn=[drawn], now=cadre.created_at)
    hashes.append(drawn.hash)
    for _ in range(6):
        log_in("A1", WRONG)
    values = every_value()
    own = {"organization_cadre.password", "organization_cadre.former_passwords"}
    assert sorted({place for place, value in values for each in hashes if each in value}) == sorted(own)
    typed = [FIRST, SECOND, WRONG, drawn.password]
    assert [place for place, value in values for each in typed if each in value] == []
    out = caplog.text + "".join(capsys.readouterr())
    assert [each for each in (*typed, *hashes) if each in out] == []
