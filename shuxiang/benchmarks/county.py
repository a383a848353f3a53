"""The yardstick's invented county in the portal's own tables, so that both assess the same facts.

`python -m shuxiang.benchmarks.county N` migrates DATABASE_URL's database, which must be empty, and fills it.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, models, transaction

from shuxiang.benchmarks import yardstick
from shuxiang.periods import Quarter

# A first quarter of 91 days, as the yardstick's; its day 0 is the quarter's first.
QUARTER = Quarter(2024, 1)
OPEN_END = 9999
PEOPLE_AT_AN_ACTIVITY = 20
WORKS = ("essay", "recitation", "recommendation")

Rows = Iterable[Sequence[Any]]


def fill(cadres: int) -> None:
    """Migrates and fills an empty database; raises SystemExit where it is not empty."""
    if connection.introspection.table_names():
        raise SystemExit("这个数据库里已有数据，没有写入任何内容；测速只用新建的空数据库。")
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        write(invented(cadres))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def invented(cadres: int) -> dict[str, list[Any]]:
    """The rows that the yardstick draws, by its table."""
    tables: dict[str, list[Any]] = {}

    def keep(statement: str, rows: list[Any]) -> None:
        tables[statement.split()[2]] = rows

    yardstick.build(None, keep, cadres)
    return tables


def write(tables: dict[str, list[Any]]) -> None:
    from activities.models import Activity, Attendance
    from organization.models import Cadre, Department, Leave, Posting
    from submissions.models import Contributor, Submission, Version

    insert(Department, ("id", "name", "kind", "parent_id", "position"), departments(tables["dep"]))
    cadres = ((id + 1, f"K{id + 1:07}", f"干部{id + 1}") for (id,) in tables["cadre"])
    insert(Cadre, ("id", "employee_number", "name"), cadres)
    postings = ((cadre + 1, place + 1, day(since), end(until)) for cadre, place, since, until in tables["posting"])
    insert(Posting, ("cadre_id", "department_id", "since", "until"), postings)
    leaves = ((cadre + 1, "病假", day(since), day(until)) for cadre, since, until in tables["leave_"])
    insert(Leave, ("cadre_id", "category", "since", "until"), leaves)
    works = [fact for fact in tables["fact"] if fact[1] in WORKS]
    insert(Submission, ("id", "reference", "kind", "title", "state", "credit_date", "quarter"), submissions(works))
    insert(Version, ("id", "submission_id", "title"), ((id + 1, id + 1, f"题目{id}") for id, *_ in works))
    rated = [(grade, id + 1, id + 1) for id, _, grade, _ in works if grade]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE submissions_submission SET grade = %s, graded_version_id = %s WHERE id = %s", rated)
    named = (
        (work + 1, cadre + 1, place, "confirmed") for work, cadre, place in tables["contributor"] if work < len(works)
    )
    insert(Contributor, ("submission_id", "cadre_id", "position", "state"), named)
    held, present = activities(tables["fact"][len(works) :], tables["contributor"][-len(tables["fact"]) + len(works) :])
    insert(Activity, ("id", "reference", "title", "date"), held)
    insert(Attendance, ("activity_id", "cadre_id", "capacity"), present)


def departments(rows: Rows) -> Iterator[tuple[Any, ...]]:
    for id, parent, agency in rows:
        kind = "group" if parent is None else "agency" if id == agency else "office"
        name = {"group": "云山县", "agency": f"第{id}局", "office": f"科室{id}"}[kind]
        yield id + 1, name, kind, None if parent is None else parent + 1, id


def submissions(works: Rows) -> Iterator[tuple[Any, ...]]:
    for id, kind, _, number in works:
        yield id + 1, f"ZP{id:07}", kind, f"题目{id}", "approved", day(number), str(QUARTER)


def activities(facts: Rows, contributors: Rows) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Activities of a day with about twenty people each, and who was there in which capacity."""
    held: list[tuple[Any, ...]] = []
    present: list[tuple[Any, ...]] = []
    open_on: dict[int, tuple[int, set[int]]] = {}
    for (_, kind, _, number), (_, cadre, _) in zip(facts, contributors, strict=True):
        id, there = open_on.get(number, (0, set()))
        if not id or cadre in there or len(there) == PEOPLE_AT_AN_ACTIVITY:
            id, there = open_on[number] = (len(held) + 1, set())
            held.append((id, f"HD{id:07}", f"读书会{id}", day(number)))
        there.add(cadre)
        present.append((id, cadre + 1, "speaking" if kind == "speaking" else "attending"))
    return held, present


def day(number: int) -> str:
    return (QUARTER.span.first + timedelta(days=number)).isoformat()


def end(number: int) -> str | None:
    return None if number == OPEN_END else day(number)


def insert(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Inserts rows given in the order of `names`; what is not named takes the model's defaults."""
    from assessment.bulk import insert_rows, part_maker, prepare_rows

    blank = model()
    others = [field for field in model._meta.concrete_fields if field.attname not in names and not field.primary_key]
    rest = tuple(plain(field.pre_save(blank, add=True)) for field in others)
    fields = [*names, *(field.attname for field in others)]
    part = part_maker().part
    insert_rows(prepare_rows(model, fields, ((part(tuple(row) + rest),) for row in rows)))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
