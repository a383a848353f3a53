from collections.abc import Sequence
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from assessment.kinds import FactKind
from assessment.models.period import Period
from assessment.models.results import PersonResult
from organization.models import Cadre, Department, Scope, work_scope_of


class Seal(models.Model):
    """The digest of a sealed quarter, chained with that of the sealed quarter before."""

    period = models.OneToOneField(Period, verbose_name="考核期", on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField("摘要", max_length=64)
    previous_digest = models.CharField("上一季度摘要", max_length=64, blank=True)
    sealed_by = models.ForeignKey(Cadre, verbose_name="封存人", null=True, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = verbose_name_plural = "封存"

    def __str__(self) -> str:
        return f"{self.period_id} {self.digest[:12]}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, viewer: Cadre) -> Self:
        """Own entries, those credited to the viewer's scope, and those behind a result in it."""
        scope = work_scope_of(viewer)
        if scope.everybody:
            return self
        if not scope.departments:
            return self.filter(cadre=viewer)
        results = PersonResult.objects.filter(
            period=OuterRef("period"), cadre=OuterRef("cadre"), department__in=scope.departments
        )
        return self.filter(Q(cadre=viewer) | Q(department__in=scope.departments) | Exists(results))

    def on_sheet(self, sheet: Period, scope: Scope) -> Self:
        """The lines that explain a scope's sheet: credited to its departments, or behind a person on it."""
        if scope.everybody:
            return self
        people = PersonResult.objects.filter(period=sheet, cadre=OuterRef("cadre"), department__in=scope.departments)
        return self.filter(Q(department__in=scope.departments) | Exists(people))

    def normal(self) -> Self:
        return self.filter(kind=Entry.Kind.NORMAL)

    def of_year(self, codes: Sequence[str]) -> Self:
        """Lines of these periods, and the adjustments that correct them, wherever they were posted."""
        return self.filter(Q(kind=Entry.Kind.NORMAL, period__in=codes) | Q(corrects__in=codes))

    def adjustments_of_year(self, year: int) -> Self:
        """Adjustments that correct a quarter of the year or were posted in one."""
        return self.filter(kind=Entry.Kind.ADJUSTMENT).filter(
            Q(corrects__code__startswith=f"{year}Q") | Q(period__code__startswith=f"{year}Q")
        )


class Entry(models.Model):
    """积分明细: one line per (fact, rule, contributor) of a quarter; names and paths as they were.

    `position` is the line's place in the sheet (工号, 日期, 依据, 规则). An adjustment stands in the
    quarter in which it was posted (`period`) and names the one that it `corrects` and its `cause`.
    """

    class Kind(models.TextChoices):
        NORMAL = "normal", "正常"
        ADJUSTMENT = "adjustment", "以前期调整"

    period = models.ForeignKey(
        Period, verbose_name="考核期", on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    kind = models.CharField("性质", max_length=10, choices=Kind.choices, default=Kind.NORMAL)
    position = models.PositiveIntegerField("次序")
    cadre = models.ForeignKey(
        Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    employee_number = models.CharField("工号", max_length=32)
    name = models.CharField("姓名", max_length=50)
    department = models.ForeignKey(
        Department, verbose_name="计入科室", on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    department_path = models.TextField("科室")
    date = models.DateField("日期")
    fact_kind = models.CharField("事项", max_length=20, choices=FactKind.choices)
    reference = models.CharField("编号", max_length=60)
    title = models.CharField("题目", max_length=200)
    grade = models.CharField("评级", max_length=10, blank=True)
    rule_code = models.CharField("规则", max_length=40)
    scheme_version = models.PositiveIntegerField("方案版本")
    points = models.DecimalField("分值", max_digits=8, decimal_places=2)
    note = models.CharField("说明", max_length=200, blank=True)
    corrects = models.ForeignKey(
        Period,
        verbose_name="更正的考核期",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        db_index=False,
    )
    cause = models.CharField("更正缘由", max_length=200, blank=True)
    seal = models.ForeignKey(
        Seal,
        verbose_name="封存",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
    )

    objects: ClassVar[models.Manager["Entry"]] = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "积分明细"
        ordering = ["period", "position"]
        indexes = [
            models.Index(fields=["period", "position"], name="entry_sheet_order"),
            models.Index(fields=["cadre", "period"], name="entry_of_cadre"),
            models.Index(fields=["corrects"], condition=Q(corrects__isnull=False), name="entry_adjustments"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="normal", corrects__isnull=True)
                | (Q(kind="adjustment", corrects__isnull=False) & ~Q(cause="")),
                name="entry_adjustment_names_its_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.reference} {self.rule_code}"
