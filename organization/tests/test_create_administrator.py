import re

import pytest
from django.core.management import CommandError, call_command

from organization.models import Cadre
from organization.roles import ADMINISTRATORS
from organization.tests.factories import CadreFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_an_administrator_has_just_this_role_and_a_first_password(role, capsys):
    call_command("create_administrator", " ＳＹＳ１ ", "周管理", role=role.value)
    cadre = Cadre.objects.get()
    assert (cadre.employee_number, cadre.name, cadre.roles) == ("SYS1", "周管理", {role.value})
    assert not cadre.postings.exists()
    shown = re.search(r"首次登录密码：(\S+)", capsys.readouterr().out)
    assert cadre.check_password(shown[1])
    assert cadre.must_change_password


@pytest.mark.parametrize("number", ["T1", "t1"])
def test_a_number_in_use_is_refused(number):
    cadre = CadreFactory(employee_number="T1")
    with pytest.raises(CommandError, match="已有相同工号"):
        call_command("create_administrator", number, "周管理", role=ADMINISTRATORS[0].value)
    assert list(Cadre.objects.all()) == [cadre]


@pytest.mark.parametrize(
    ("number", "name", "role"),
    [("S1", "周管理", "办公室"), ("S1", "周管理", "站长"), ("", "周管理", "系统管理员"), ("S1", " ", "系统管理员")],
)
def test_nothing_is_made_of_wrong_words(number, name, role):
    with pytest.raises(CommandError):
        call_command("create_administrator", number, name, role=role)
    assert not Cadre.objects.exists()
