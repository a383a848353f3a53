"""Readable constructors for the engine's tests: an invented county, its people and what they did in 2024.

Dates are written as text, points in cents. Ids of departments run against tree order on purpose.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from assessment.engine.assess import Book, quarter_entries, quarter_results, year_results
from assessment.engine.earned import Earned
from assessment.engine.model import (
    Adjustment,
    Department,
    DepartmentResult,
    Entry,
    Fact,
    Organization,
    PartyGroupResult,
    Person,
    PersonResult,
    Placement,
    Quota,
    Results,
    Rule,
    Scheme,
)
from assessment.engine.points import PersonShares, claims_by_quarter, shares_of
from shuxiang.periods import Quarter, Span, Year

Q1, Q2, Q3, Q4 = (Quarter(2024, number) for number in range(1, 5))
YEAR = Year(2024)

COUNTY, AUDIT, AUDIT_OFFICE, AUDIT_LAW, FINANCE, FINANCE_OFFICE = 90, 70, 71, 65, 20, 25
TREE = (
    Department(COUNTY, None, "云山县", COUNTY),
    Department(AUDIT, COUNTY, "审计局", AUDIT),
    Department(AUDIT_OFFICE, AUDIT, "审计局/办公室", AUDIT),
    Department(AUDIT_LAW, AUDIT, "审计局/法规科", AUDIT),
    Department(FINANCE, COUNTY, "财政局", FINANCE),
    Department(FINANCE_OFFICE, FINANCE, "财政局/办公室", FINANCE),
)
SECOND_GROUP, FIRST_GROUP = 1, 2
GROUPS = {SECOND_GROUP: "第二党小组", FIRST_GROUP: "第一党小组"}

RECITATION = Quota("recitation", "诵读作品", "year", 1)
ESSAY = Quota("essay", "读书心得", "quarter", 1)
RECOMMENDATION = Quota("recommendation", "好书推荐", "year", 1)

DEFAULT = Scheme(
    version=1,
    quotas=(RECITATION, ESSAY, RECOMMENDATION),
    rules=(
        Rule("essay.base", "essay", "any", 100, quarter_cap=100),
        Rule("essay.good", "essay", "good", 100, year_cap=1000),
        Rule("essay.excellent", "essay", "excellent", 200, year_cap=1000),
        Rule("recitation.base", "recitation", "any", 200, quarter_cap=200, year_cap=400),
        Rule("recitation.good", "recitation", "good", 100, year_cap=1000),
        Rule("recitation.excellent", "recitation", "excellent", 200, year_cap=1000),
        Rule("recommendation.base", "recommendation", "any", 100, quarter_cap=100, year_cap=200),
        Rule("recommendation.good", "recommendation", "good", 50, year_cap=500),
        Rule("recommendation.excellent", "recommendation", "excellent", 100, year_cap=500),
        Rule("creation.excellent", "creation", "excellent", 100, year_cap=400),
        Rule("idea.adopted", "idea", "any", 300, year_cap=600),
        Rule("activity.attend", "attendance", "any", 50, year_cap=400),
        Rule("activity.speak", "speaking", "any", 100, year_cap=400),
        Rule("plan.completed", "plan", "any", 100, year_cap=100),
        Rule("publication.county", "publication", "county", 200),
        Rule("publication.city", "publication", "city", 300),
        Rule("publication.province", "publication", "province", 500),
    ),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str) -> Span:
    return Span(day(first), day(last))


def posted(at: int = AUDIT_OFFICE, since: str = "2020-01-01", until: str = "9999-12-31") -> Placement:
    return Placement(day(since), day(until), at)


def member(of: int, since: str = "2020-01-01", until: str = "9999-12-31") -> Placement:
    return Placement(day(since), day(until), of)


def person(
    id: int = 1,
    *postings: Placement,
    leaves: Iterable[tuple[str, str]] = (),
    groups: tuple[Placement, ...] = (),
    number: str = "",
) -> Person:
    """Without postings: in 审计局/办公室 all the time."""
    return Person(
        id=id,
        number=number or f"G{id:03}",
        name=f"干部{id}",
        postings=postings or (posted(),),
        leaves=tuple((day(since), day(until)) for since, until in leaves),
        memberships=groups,
    )


def fact(
    reference: str = "S-1",
    kind: str = "essay",
    on: str = "2024-01-10",
    by: tuple[int, ...] = (1,),
    grade: str = "",
    names: Quarter | None = None,
) -> Fact:
    """`names` is the quarter that a late work names."""
    return Fact(kind, reference, f"题目{reference}", day(on), names or Quarter.of(day(on)), grade, by)


def organization(*people: Person, departments: tuple[Department, ...] = TREE) -> Organization:
    return Organization({person.id: person for person in people}, departments, GROUPS)


def scheme(*rules: Rule, quotas: tuple[Quota, ...] = (), late_factor: str = "0.50") -> Scheme:
    return Scheme(2, quotas, rules, Decimal(late_factor))


def entry(
    person: int = 1,
    points: int = 100,
    at: int = AUDIT_OFFICE,
    reference: str = "S-1",
    grade: str = "",
    kind: str = "essay",
) -> Entry:
    return Entry(person, at, day("2024-01-10"), kind, reference, f"题目{reference}", grade, f"{kind}.base", points, "")


def earned(*entries: Entry) -> Earned:
    found = Earned()
    found.add(entries)
    return found


def shares(facts: Iterable[Fact], *people: Person) -> list[PersonShares]:
    """Of all quarters, one after the other."""
    everybody = organization(*people).people
    return [row for claims in claims_by_quarter(facts).values() for row in shares_of(claims, everybody)]


FIRST_DAYS = ("2024-01-10", "2024-04-10", "2024-07-10", "2024-10-10")
ESSAYS = [fact(f"S-{number}", on=on) for number, on in enumerate(FIRST_DAYS, start=1)]
RECITATIONS = [fact(f"L-{number}", "recitation", on=on) for number, on in enumerate(FIRST_DAYS, start=1)]


class Sheet(NamedTuple):
    """Results that may be read more than once."""

    people: list[PersonResult]
    departments: list[DepartmentResult]
    party_groups: list[PartyGroupResult]


def sheet(results: Results) -> Sheet:
    return Sheet(list(results.people), list(results.departments), list(results.party_groups))


class Books:
    """The facts of 2024 counted, and the ledger kept quarter by quarter."""

    def __init__(
        self,
        facts: Iterable[Fact],
        *people: Person,
        schemes: Mapping[Quarter, Scheme] | None = None,
        adjustments: Sequence[Adjustment] = (),
    ) -> None:
        self.organization = organization(*people)
        self.schemes = schemes or dict.fromkeys(YEAR.quarters, DEFAULT)
        self.adjustments = adjustments
        self.claims = claims_by_quarter(facts)
        self.books: dict[Quarter, Book] = {}
        self.ledger: dict[Quarter, list[Entry]] = {}
        for quarter in YEAR.quarters:
            self.books[quarter] = Book()
            self.ledger[quarter] = self.entries(quarter)

    def entries(self, quarter: Quarter) -> list[Entry]:
        """Kept in the quarter's book, which is empty before."""
        claims, scheme = self.claims.get(quarter, {}), self.schemes[quarter]
        found = quarter_entries(quarter, self.organization, scheme, claims, self.books, self.adjustments)
        return [row for entries in found for row in entries]

    def gave(self, quarter: Quarter, id: int = 1) -> list[tuple[str, int, str]]:
        """(rule, points, note) of a person's entries."""
        return [(row.rule, row.points, row.note) for row in self.ledger[quarter] if row.person == id]

    def results(self, period: Quarter | Year) -> Sheet:
        if isinstance(period, Year):
            return sheet(year_results(period, self.organization, self.schemes, self.books, self.adjustments))
        return sheet(quarter_results(period, self.organization, self.schemes[period], self.books, self.adjustments))

    def person(self, period: Quarter | Year, id: int = 1) -> PersonResult:
        return next(row for row in self.results(period).people if row.person == id)

    def department(self, period: Quarter | Year, id: int) -> DepartmentResult:
        return next(row for row in self.results(period).departments if row.department == id)
