"""The ledger and the results in the database, to and from the engine's rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assessment.bulk import insert_rows
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


def write_entries(
    period: Period, scheme_version: int, entries: Iterable[engine.Entry], organization: engine.Organization
) -> None:
    """Replaces the period's normal entries. To be called inside a transaction."""
    Entry.objects.normal().filter(period=period).delete()
    insert_rows(Entry, ENTRY_FIELDS, entry_rows(period.code, scheme_version, entries, organization))


def sheet_order(entry: engine.Entry, number: str) -> tuple[Any, ...]:
    return number, entry.date, f"{entry.reference} {entry.title}", entry.rule


def entry_rows(
    code: str, scheme_version: int, entries: Iterable[engine.Entry], organization: engine.Organization
) -> list[tuple[Any, ...]]:
    people = organization.people
    paths = {department.id: department.path for department in organization.departments}
    rows = []
    ordered = sorted(entries, key=lambda entry: sheet_order(entry, people[entry.person].number))
    for position, entry in enumerate(ordered):
        person = people[entry.person]
        rows.append(
            (
                code, "normal", position, person.id, person.number, person.name, entry.department,
                paths[entry.department], entry.date.isoformat(), entry.kind, entry.reference, entry.title, entry.grade,
                entry.rule, scheme_version, money(entry.points), entry.note, "",
            )
        )  # fmt: skip
    return rows


def write_results(period: Period, results: engine.Results, organization: engine.Organization) -> None:
    """Replaces the period's results. To be called inside a transaction."""
    for model in (PersonResult, DepartmentResult, PartyGroupResult):
        model._default_manager.filter(period=period).delete()
    paths = {department.id: department.path for department in organization.departments}
    insert_rows(PersonResult, PERSON_FIELDS, person_rows(period.code, results.people, organization, paths))
    insert_rows(DepartmentResult, DEPARTMENT_FIELDS, department_rows(period.code, results.departments, organization))
    insert_rows(
        PartyGroupResult,
        PARTY_GROUP_FIELDS,
        [
            (period.code, position, row.name, row.listed, row.assessed, row.met, money(row.points))
            for position, row in enumerate(results.party_groups)
        ],
    )


def person_rows(
    code: str, results: Sequence[engine.PersonResult], organization: engine.Organization, paths: dict[int, str]
) -> Iterator[tuple[Any, ...]]:
    agencies = {department.id: department.agency for department in organization.departments}
    for position, row in enumerate(results):
        person = organization.people[row.person]
        group = "" if row.party_group is None else organization.party_groups[row.party_group]
        yield (
            code, position, person.id, person.number, person.name, row.department, paths[row.department],
            agencies[row.department], group, row.service_days, row.effective_days,
            json.dumps(row.quotas, ensure_ascii=False), row.excellent, money(row.points), money(row.adjustment),
            money(row.year_points), row.status, row.rank, row.note,
        )  # fmt: skip


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
