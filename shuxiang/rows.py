"""Rows in bulk and in order: storing and updating many, each to values of its own; Chinese text by code point."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.functions import Collate


def by_code_point(column: str) -> Collate:
    """Orders by a text column alike on every database, whatever collation it was made with."""
    return Collate(models.F(column), "C" if connection.vendor == "postgresql" else "BINARY")


def update_rows(objects: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Stores the named fields of objects of one model; to be called inside a transaction.

    One prepared statement for all. `bulk_update` builds a CASE over every row for every field, which takes the most
    part of a large import.
    """
    if not objects:
        return
    meta, quoted = objects[0]._meta, connection.ops.quote_name
    stored = [field for field in meta.concrete_fields if field.name in fields]
    key = next(field for field in meta.concrete_fields if field.primary_key)
    settings, condition = ([f"{quoted(str(field.column))} = %s" for field in columns] for columns in (stored, [key]))
    values = [
        [field.get_db_prep_save(getattr(each, field.attname), connection) for field in (*stored, key)]
        for each in objects
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quoted(meta.db_table)} SET {', '.join(settings)} WHERE {condition[0]}", values)


def insert_plain(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stores rows of plain values, named by their columns; to be called inside a transaction. No key comes back.

    One prepared statement for all, without an object for each row, which takes the most part of a large import.
    """
    quoted = connection.ops.quote_name
    fields = [next(field for field in model._meta.concrete_fields if field.attname == name) for name in columns]
    values = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)] for row in rows
    ]
    named, marks = ", ".join(quoted(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quoted(model._meta.db_table)} ({named}) VALUES ({marks})", values)
