from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from organization.models import Cadre, Event
from reading.models.catalogue import Copy
from reading.models.places import Place
from reading.states import StocktakeAction, StocktakeState
from shuxiang.periods import shanghai_date, timed, written
from shuxiang.tracking import Tracked


class StocktakeQuerySet(models.QuerySet["Stocktake"]):
    def open(self) -> Self:
        return self.exclude(state=StocktakeState.FINISHED)


class Stocktake(Tracked):
    """One count of the copies of one place; several people scan into it at once, on any day until it is finished."""

    place = models.ForeignKey(Place, verbose_name="地点", on_delete=models.PROTECT, related_name="stocktakes")
    state = models.CharField("状态", max_length=10, choices=StocktakeState.choices, default=StocktakeState.COUNTING)
    started_by = models.ForeignKey(Cadre, verbose_name="发起人", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("开始时间")
    compared_at = models.DateTimeField("核对时间", null=True, blank=True)
    finished_by = models.ForeignKey(
        Cadre, verbose_name="结束人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    # How many copies were expected at the comparison, for the record.
    expected = models.PositiveIntegerField("应有", null=True, blank=True)

    objects: ClassVar[models.Manager["Stocktake"]] = StocktakeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "盘点"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=~Q(state="finished"), name="stocktake_one_open_per_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["counting", "compared"], finished_at__isnull=True)
                | Q(state="finished", finished_at__isnull=False),
                name="stocktake_finished_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {written(shanghai_date(self.started_at))}"

    @property
    def is_counting(self) -> bool:
        return self.state == StocktakeState.COUNTING

    @property
    def is_compared(self) -> bool:
        return self.state == StocktakeState.COMPARED

    @property
    def is_finished(self) -> bool:
        return self.state == StocktakeState.FINISHED


class StocktakeEvent(Event):
    stocktake = models.ForeignKey(Stocktake, verbose_name="盘点", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=12, choices=StocktakeAction.choices)
    # Holds a resolution with its barcode, its person and its note.
    reason = models.CharField("说明", max_length=400, blank=True)

    objects: ClassVar[models.Manager["StocktakeEvent"]] = models.Manager()

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "盘点办理"

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.stocktake_id}"


class Scan(models.Model):
    """A barcode that somebody scanned; `copy` is None where no copy bears it. The same one twice is one row."""

    stocktake = models.ForeignKey(Stocktake, verbose_name="盘点", on_delete=models.PROTECT, related_name="scans")
    barcode = models.CharField("条码", max_length=30)
    copy = models.ForeignKey(
        Copy, verbose_name="馆藏", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scanned_by = models.ForeignKey(Cadre, verbose_name="扫描人", on_delete=models.PROTECT, related_name="+")
    scanned_at = models.DateTimeField("扫描时间")

    objects: ClassVar[models.Manager["Scan"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "扫描"
        ordering = ["-scanned_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "barcode"], name="scan_once_per_stocktake"),
            models.CheckConstraint(condition=~Q(barcode=""), name="scan_barcode_not_empty"),
        ]

    def __str__(self) -> str:
        return self.barcode


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def unresolved(self) -> Self:
        return self.filter(resolution="")


class Difference(models.Model):
    """What the shelf says and the catalogue does not; resolved one by one, by whom and how."""

    class Kind(models.TextChoices):
        MISSING = "missing", "应在未见"
        MISPLACED = "misplaced", "放错地点"
        UNEXPECTED = "unexpected", "状态不符"
        UNKNOWN = "unknown", "条码不在目录"

    class Resolution(models.TextChoices):
        FOUND = "found", "已找到"
        LOST = "lost", "登记丢失"
        MOVED = "moved", "改为此处馆藏"
        SENT_BACK = "sent_back", "送回原处"
        CORRECTED = "corrected", "状态已更正"
        NOTED = "noted", "已记录"

    stocktake = models.ForeignKey(Stocktake, verbose_name="盘点", on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField("差异", max_length=12, choices=Kind.choices)
    copy = models.ForeignKey(
        Copy, verbose_name="馆藏", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    barcode = models.CharField("条码", max_length=30)
    resolution = models.CharField("处理", max_length=12, choices=Resolution.choices, blank=True)
    resolved_by = models.ForeignKey(
        Cadre, verbose_name="处理人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField("处理时间", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    objects: ClassVar[models.Manager["Difference"]] = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "盘点差异"
        ordering = ["kind", "barcode"]
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "barcode"], name="difference_once_per_barcode"),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_by__isnull=True, resolved_at__isnull=True)
                | (~Q(resolution="") & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                name="difference_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.barcode}"

    @property
    def decided(self) -> str:
        """Of a resolved one: what was decided, by whom and when, with the note."""
        assert self.resolved_by is not None
        assert self.resolved_at is not None
        told = f"{self.barcode} {self.get_kind_display()}：{self.get_resolution_display()}"
        return f"{told}，{self.resolved_by.name}，{timed(self.resolved_at)}{'，' if self.note else ''}{self.note}"

    @property
    def is_misplaced(self) -> bool:
        return self.kind == self.Kind.MISPLACED

    @property
    def is_unexpected(self) -> bool:
        return self.kind == self.Kind.UNEXPECTED
