"""The ledger and the results in the database, to and from the engine's rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from assessment.bulk import Prepared, insert_rows, prepare_rows
from assessment.engine import model as engine
from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult
from assessment.services.schemes import cents, money
from shuxiang.periods import Quarter, parse_quarter

ENTRY_FIELDS = (
    "period_id", "kind", "position", "cadre_id", "employee_number", "name", "department_id", "department_path",
    "date", "fact_kind", "reference", "title", "grade", "rule_code", "scheme_version", "points", "note", "cause",
)  # fmt: skip
PERSON_FIELDS = (
    "period_id", "position", "cadre_id", "employee_number", "name", "department_id", "department_path", "agency_id",
    "party_group",
    "service_days", "effective_days", "quotas", "excellent", "points", "adjustment", "year_points", "status", "rank",
    "note",
)  # fmt: skip
DEPARTMENT_FIELDS = (
    "period_id", "position", "department_id", "department_path", "parent_id", "is_root", "listed", "assessed", "met",
    "excellent", "points", "person_days", "person_periods", "average", "rank",
)  # fmt: skip
PARTY_GROUP_FIELDS = ("period_id", "position", "name", "listed", "assessed", "met", "points")


def load_entries(quarters: Iterable[Quarter]) -> dict[Quarter, list[engine.Entry]]:
    """The normal entries of quarters as they stand in the ledger, in one query."""
    found: dict[Quarter, list[engine.Entry]] = {quarter: [] for quarter in quarters}
    if not found:
        return found
    by_code = {str(quarter): quarter for quarter in found}
    rows = Entry.objects.normal().filter(period__in=by_code).order_by("period", "position")
    for code, cadre, department, day, kind, reference, title, grade, rule, points, note in rows.values_list(
        "period_id", "cadre_id", "department_id", "date", "fact_kind", "reference", "title", "grade", "rule_code",
        "points", "note",
    ).iterator():  # fmt: skip
        found[by_code[code]].append(
            engine.Entry(cadre, department, day, kind, reference, title, grade, rule, cents(points), note)
        )
    return found


def load_adjustments(year: int) -> list[engine.Adjustment]:
    """Adjustments that correct a quarter of the year or stand in one of its quarters."""
    rows = Entry.objects.adjustments_of_year(year)
    return [
        engine.Adjustment(cadre_id, rule, cents(points), parse_quarter(corrects), parse_quarter(posted))
        for cadre_id, rule, points, corrects, posted in rows.values_list(
            "cadre_id", "rule_code", "points", "corrects_id", "period_id"
        )
    ]


def replace_entries(period: Period, rows: Prepared) -> None:
    """Replaces the period's normal entries. To be called inside a transaction."""
    Entry.objects.normal().filter(period=period).delete()
    insert_rows(rows)


def replace_results(period: Period, tables: Iterable[Prepared]) -> None:
    """Replaces the period's results. To be called inside a transaction."""
    for model in (PersonResult, DepartmentResult, PartyGroupResult):
        model._default_manager.filter(period=period).delete()
    for rows in tables:
        insert_rows(rows)


def prepare_entries(
    code: str, scheme_version: int, entries: Iterable[engine.Entry], organization: engine.Organization
) -> Prepared:
    return prepare_rows(Entry, ENTRY_FIELDS, entry_rows(code, scheme_version, entries, organization))


def sheet_order(entry: engine.Entry) -> tuple[Any, ...]:
    """Among the entries of one person; people stand by 工号."""
    return entry.date, f"{entry.reference} {entry.title}", entry.rule


def entry_rows(
    code: str, scheme_version: int, entries: Iterable[engine.Entry], organization: engine.Organization
) -> Iterator[tuple[Any, ...]]:
    paths = {department.id: department.path for department in organization.departments}
    by_person: dict[int, list[engine.Entry]] = {}
    for entry in entries:
        by_person.setdefault(entry.person, []).append(entry)
    position = 0
    for person in sorted([organization.people[id] for id in by_person], key=attrgetter("number")):
        id, number, name = person[:3]
        for entry in sorted(by_person[id], key=sheet_order):
            _, department, day, kind, reference, title, grade, rule, points, note = entry
            yield (
                code, "normal", position, id, number, name, department, paths[department], day.isoformat(), kind,
                reference, title, grade, rule, scheme_version, money(points), note, "",
            )  # fmt: skip
            position += 1


def prepare_results(code: str, results: engine.Results, organization: engine.Organization) -> list[Prepared]:
    return [
        prepare_rows(PersonResult, PERSON_FIELDS, person_rows(code, results.people, organization)),
        prepare_rows(DepartmentResult, DEPARTMENT_FIELDS, department_rows(code, results.departments, organization)),
        prepare_rows(PartyGroupResult, PARTY_GROUP_FIELDS, party_group_rows(code, results.party_groups)),
    ]


def person_rows(
    code: str, results: Sequence[engine.PersonResult], organization: engine.Organization
) -> Iterator[tuple[Any, ...]]:
    departments = {department.id: department for department in organization.departments}
    for position, row in enumerate(results):
        person = organization.people[row.person]
        department = departments[row.department]
        group = "" if row.party_group is None else organization.party_groups[row.party_group]
        yield (
            code, position, person.id, person.number, person.name, department.id, department.path, department.agency,
            group, row.service_days, row.effective_days, quotas_text(row.quotas), row.excellent, money(row.points),
            money(row.adjustment), money(row.year_points), row.status, row.rank, row.note,
        )  # fmt: skip


@lru_cache(maxsize=10_000)
def quotas_text(quotas: tuple[engine.QuotaResult, ...]) -> str:
    """Few people differ in it."""
    return json.dumps(quotas, ensure_ascii=False)


def party_group_rows(code: str, results: Sequence[engine.PartyGroupResult]) -> Iterator[tuple[Any, ...]]:
    for position, row in enumerate(results):
        yield code, position, row.name, row.listed, row.assessed, row.met, money(row.points)


def department_rows(
    code: str, results: Sequence[engine.DepartmentResult], organization: engine.Organization
) -> Iterator[tuple[Any, ...]]:
    departments = {department.id: department for department in organization.departments}
    for position, row in enumerate(results):
        department = departments[row.department]
        yield (
            code, position, department.id, department.path, department.parent, department.parent is None,
            row.listed, row.assessed, row.met, row.excellent, money(row.points), row.person_days,
            money(row.person_periods), None if row.average is None else money(row.average), row.rank,
        )  # fmt: skip
