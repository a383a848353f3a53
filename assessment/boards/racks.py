"""Books on a shelf: one per listed person and quota, ordered by state and not by person."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from assessment.boards.sheet import Sheet
from assessment.engine.model import EXCELLENT
from assessment.kinds import BY_LABEL, FactKind
from assessment.models import Entry, PersonResult, Quota
from shuxiang.periods import Quarter

STATES = ("excellent", "done", "late", "owed", "exempt")
OUTLINED = ("owed", "exempt")
AT_MOST = 24
"""Books in a group; where there are more people, a book stands for several."""
WIDTH, GAP, STEP, THIN, FOOT = 310.0, 12.0, 12.0, 8.0, 56
HEIGHTS = {FactKind.RECITATION: (6, 4, 2, 6), FactKind.ESSAY: (10, 8, 12, 8), FactKind.RECOMMENDATION: (10, 8, 10, 8)}

Counts = Mapping[str, Counter[str]]
"""By the quota's name: how many people are in which state."""


@dataclass(frozen=True, slots=True)
class Task:
    """A quota as the period's scheme had it."""

    name: str
    kind: FactKind
    annual: bool


@dataclass(frozen=True, slots=True)
class Book:
    """`cloth` 1 to 10; `path` draws an owed one, `ribbon` hangs from a late one."""

    state: str
    cloth: int
    x: str
    y: str
    width: str
    height: str
    path: str = ""
    ribbon: str = ""


@dataclass(frozen=True, slots=True)
class Rack:
    width: str
    books: Sequence[Book]
    words: str
    people_per_book: int


def tasks_of(sheet: Sheet) -> list[Task]:
    """The quotas, quarterly ones first; kinds that no longer exist are left out."""
    quotas = sheet.period.scheme_snapshot.get("quotas", ())
    tasks = [
        Task(quota["name"], BY_LABEL[quota["name"]], quota["cycle"] == Quota.Cycle.YEAR.label)
        for quota in quotas
        if quota["name"] in BY_LABEL
    ]
    return sorted(tasks, key=lambda task: task.annual)


def counts_by(people: Iterable[tuple[Hashable, int, list[Any]]], sheet: Sheet) -> Mapping[Hashable, Counts]:
    """From (key, cadre, quotas) of every person: the states of each quota, by key; nobody's are empty."""
    tasks = {task.name: task for task in tasks_of(sheet)}
    excellent, late = marks_of(sheet, tasks.values())
    found: defaultdict[Hashable, dict[str, Counter[str]]] = defaultdict(lambda: {name: Counter() for name in tasks})
    for key, cadre, quotas in people:
        counts = found[key]
        for name, due, done in quotas:
            if name in tasks:
                counts[name][state_of(due, done, (cadre, name) in excellent, (cadre, name) in late)] += 1
    return found


def state_of(due: int, done: int, excellent: bool, late: bool) -> str:
    if due == 0 and done == 0:
        return "exempt"
    if done < due:
        return "owed"
    return "excellent" if excellent else "late" if late else "done"


def marks_of(sheet: Sheet, tasks: Iterable[Task]) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """(cadre, quota's name) of those with an excellent work in the quota's span, and of those with a late one."""
    value = sheet.period.value
    span = (*value.earlier_in_year, value) if isinstance(value, Quarter) else value.quarters
    by_kind = {task.kind: task for task in tasks}
    is_late = reduce(or_, (Q(period=str(quarter), date__gt=quarter.span.last) for quarter in span))
    entries = Entry.objects.normal().filter(
        Q(grade=EXCELLENT) | is_late, period__in=[str(quarter) for quarter in span], fact_kind__in=by_kind
    )
    if not sheet.scope.everybody:
        people = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
        entries = entries.filter(cadre__in=people.values("cadre"))
    excellent: set[tuple[int, str]] = set()
    late: set[tuple[int, str]] = set()
    rows = entries.order_by().values_list("cadre_id", "fact_kind", "period_id", "grade").distinct()
    for cadre, kind, period, grade in rows:
        task = by_kind[FactKind(kind)]
        if task.annual or period in sheet.quarter_codes:
            (excellent if grade == EXCELLENT else late).add((cadre, task.name))
    return excellent, late


