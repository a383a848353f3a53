"""The ledger names only people, departments and periods that exist, and none of them goes while it is named."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult
from organization.models import Cadre, Posting
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.rows import make_results

MODELS = [Entry, PersonResult, DepartmentResult, PartyGroupResult]
REFERENCES = [
    (model, field.attname)
    for model in MODELS
    for field in model._meta.concrete_fields
    if field.is_relation and field.attname != "period_id"
]
each_reference = pytest.mark.parametrize(
    ("model", "column"), REFERENCES, ids=[f"{model.__name__}.{column}" for model, column in REFERENCES]
)
IN_USE = "name_in_use" if connection.vendor == "postgresql" else "FOREIGN KEY"
UNKNOWN = {"corrects_id": "1999Q1"}


@pytest.fixture
def named(seeds):
    department = DepartmentFactory(parent=bureau())
    cadre = CadreFactory(department=department)
    make_results(Period.objects.create(code="2024Q1"), cadre, department)
    # Nothing but the ledger names the cadre any more.
    Posting.objects.filter(cadre=cadre).delete()
    cadre.groups.clear()
    return cadre


def execute(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


@each_reference
def test_a_row_that_names_nothing_known_is_refused(model, column, named):
    change = {column: UNKNOWN.get(column, 987654)}
    if column == "corrects_id":
        change |= {"kind": Entry.Kind.ADJUSTMENT, "cause": "补通过"}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)
    row = model.objects.get()
    row.delete()
    row.pk = None
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("model", MODELS)
def test_a_row_of_an_unknown_period_is_refused(model, named):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(period="1999Q1")


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("organization_cadre", "id", 987654),
        ("organization_department", "id", 987654),
        ("assessment_period", "code", "1999Q1"),
    ],
)
def test_what_the_ledger_names_is_neither_deleted_nor_given_another_key(table, key, value, named):
    row = Entry.objects.get()
    own = {
        "organization_cadre": row.cadre_id,
        "organization_department": row.department_id,
        "assessment_period": row.period_id,
    }[table]
    with pytest.raises(IntegrityError, match=IN_USE):
        execute(f"UPDATE {table} SET {key} = %s WHERE {key} = %s", value, own)
    with pytest.raises(IntegrityError, match=IN_USE):
        execute(f"DELETE FROM {table} WHERE {key} = %s", own)
    Entry.objects.update(note="仍可更新")
    execute(f"UPDATE {table} SET {key} = {key}")


def test_what_the_ledger_no_longer_names_may_go(named):
    for model in MODELS:
        model.objects.all().delete()
    execute("DELETE FROM organization_cadre WHERE id = %s", named.pk)
    assert not Cadre.objects.filter(pk=named.pk).exists()


def in_another_session(work):
    """Starts `work` on a connection of its own; the list holds what it raised once the thread has ended."""
    raised = []

    def run():
        try:
            work()
        except IntegrityError as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


@pytest.mark.postgresql
class TestAtOnce:
    def test_a_deletion_waits_for_an_assessment_that_names_the_person(self, named):
        PersonResult.objects.all().delete()
        entry = Entry.objects.get()
        Entry.objects.all().delete()
        with transaction.atomic():
            entry.save(force_insert=True)
            thread, raised = in_another_session(
                lambda: execute("DELETE FROM organization_cadre WHERE id = %s", named.pk)
            )
            thread.join(0.5)
            assert thread.is_alive()
        thread.join(20)
        assert len(raised) == 1
        assert Cadre.objects.filter(pk=named.pk).exists()

    def test_an_assessment_waits_for_a_deletion_and_finds_the_person_gone(self, named):
        PersonResult.objects.all().delete()
        entry = Entry.objects.get()
        Entry.objects.all().delete()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM organization_cadre WHERE id = %s", [named.pk])
            thread, raised = in_another_session(lambda: entry.save(force_insert=True))
            thread.join(0.5)
            assert thread.is_alive()
        thread.join(20)
        assert len(raised) == 1
        assert Entry.objects.count() == 0
