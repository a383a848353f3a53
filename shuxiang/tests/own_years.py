"""A person's assessed year, written straight into the tables, for tests of pages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from assessment.models import Entry, Period, PersonResult, Scheme
from assessment.services.schemes import snapshot
from organization.models import Cadre, Department, Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI

TODAY = datetime(2024, 11, 20, 9, 0, tzinfo=SHANGHAI)
ASSESSED_AT = datetime(2024, 11, 1, 2, 0, tzinfo=UTC)
QUOTAS = [["诵读作品", 1, 1], ["读书心得", 1, 0], ["好书推荐", 1, 0]]


@pytest.fixture
def cadre() -> Cadre:
    office = DepartmentFactory(name="办公室", parent=DepartmentFactory(name="业务口", parent=bureau()))
    cadre: Cadre = CadreFactory(name="沈知微", roles=[Role.CADRE, Role.LIAISON], department=office)
    return cadre


def page_of(client: Client, cadre: Cadre, query: str = "") -> str:
    client.force_login(cadre)
    response = client.get(f"/me/{query}")
    assert response.status_code == 200
    return response.content.decode()


def department_of(cadre: Cadre) -> Department:
    return Posting.objects.get(cadre=cadre).department


def make_period(code: str, **changes: Any) -> Period:
    scheme = Scheme.objects.prefetch_related("quotas", "rules").get()
    kept = {**snapshot([scheme]), **changes}
    period, _ = Period.objects.get_or_create(
        code=code, defaults={"scheme": scheme, "scheme_snapshot": kept, "assessed_at": ASSESSED_AT}
    )
    return period


def make_result(cadre: Cadre, code: str, **values: Any) -> PersonResult:
    defaults = {
        "position": PersonResult.objects.count(),
        "employee_number": cadre.employee_number,
        "name": cadre.name,
        "department": department_of(cadre),
        "department_path": "办公室",
        "agency": department_of(cadre),
        "service_days": 90,
        "effective_days": 90,
        "quotas": QUOTAS,
        "excellent": 0,
        "points": "3.00",
        "adjustment": "0.00",
        "year_points": "5.00",
        "status": PersonResult.Status.UNMET,
        "rank": 7,
    }
    return PersonResult.objects.create(period=make_period(code), cadre=cadre, **{**defaults, **values})


def make_entry(cadre: Cadre, code: str, **values: Any) -> Entry:
    number = Entry.objects.count()
    defaults = {
        "position": number,
        "employee_number": cadre.employee_number,
        "name": cadre.name,
        "department": department_of(cadre),
        "department_path": "办公室",
        "date": date(2024, 7, 1),
        "fact_kind": "essay",
        "reference": f"ZP{number:05}",
        "title": f"读后{number}",
        "rule_code": "essay.base",
        "scheme_version": 1,
        "points": "1.00",
    }
    return Entry.objects.create(period=make_period(code), cadre=cadre, **{**defaults, **values})
