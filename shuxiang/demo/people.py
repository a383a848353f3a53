"""The bureau's people with dated postings, 党小组 and leaves, as they stand on a given day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuxiang.demo.staff import ABSENCES, EARLIER, LEAVERS, NEWCOMERS, PARTY_JOINERS, STAFF, Moment, Row
from shuxiang.periods import Quarter

# No county of China has this name.
DEMO_AGENCY = "云泽县审计局"

JOINING_DAYS = ((7, 1), (8, 15), (9, 1), (12, 1), (3, 10))


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as: in service on any day on which the registers are written."""

    role: str
    number: str
    name: str


DEMO_PEOPLE = (
    DemoPerson("办公室", "YZ005", "叶晓蓉"),
    DemoPerson("领导", "YZ001", "卞永和"),
    DemoPerson("联络员", "YZ012", "詹伟杰"),
    DemoPerson("干部", "YZ020", "黎嘉怡"),
    DemoPerson("办公室（另一位）", "YZ010", "段鹏"),
    DemoPerson("图书管理员", "YZ042", "宋兰芝"),
)


@dataclass(frozen=True)
class Term:
    """A posting, a 党小组 membership or a leave: both days included, `until` None means still going on."""

    what: str
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Person:
    number: str
    name: str
    title: str
    roles: str
    phone: str
    joined: date
    left: date | None
    postings: tuple[Term, ...]
    memberships: tuple[Term, ...]
    leaves: tuple[Term, ...]

    def department(self, day: date) -> str | None:
        return next((posting.what for posting in self.postings if posting.covers(day)), None)

    def party_group(self, day: date) -> str | None:
        return next((membership.what for membership in self.memberships if membership.covers(day)), None)

    def at_work(self, day: date) -> bool:
        """In service and on no leave."""
        return self.department(day) is not None and not any(leave.covers(day) for leave in self.leaves)

    def listed(self, quarter: Quarter) -> bool:
        span = quarter.span
        return any(
            posting.since <= span.last and (posting.until is None or posting.until >= span.first)
            for posting in self.postings
        )


def quarters_until(today: date) -> tuple[Quarter, ...]:
    """The four quarters before today's and today's own, earliest first."""
    quarters = [Quarter.of(today)]
    while len(quarters) < 5:
        quarters.insert(0, quarters[0].previous)
    return tuple(quarters)


def recorded_quarters(today: date) -> tuple[Quarter, ...]:
    """Those quarters, and before them the rest of the first one's year, which is assessed with them."""
    quarters = quarters_until(today)
    return (*quarters[0].earlier_in_year, *quarters)


def invent_people(today: date) -> tuple[Person, ...]:
    """Everybody in the roster on that day, those who have left included, in its order."""
    quarters = quarters_until(today)
    return tuple(_person(row, position, quarters) for position, row in enumerate(STAFF))


def _person(row: Row, position: int, quarters: Sequence[Quarter]) -> Person:
    month, day = JOINING_DAYS[position % len(JOINING_DAYS)]
    joined = date(quarters[0].year - row.years, month, day)
    if row.number in NEWCOMERS:
        joined = _day(NEWCOMERS[row.number], quarters)
    left = _last_of_month(*LEAVERS[row.number], quarters) if row.number in LEAVERS else None

    postings: list[Term] = []
    memberships: list[Term] = []
    since = joined
    for earlier in EARLIER:
        if earlier.number == row.number:
            last = _day(earlier.last, quarters)
            postings.append(Term(earlier.department, since, last))
            _prolong(memberships, earlier.party_group, since, last)
            since = _day(earlier.resumes, quarters) if earlier.resumes else last + timedelta(days=1)
    postings.append(Term(row.department, since, left))
    if row.number in PARTY_JOINERS:
        since = _day(PARTY_JOINERS[row.number], quarters)
    _prolong(memberships, row.party_group, since, left)

    return Person(
        number=row.number,
        name=row.name,
        title=row.title,
        roles=row.roles,
        phone=str(13800000001 + position),
        joined=joined,
        left=left,
        postings=tuple(postings),
        memberships=tuple(memberships),
        leaves=_leaves(row.number, quarters),
    )


def _prolong(memberships: list[Term], group: str | None, since: date, until: date | None) -> None:
    """Add a membership; one in the same 党小组 that ended the day before goes on instead."""
    if group is None:
        return
    before = memberships[-1] if memberships else None
    if before and before.what == group and before.until == since - timedelta(days=1):
        memberships[-1] = Term(group, before.since, until)
    else:
        memberships.append(Term(group, since, until))


def _leaves(number: str, quarters: Sequence[Quarter]) -> tuple[Term, ...]:
    leaves = []
    for absence in ABSENCES:
        if absence.number == number:
            first = _day(absence.first, quarters)
            leaves.append(Term(absence.kind, first, first + timedelta(days=absence.days - 1)))
    return tuple(leaves)


def _day(moment: Moment, quarters: Sequence[Quarter]) -> date:
    return quarters[moment.quarter].span.first + timedelta(days=moment.day - 1)


def _last_of_month(quarter: int, month: int, quarters: Sequence[Quarter]) -> date:
    in_next_month = quarters[quarter].span.first + timedelta(days=31 * month + 3)
    return in_next_month.replace(day=1) - timedelta(days=1)
