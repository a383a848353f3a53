"""看板: departments or 党小组 as rows of a bookcase, with their figures and how they went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile

from django.utils.functional import cached_property

from assessment.boards.charts import Chart, Mark, line_chart, spark
from assessment.boards.figures import NOTHING, Figures, figures_of, percent
from assessment.boards.racks import Rack, counts_by, rack_of
from assessment.boards.sheet import Sheet
from assessment.models import DepartmentResult, PartyGroupResult, PersonResult
from shuxiang.periods import FIRST_YEAR, Quarter

IN_A_CHART, IN_A_SPARK = 8, 5
History = Mapping[tuple[str, int], DepartmentResult]


@dataclass(frozen=True, slots=True)
class Spark:
    path: str
    last: Mark | None
    words: str


@dataclass(frozen=True)
class Row:
    """`department` leads on, to its children where it `opens`, else to its people; None for a 党小组."""

    name: str
    figures: Figures
    rack: Rack
    spark: Spark
    department: int | None = None
    opens: bool = False


@dataclass(frozen=True)
class Bookcase:
    total: Figures
    rows: Sequence[Row]
    trends: Mapping[str, Chart]

    @cached_property
    def shares_works(self) -> bool:
        """A collective's excellent work counts once in every department concerned, and once in the total.

        The rows may also hold less than the total: 本级 has no count of its own.
        """
        return sum(row.figures.excellent or 0 for row in self.rows) > (self.total.excellent or 0)

    @property
    def people_per_book(self) -> int:
        return max((row.rack.people_per_book for row in self.rows), default=1)


def departments_case(sheet: Sheet, under: DepartmentResult) -> Bookcase:
    """A row for every child of a department, and one for its own people; three queries."""
    children = sheet.children(under.department_id)
    people = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
    if under != sheet.top:
        people = people.filter(department__in=sheet.subtree(under.department_id))
    listed = people.order_by().values_list("department_id", "cadre_id", "quotas")
    counts = counts_by(
        ((sheet.branch(department, under.department_id), cadre, quotas) for department, cadre, quotas in listed), sheet
    )
    quarters = quarters_until(sheet.period.value.quarters[-1])
    history = history_of(quarters, [under, *children])
    quarters = since_begun(history, quarters, under.department_id)
    averages = [
        [row.average if row else None for row in results_of(history, quarters, child.department_id)]
        for child in children
    ]
    sparks = sparks_of("人均积分", averages)
    rows = [
        Row(
            name=child.short_name,
            figures=figures_of(child),
            rack=rack_of(counts[child.department_id], sheet, child.department_id),
            spark=spark,
            department=child.department_id,
            opens=bool(sheet.children(child.department_id)),
        )
        for child, spark in zip(children, sparks, strict=True)
    ]
    if own := sheet.own_people(under):
        rack = rack_of(counts[None], sheet, under.department_id)
        rows.append(Row("本级", own, rack, Spark("", None, ""), under.department_id))
    return Bookcase(figures_of(under), rows, trends_of(history, quarters, under.department_id))


def party_groups_case(sheet: Sheet) -> Bookcase:
    """A row for every 党小组; the total is that of all who are in one. Four queries."""
    people = PersonResult.objects.filter(period=sheet.period).exclude(party_group="").order_by()
    counts = counts_by(people.values_list("party_group", "cadre_id", "quotas"), sheet)
    quarters = quarters_until(sheet.period.value.quarters[-1])
    results = PartyGroupResult.objects.filter(period__in=[sheet.period.code, *map(str, quarters)]).order_by("position")
    history = {(result.period_id, result.name): result for result in results}
    groups = [result for (code, _), result in history.items() if code == sheet.period.code]
    known = {code for code, _ in history}
    quarters = list(dropwhile(lambda quarter: str(quarter) not in known, quarters))
    rates = [
        [
            percent(result.met, result.assessed) if (result := history.get((str(quarter), group.name))) else None
            for quarter in quarters
        ]
        for group in groups
    ]
    rows = [
        Row(
            name=group.name,
            figures=Figures(group.listed, group.assessed, group.met, group.points),
            rack=rack_of(counts[group.name], sheet, group.position),
            spark=spark,
        )
        for group, spark in zip(groups, sparks_of("达标率", rates, "%"), strict=True)
    ]
    total = Figures(
        *(sum(getattr(group, name) for group in groups) for name in ("listed", "assessed", "met", "points"))
    )
    return Bookcase(total, rows, {})


def quarters_until(last: Quarter) -> list[Quarter]:
    found = [last]
    while len(found) < IN_A_CHART and found[0].year > FIRST_YEAR:
        found.insert(0, found[0].previous)
    return found


def history_of(quarters: Sequence[Quarter], departments: Sequence[DepartmentResult]) -> History:
    rows = DepartmentResult.objects.filter(
        period__in=[str(quarter) for quarter in quarters],
        department__in=[department.department_id for department in departments],
    )
    return {(row.period_id, row.department_id): row for row in rows}


def since_begun(history: History, quarters: Sequence[Quarter], department: int) -> list[Quarter]:
    """Without the quarters before anybody did anything: an empty start is no trend."""

    def nothing_yet(quarter: Quarter) -> bool:
        row = history.get((str(quarter), department))
        return row is None or not (row.points or row.met)

    return list(dropwhile(nothing_yet, quarters))


def results_of(history: History, quarters: Sequence[Quarter], department: int) -> Iterator[DepartmentResult | None]:
    return (history.get((str(quarter), department)) for quarter in quarters)


def sparks_of(what: str, rows: Sequence[Sequence[Decimal | None]], unit: str = "") -> list[Spark]:
    """One small line for each row, all on one scale, so that they can be compared."""
    recent = [values[-IN_A_SPARK:] for values in rows]
    known = [float(value) for values in recent for value in values if value is not None] or [0.0]
    found = []
    for values in recent:
        path, last = spark(values, min(known), max(known))
        words = "，".join(NOTHING if value is None else f"{value}{unit}" for value in values)
        found.append(Spark(path, last, f"近五季{what} {words}"))
    return found


def trends_of(history: History, quarters: Sequence[Quarter], department: int) -> dict[str, Chart]:
    """达标率 and 人均积分 of the last quarters."""
    labels = [f"{quarter.year % 100:02}{'一二三四'[quarter.number - 1]}" for quarter in quarters]
    rows = list(results_of(history, quarters, department))
    rates = [percent(row.met, row.assessed) if row else None for row in rows]
    averages = [row.average if row else None for row in rows]
    return {
        "rate": line_chart(list(zip(labels, rates, strict=True)), 5, "%", ceiling=100),
        "average": line_chart(list(zip(labels, averages, strict=True)), 0.5),
    }
