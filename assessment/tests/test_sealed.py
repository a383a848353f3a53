"""What a sealed period holds, the database itself refuses to change."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.rows import make_results

pytestmark = pytest.mark.django_db
MODELS = [Entry, PersonResult, DepartmentResult, PartyGroupResult]
each_model = pytest.mark.parametrize("model", MODELS)


@pytest.fixture
def sealed():
    department = DepartmentFactory(parent=bureau())
    cadre = CadreFactory(department=department)
    for code in ("2024Q1", "2024Q2"):
        make_results(Period.objects.create(code=code), cadre, department)
    Period.objects.filter(code="2024Q1").update(state=Period.State.SEALED)
    return cadre


@each_model
def test_rows_are_neither_changed_nor_deleted(model, sealed):
    before = list(model.objects.order_by("pk").values())
    rows = model.objects.filter(period="2024Q1")
    for change in (rows.delete, lambda: rows.update(position=9), lambda: model.objects.update(position=9)):
        with pytest.raises(IntegrityError, match="period_is_sealed"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(period="2024Q2").update(period="2024Q1")
    assert list(model.objects.order_by("pk").values()) == before
    assert model.objects.filter(period="2024Q2").update(position=9) == 1


def test_no_entry_is_added(sealed):
    with pytest.raises(IntegrityError, match="period_is_sealed"), transaction.atomic():
        Entry.objects.create(
            period_id="2024Q1", position=1, cadre=sealed, employee_number="A1", name="某", date=date(2024, 1, 1),
            department=sealed.postings.get().department, department_path="科", fact_kind="essay", reference="ZP1",
            title="读后", rule_code="essay.base", scheme_version=1, points=Decimal("1.00"),
        )  # fmt: skip


def test_no_seal_is_taken_off(sealed):
    for change in (
        lambda: Period.objects.filter(code="2024Q1").update(state=Period.State.OPEN),
        lambda: Period.objects.update(agency="改名"),
        Period.objects.filter(code="2024Q1").delete,
    ):
        with pytest.raises(Exception, match=r"period_is_sealed|protected"), transaction.atomic():
            change()
    assert Period.objects.get(code="2024Q1").state == Period.State.SEALED
