"""Writing plain rows: COPY on PostgreSQL, one executemany elsewhere; model objects would take most of a large run."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts rows whose values stand in the order of `fields` (attribute names such as `cadre_id`).

    Values are what the database driver takes: text, whole numbers, None, dates as ISO text and
    decimals as text. To be called inside a transaction.
    """
    columns = ", ".join(connection.ops.quote_name(column_of(model, field)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(rows))


def column_of(model: type[models.Model], attribute: str) -> str:
    return next(field.column for field in model._meta.concrete_fields if field.attname == attribute and field.column)
