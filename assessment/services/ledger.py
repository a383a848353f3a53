"""The ledger and the results in the database, to and from the engine's rows."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from assessment.bulk import Part, Row, Table, part_maker, prepare_rows
from assessment.engine import model as engine
from assessment.engine.earned import Earned
from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult
from assessment.services.schemes import cents, money
from shuxiang.periods import Quarter, parse_quarter

# A line for each part of a row.
ENTRY_FIELDS = (
    "period_id", "kind", "cause", "scheme_version",
    "cadre_id", "employee_number", "name",
    "department_id", "department_path",
    "date",
    "fact_kind", "reference", "title", "grade",
    "rule_code", "points", "note",
    "position",
)  # fmt: skip
PERSON_FIELDS = (
    "period_id",
    "cadre_id", "employee_number", "name",
    "department_id", "department_path", "agency_id",
    "quotas", "status",
    "party_group", "note",
    "service_days", "effective_days", "excellent", "points", "adjustment", "year_points", "rank",
    "position",
)  # fmt: skip
DEPARTMENT_FIELDS = (
    "period_id", "position", "department_id", "department_path", "parent_id", "is_root", "listed", "assessed", "met",
    "excellent", "points", "person_days", "person_periods", "average", "rank",
)  # fmt: skip
PARTY_GROUP_FIELDS = ("period_id", "position", "name", "listed", "assessed", "met", "points")


def load_earned(quarters: Iterable[Quarter]) -> dict[Quarter, Earned]:
    """What the normal entries of quarters add up to as they stand in the ledger, in one query."""
    found = {quarter: Earned() for quarter in quarters}
    if not found:
        return found
    by_code = {str(quarter): quarter for quarter in found}
    rows = Entry.objects.normal().filter(period__in=by_code).order_by("period", "position")
    for code, cadre, department, day, kind, reference, title, grade, rule, points, note in rows.values_list(
        "period_id", "cadre_id", "department_id", "date", "fact_kind", "reference", "title", "grade", "rule_code",
        "points", "note",
    ).iterator():  # fmt: skip
        entry = engine.Entry(cadre, department, day, kind, reference, title, grade, rule, cents(points), note)
        found[by_code[code]].add([entry])
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


def remove_rows(period: Period) -> None:
    """The period's normal entries and its results. To be called inside a transaction."""
    Entry.objects.normal().filter(period=period).delete()
    for model in (PersonResult, DepartmentResult, PartyGroupResult):
        model._default_manager.filter(period=period).delete()


def prepare_entries(
    code: str, scheme_version: int, entries: Iterable[list[engine.Entry]], organization: engine.Organization
) -> Table:
    """`entries` holds a list for each person, people in the order of 工号."""
    return prepare_rows(Entry, ENTRY_FIELDS, entry_rows(code, scheme_version, entries, organization))


def sheet_order(entry: engine.Entry) -> tuple[Any, ...]:
    """Among the entries of one person."""
    return entry.date, f"{entry.reference} {entry.title}", entry.rule


def entry_rows(
    code: str, scheme_version: int, entries: Iterable[list[engine.Entry]], organization: engine.Organization
) -> Iterator[Row]:
    make = part_maker()
    sheet = make.part((code, "normal", "", scheme_version))
    places = {each.id: make.part((each.id, each.path)) for each in organization.departments}
    days = Parts(lambda day: make.part((day.isoformat(),)))
    gains = Parts(lambda gain: make.part((gain[0], money(gain[1]), gain[2])))
    position = 0
    for own in entries:
        own.sort(key=sheet_order)
        named = make.part(organization.people[own[0].person][:3])
        for _, department, day, kind, reference, title, grade, rule, points, note in own:
            fact, gain = make.texts((kind, reference, title, grade)), gains[rule, points, note]
            yield sheet, named, places[department], days[day], fact, gain, make.number(position)
            position += 1


class Parts(dict[Any, Part]):
    """Parts that many rows share, made when first asked for."""

    def __init__(self, made: Callable[[Any], Part]) -> None:
        self.made = made

    def __missing__(self, key: Any) -> Part:
        part = self[key] = self.made(key)
        return part


def prepare_results(code: str, results: engine.Results, organization: engine.Organization) -> list[Table]:
    return [
        prepare_rows(PersonResult, PERSON_FIELDS, person_rows(code, results.people, organization)),
        prepare_rows(DepartmentResult, DEPARTMENT_FIELDS, department_rows(code, results.departments, organization)),
        prepare_rows(PartyGroupResult, PARTY_GROUP_FIELDS, party_group_rows(code, results.party_groups)),
    ]


def person_rows(code: str, results: Iterable[engine.PersonResult], organization: engine.Organization) -> Iterator[Row]:
    make = part_maker()
    sheet = make.part((code,))
    places = {each.id: make.part((each.id, each.path, each.agency)) for each in organization.departments}
    judged = Parts(lambda key: make.part((json.dumps(key[0], ensure_ascii=False), key[1])))
    groups = organization.party_groups
    for position, row in enumerate(results):
        group = "" if row.party_group is None else groups[row.party_group]
        numbers = (
            row.service_days, row.effective_days, row.excellent, money(row.points), money(row.adjustment),
            money(row.year_points), row.rank,
        )  # fmt: skip
        yield (
            sheet, make.part(organization.people[row.person][:3]), places[row.department],
            judged[row.quotas, row.status], make.texts((group, row.note)), make.part(numbers), make.number(position),
        )  # fmt: skip


def party_group_rows(code: str, results: Iterable[engine.PartyGroupResult]) -> Iterator[Row]:
    part = part_maker().part
    for position, row in enumerate(results):
        yield (part((code, position, row.name, row.listed, row.assessed, row.met, money(row.points))),)


def department_rows(
    code: str, results: Iterable[engine.DepartmentResult], organization: engine.Organization
) -> Iterator[Row]:
    part = part_maker().part
    departments = {department.id: department for department in organization.departments}
    for position, row in enumerate(results):
        department = departments[row.department]
        values = (
            code, position, department.id, department.path, department.parent, department.parent is None,
            row.listed, row.assessed, row.met, row.excellent, money(row.points), row.person_days,
            money(row.person_periods), None if row.average is None else money(row.average), row.rank,
        )  # fmt: skip
        yield (part(values),)
