"""Titles from before they had keys, brought to the present tables.

    python -m reading.tests.migrating_order [--server postgres://…/postgres]

A line with the titles in their order; for each table a line, how many rows and whether all have their key; a line,
whether the triggers are as they were.
"""

import sys
from datetime import date
from typing import Any

from shuxiang.tests.scratch import from_nothing

BEFORE = ("reading", "0004_book_grams")
NAMED = ["《论语》译注", "重庆", "绿", "1984", "“大学”", "旅行", "Python 入门", "乱", "论语", "第10卷", "第2卷", "陆地"]
OTHERS = 4_100


def before(apps: Any) -> None:
    book, place, copy, resource, area = (
        apps.get_model("reading", name) for name in ("Book", "Place", "Copy", "DigitalResource", "SubjectArea")
    )
    room, subject = place.objects.create(code="P1", name="阅览室"), area.objects.create(name="名著")
    for number, title in enumerate(NAMED):
        made = book.objects.create(title=title, area=subject)
        copy.objects.create(book=made, home=room, barcode=f"SX{number:06}", acquired_on=date(2024, 3, 1))
        resource.objects.create(title=title, area=subject, kind="platform", link="http://127.0.0.1:9/")
    book.objects.bulk_create(book(title=f"手册{number}") for number in range(OTHERS))


def triggers() -> list[tuple[str, ...]]:
    from django.db import connection

    tables = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        tables = "SELECT tgname, tgrelid::regclass::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(f"{tables} ORDER BY 1, 2")
        return list(cursor.fetchall())


def keyed(model: Any) -> str:
    from shuxiang.ordering import sort_key

    rows = list(model.objects.values_list("title", "sort_key"))
    return f"{len(rows)} {all(key == sort_key(title) for title, key in rows)}"


def main() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    call_command("migrate", *BEFORE, verbosity=0)
    before(MigrationExecutor(connection).loader.project_state(BEFORE).apps)
    guards = triggers()
    call_command("migrate", "reading", verbosity=0)
    from reading.models import Book, DigitalResource

    named = Book.objects.filter(title__in=NAMED)
    sys.stdout.write("　".join(book.title for book in named) + "\n")
    sys.stdout.write(f"{keyed(Book)}\n{keyed(DigitalResource)}\n{bool(guards) and triggers() == guards}\n")


if __name__ == "__main__":
    from_nothing(main)
