"""A stocktake in numbers, for the page, the print and the workbook."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from reading.models import CopyEvent, Difference, Stocktake
from reading.services.scanning import places_of
from reading.states import CopyAction
from shuxiang.periods import shanghai_date
from shuxiang.rows import by_code_point
from shuxiang.workbooks.writing import Column, Layout, Value

Kind, Resolution = Difference.Kind, Difference.Resolution
COLUMNS = (
    Column("差异", 14, "center"),
    Column("条码", 18),
    Column("书名", 40),
    Column("馆藏地点", 20),
    Column("处理", 14, "center"),
    Column("处理人", 12, "center"),
    Column("处理日期", 14, "date"),
    Column("说明", 40),
)
SUMS = (Column("项目", 30), Column("册数", 14, "count"))


@dataclass(frozen=True)
class Report:
    """`expected` stood here by the catalogue; `found` of them did, at the comparison; `after` do now, with those that
    were found later, moved here or corrected."""

    expected: int
    missing: int
    kinds: Sequence[tuple[str, int]]
    ways: Sequence[tuple[str, int]]
    scanners: Sequence[tuple[str, int]]
    after: int

    @property
    def found(self) -> int:
        return self.expected - self.missing

    @property
    def total(self) -> int:
        return sum(count for _, count in self.kinds)

    def lines(self) -> Iterator[tuple[str, int]]:
        yield "应有", self.expected
        yield "核对时实有", self.found
        yield from ((f"差异：{label}", count) for label, count in self.kinds)
        yield from ((f"处理：{label}", count) for label, count in self.ways)
        yield "处理后实有", self.after


def report_on(stocktake: Stocktake) -> Report:
    rows = list(stocktake.differences.order_by().values_list("kind", "resolution").annotate(Count("pk")))
    kinds, ways, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for kind, way, count in rows:
        kinds[kind] += count
        ways[way] += count
        both[kind, way] += count
    came = both[Kind.MISSING, Resolution.FOUND] + ways[Resolution.MOVED] + corrected_here(stocktake)
    expected = stocktake.expected or 0
    scanned = stocktake.scans.order_by().values_list("scanned_by__name").annotate(count=Count("pk"))
    return Report(
        expected=expected,
        missing=kinds[Kind.MISSING],
        kinds=[(kind.label, kinds[kind]) for kind in Kind],
        ways=[(way.label, ways[way]) for way in Resolution if ways[way]],
        scanners=list(scanned.order_by("-count", by_code_point("scanned_by__name"))),
        after=expected - kinds[Kind.MISSING] + came,
    )


def corrected_here(stocktake: Stocktake) -> int:
    """Copies whose home was counted when their state was put right; where they went later is not this stocktake's."""
    moves = CopyEvent.objects.filter(copy=OuterRef("copy"), action=CopyAction.MOVE, at__gt=OuterRef("resolved_at"))
    rows = stocktake.differences.filter(kind=Kind.UNEXPECTED, resolution=Resolution.CORRECTED)
    before = Subquery(moves.order_by("pk").values("from_place")[:1])
    rows = rows.annotate(home_then=Coalesce(before, F("copy__home"), output_field=BigIntegerField()))
    return rows.filter(home_then__in=places_of(stocktake)).count()


def differences_listed(stocktake: Stocktake) -> QuerySet[Difference]:
    """By kind, in the order in which the kinds are told."""
    kinds = [When(kind=kind, then=number) for number, kind in enumerate(Kind.values)]
    rows = stocktake.differences.select_related("copy__book", "copy__home", "resolved_by")
    return rows.order_by(Case(*kinds, output_field=IntegerField()), "barcode")


def layouts(stocktake: Stocktake) -> tuple[Layout, Layout]:
    title = f"{stocktake.place.name}盘点表"
    day = timezone.localtime(stocktake.finished_at or stocktake.compared_at or stocktake.started_at)
    subtitle = (
        f"开始 {timezone.localtime(stocktake.started_at):%Y-%m-%d}　{stocktake.get_state_display()} {day:%Y-%m-%d}"
    )
    return Layout("汇总", title, subtitle, SUMS), Layout("差异", title, subtitle, COLUMNS, frozen=2)


def cells(row: Difference) -> Sequence[Value]:
    copy = row.copy
    return [
        row.get_kind_display(),
        row.barcode,
        copy.book.title if copy else "",
        copy.home.name if copy else "",
        row.get_resolution_display() or "未处理",
        row.resolved_by.name if row.resolved_by else "",
        shanghai_date(row.resolved_at) if row.resolved_at else None,
        row.note,
    ]