def rack_of(counts: Counts, sheet: Sheet, seed: int) -> Rack:
    groups = [(task, shared_out(counts[task.name]), counts[task.name]) for task in tasks_of(sheet)]
    number = sum(sum(books.values()) for _, books, _ in groups)
    room = WIDTH - GAP * (len(groups) - 1)
    step = min(STEP, room / number) if number else STEP
    drawn: list[Book] = []
    x = 0.0
    for task, books, _ in groups:
        drawn += group_of(task, books, x, step, seed)
        x += step * books.total() + GAP
    people = max((counts.total() for _, _, counts in groups), default=0)
    return Rack(f"{max(x - GAP, step):.0f}", drawn, words_of(groups), -(-people // AT_MOST))


def group_of(task: Task, books: Counter[str], x: float, step: float, seed: int) -> Iterator[Book]:
    """The books of one quota. What is not there is outlined: one by one, or as one gap where books are thin."""
    place = 0
    for state in STATES:
        together = books[state] if state in OUTLINED and step < THIN else 1
        for _ in range(books[state] // together if together else 0):
            yield book(
                state, task, x + step * place, step * together - step / 6, (seed * 3 + place * 3) % 10 + 1, place
            )
            place += together


def shared_out(counts: Counter[str]) -> Counter[str]:
    """At most AT_MOST books, in proportion, and at least one for every state that occurs."""
    total = counts.total()
    if total <= AT_MOST:
        return counts
    books = Counter({state: max(1, count * AT_MOST // total) for state, count in counts.items() if count})
    while books.total() != AT_MOST:
        more = books.total() < AT_MOST
        gap = {state: counts[state] * AT_MOST / total - books[state] for state in STATES if books[state] > (not more)}
        state = max(gap, key=lambda each: gap[each]) if more else min(gap, key=lambda each: gap[each])
        books[state] += 1 if more else -1
    return books


def book(state: str, task: Task, x: float, width: float, cloth: int, place: int) -> Book:
    top = HEIGHTS.get(task.kind, (12, 10))[place % len(HEIGHTS.get(task.kind, (12, 10)))]
    path = ribbon = ""
    if state == "owed":
        path = f"M{x + 0.5:.1f} {FOOT}V{HEIGHTS.get(task.kind, (12,))[0] - 0.5}h{width - 1:.1f}V{FOOT}"
    if state == "late":
        ribbon = f"M{x + width * 0.3:.1f} {FOOT}h{width * 0.4:.1f}v10l-{width * 0.2:.1f}-2-{width * 0.2:.1f} 2z"
    if state == "exempt":
        return Book(state, cloth, f"{x + 0.5:.1f}", "31.5", f"{width - 1:.1f}", "24")
    return Book(state, cloth, f"{x:.1f}", str(top), f"{width:.1f}", str(FOOT - top), path, ribbon)


def words_of(groups: Iterable[tuple[Task, Counter[str], Counter[str]]]) -> str:
    return "；".join(group_words(task, counts) for task, _, counts in groups)


def group_words(task: Task, counts: Counter[str]) -> str:
    """`读书心得已报 5 人，未报 1，优秀 2，补报 1，免 1`: who is exempt may have handed in too."""
    done = counts["excellent"] + counts["done"] + counts["late"]
    parts = [f"{task.name}{'全年' if task.annual else ''}已报 {done} 人，未报 {counts['owed']}"]
    named = (("优秀", "excellent"), ("补报", "late"), ("免", "exempt"))
    return "，".join(parts + [f"{word} {counts[state]}" for word, state in named if counts[state]])
