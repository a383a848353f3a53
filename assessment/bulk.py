"""Writing plain rows: COPY on PostgreSQL, inserts of many rows elsewhere; model objects would take most of a large run.

A row is a sequence of parts, a part a tuple of values as the driver takes them: what many rows share, such as a
person's number and name, is made a part once and then used as it is.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from django.db import connection, models

COPY_ROWS = 5000
# SQLite's trigger and statement cost once for all rows of a statement; older ones take 999 values.
INSERT_VALUES = 999
NULL = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

Part = Any
Row = Sequence[Part]


class Table(NamedTuple):
    """Rows for `statement` (COPY, or INSERT up to VALUES), to be written once.

    Where `is_streaming()` they are made while they are written; elsewhere they are made up, so that the transaction
    that writes them, and lets nobody else write, has nothing left to work out.
    """

    statement: str
    width: int
    rows: Any


def is_streaming() -> bool:
    """PostgreSQL lets others write meanwhile, and takes rows in while the next are being made."""
    return connection.vendor == "postgresql"


class Maker(NamedTuple):
    """Makes parts of text, whole numbers, truth values, None, dates as ISO text and decimals as text."""

    part: Callable[[tuple[Any, ...]], Part]
    texts: Callable[[tuple[str, ...]], Part]
    number: Callable[[int], Part]


def part_maker() -> Maker:
    if is_streaming():
        return Maker(part=copy_part, texts=copy_texts, number=str)
    return Maker(part=tuple, texts=tuple, number=lambda value: (value,))


def prepare_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> Table:
    """Rows whose parts, one after the other, hold the values of `fields` (attribute names such as `cadre_id`)."""
    columns = ", ".join(connection.ops.quote_name(column_of(model, field)) for field in fields)
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
    if is_streaming():
        return Table(f"COPY {into} FROM STDIN", len(fields), copy_blocks(rows))
    return Table(f"INSERT INTO {into} VALUES ", len(fields), list(rows))


def insert_rows(table: Table) -> None:
    """To be called inside a transaction, once."""
    with connection.cursor() as cursor:
        if is_streaming():
            # Django names the errors of its own calls only; a lost connection must be known as one here too.
            with connection.wrap_database_errors, cursor.copy(table.statement) as copy:
                for block in table.rows:
                    copy.write(block)
            return
        rows, at_once = table.rows, INSERT_VALUES // table.width
        whole = len(rows) - len(rows) % at_once
        marks = f"({', '.join(['%s'] * table.width)})"
        blocks = [values_of(rows[start : start + at_once]) for start in range(0, whole, at_once)]
        cursor.executemany(table.statement + ", ".join([marks] * at_once), blocks)
        cursor.executemany(table.statement + marks, [values_of([row]) for row in rows[whole:]])


def values_of(rows: Iterable[Row]) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(chain.from_iterable(rows)))


def copy_blocks(rows: Iterable[Row]) -> Iterator[bytes]:
    """COPY's text format, some thousand rows at a time."""
    lines = map("\t".join, rows)
    while block := "\n".join(islice(lines, COPY_ROWS)):
        yield f"{block}\n".encode()


def copy_part(values: tuple[Any, ...]) -> str:
    """A part of a line of COPY's text format."""
    if None in values:
        return "\t".join([NULL if value is None else str(value).translate(ESCAPES) for value in values])
    return copy_texts(tuple(map(str, values)))


def copy_texts(values: tuple[str, ...]) -> str:
    """As they are where nothing needs an escape, which is cheap to see and the rule."""
    text = "\t".join(values)
    if "\\" in text or "\n" in text or "\r" in text or text.count("\t") >= len(values):
        text = "\t".join([value.translate(ESCAPES) for value in values])
    return text


@lru_cache(maxsize=1000)
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
