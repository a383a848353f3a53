"""Writing plain rows: COPY on PostgreSQL, one executemany elsewhere; model objects would take most of a large run."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, models

COPY_ROWS = 5000
NULL = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Prepared(NamedTuple):
    """Rows as the driver takes them, so that the transaction that writes them has nothing left to work out."""

    statement: str
    rows: list[Any]


def prepare_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Prepared:
    """Rows whose values stand in the order of `fields` (attribute names such as `cadre_id`).

    Values are what the database driver takes: text, whole numbers, truth values, None, dates as ISO
    text and decimals as text.
    """
    columns = ", ".join(connection.ops.quote_name(column_of(model, field)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        return Prepared(f"COPY {table} ({columns}) FROM STDIN", list(copy_blocks(rows)))
    marks = ", ".join(["%s"] * len(fields))
    return Prepared(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(rows))


def insert_rows(prepared: Prepared) -> None:
    """To be called inside a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(prepared.statement) as copy:
                for block in prepared.rows:
                    copy.write(block)
        else:
            cursor.executemany(prepared.statement, prepared.rows)


def copy_blocks(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """COPY's text format, some thousand rows at a time."""
    lines = map(copy_line, rows)
    while block := "".join(islice(lines, COPY_ROWS)):
        yield block.encode()


def copy_line(row: Sequence[Any]) -> str:
    """A line as it is where nothing needs an escape, which is cheap to see and the rule."""
    line = "\t".join(map(str, row))
    if None in row or "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(row):
        line = "\t".join([NULL if value is None else str(value).translate(ESCAPES) for value in row])
    return f"{line}\n"


def column_of(model: type[models.Model], attribute: str) -> str:
    return next(field.column for field in model._meta.concrete_fields if field.attname == attribute and field.column)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Without Python's garbage collector, which would walk over millions of new rows and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
