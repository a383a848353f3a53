"""Rows written in bulk come back as they were, whatever their text holds."""

import gc

import psycopg
import pytest
from django.db import OperationalError, connection

from assessment.bulk import (
    INSERT_VALUES,
    collector_at_rest,
    copy_blocks,
    copy_part,
    insert_rows,
    part_maker,
    prepare_rows,
)
from assessment.models import PartyGroupResult, Period

FIELDS = ("period_id", "position", "name", "listed", "assessed", "met", "points")
TEXTS = ["", "一组", "a\tb", "a\nb", "a\rb", "\\", "\\N", "\\.", "tab\\tno", " 前后 ", "'\"%s{}", "𠮷\u3000\u00a0"]


@pytest.mark.django_db
def test_every_text_comes_back_as_it_was():
    Period.objects.create(code="2024Q1")
    make = part_maker()
    rows = (
        (make.texts(("2024Q1",)), make.number(place), make.texts((text,)), make.part((3, 2, 1, "-0.50")))
        for place, text in enumerate(TEXTS)
    )
    insert_rows(prepare_rows(PartyGroupResult, FIELDS, rows))
    found = PartyGroupResult.objects.order_by("position").values_list("position", "name", "listed", "points")
    assert [(place, name, listed, str(points)) for place, name, listed, points in found] == [
        (place, text, 3, "-0.50") for place, text in enumerate(TEXTS)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_rows_around_a_full_statement_all_come_in(over):
    Period.objects.create(code="2024Q1")
    count = 2 * (INSERT_VALUES // len(FIELDS)) + over
    make = part_maker()
    rows = ((make.part(("2024Q1", place, str(place), 3, 2, 1, "0.50")),) for place in range(count))
    insert_rows(prepare_rows(PartyGroupResult, FIELDS, rows))
    found = PartyGroupResult.objects.order_by("position").values_list("position", "name")
    assert list(found) == [(place, str(place)) for place in range(count)]


@pytest.mark.django_db
def test_no_rows_are_no_trouble():
    insert_rows(prepare_rows(PartyGroupResult, FIELDS, []))
    assert PartyGroupResult.objects.count() == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_lost_in_the_middle_is_known_as_such():
    """The run that wrote waits for its next start, as wherever its database goes away."""
    make = part_maker()

    def rows():
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        yield (make.part(("2024Q1", 0, "一组", 3, 2, 1, "0.50")),)

    connection.ensure_connection()
    try:
        with pytest.raises(OperationalError):
            insert_rows(prepare_rows(PartyGroupResult, FIELDS, rows()))
    finally:
        connection.close()


def test_copy_text_marks_what_is_missing_and_escapes_the_rest():
    rows = [("a", 1, None), ("\\N", None, "b\tc"), ("d\\e", "f\ng\r", True)]
    assert (
        b"".join(copy_blocks((copy_part(row),) for row in rows))
        == b"a\t1\t\\N\n\\\\N\t\\N\tb\\tc\nd\\\\e\tf\\ng\\r\tTrue\n"
    )


def test_copy_text_comes_in_blocks_of_five_thousand_rows():
    assert [block.count(b"\n") for block in copy_blocks((str(number),) for number in range(12_000))] == [
        5000,
        5000,
        2000,
    ]


def test_the_collector_rests_and_goes_on_as_before():
    with collector_at_rest():
        assert not gc.isenabled()
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_goes_on_after_a_failure():
    with pytest.raises(KeyError), collector_at_rest():
        raise KeyError
    assert gc.isenabled()
