"""What an assessment found, with names and paths as they were: an old sheet never changes."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from assessment.engine.quotas import EXEMPT, MET, UNMET
from assessment.models.period import Period
from organization.models import Cadre, Department, Scope, work_scope_of


class PersonResultQuerySet(models.QuerySet["PersonResult"]):
    def visible_to(self, viewer: Cadre) -> Self:
        """The own row, and those of people who were in a department of the viewer's scope."""
        scope = work_scope_of(viewer)
        if scope.everybody:
            return self
        return self.filter(Q(cadre=viewer) | Q(department__in=scope.departments))

    def in_scope(self, scope: Scope) -> Self:
        """The rows of an office's sheet: without the viewer's own row of another agency."""
        return self if scope.everybody else self.filter(department__in=scope.departments)


class PersonResult(models.Model):
    """`quotas` is a list of [name, due, done]; `position` the place in the sheet (tree order, then 工号).

    `agency` is the one in which the person was ranked, as the tree was then.
    """

    class Status(models.TextChoices):
        EXEMPT = EXEMPT, "免考核"
        MET = MET, "达标"
        UNMET = UNMET, "未达标"

    period = models.ForeignKey(
        Period, verbose_name="考核期", on_delete=models.PROTECT, related_name="people", db_index=False
    )
    position = models.PositiveIntegerField("次序")
    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="results")
    employee_number = models.CharField("工号", max_length=32)
    name = models.CharField("姓名", max_length=50)
    department = models.ForeignKey(
        Department, verbose_name="现科室", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department_path = models.TextField("科室")
    agency = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party_group = models.CharField("党小组", max_length=50, blank=True)
    service_days = models.PositiveSmallIntegerField("在职天数")
    effective_days = models.PositiveSmallIntegerField("在岗天数")
    quotas = models.JSONField("应报任务")
    excellent = models.PositiveIntegerField("优秀作品")
    points = models.DecimalField("本期积分", max_digits=10, decimal_places=2)
    adjustment = models.DecimalField("以前期调整", max_digits=10, decimal_places=2)
    year_points = models.DecimalField("年度积分", max_digits=10, decimal_places=2)
    status = models.CharField("达标情况", max_length=10, choices=Status.choices)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    note = models.TextField("备注", blank=True)

    objects: ClassVar[models.Manager["PersonResult"]] = PersonResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "个人考核结果"
        ordering = ["-period", "position"]
        constraints = [models.UniqueConstraint(fields=["period", "cadre"], name="person_result_once")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.name}"


class DepartmentResultQuerySet(models.QuerySet["DepartmentResult"]):
    def visible_to(self, viewer: Cadre) -> Self:
        return self.in_scope(work_scope_of(viewer))

    def in_scope(self, scope: Scope) -> Self:
        return self if scope.everybody else self.filter(department__in=scope.departments)


class DepartmentResult(models.Model):
    """`person_days` are exact; `person_periods` and `average` are rounded to two places.

    `parent` is the department among whose children this one was ranked, as the tree was then.
    """

    period = models.ForeignKey(
        Period, verbose_name="考核期", on_delete=models.PROTECT, related_name="departments", db_index=False
    )
    position = models.PositiveIntegerField("次序")
    department = models.ForeignKey(Department, verbose_name="现科室", on_delete=models.PROTECT, related_name="+")
    department_path = models.TextField("科室")
    parent = models.ForeignKey(
        Department, verbose_name="上级", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_root = models.BooleanField("合计", default=False)
    listed = models.PositiveIntegerField("在册人数")
    assessed = models.PositiveIntegerField("应考人数")
    met = models.PositiveIntegerField("达标人数")
    excellent = models.PositiveIntegerField("优秀作品")
    points = models.DecimalField("总积分", max_digits=12, decimal_places=2)
    person_days = models.PositiveIntegerField("在岗人天")
    person_periods = models.DecimalField("人季（年）数", max_digits=12, decimal_places=2)
    average = models.DecimalField("人均积分", max_digits=12, decimal_places=2, null=True, blank=True)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)

    objects: ClassVar[models.Manager["DepartmentResult"]] = DepartmentResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "科室考核结果"
        ordering = ["-period", "position"]
        constraints = [models.UniqueConstraint(fields=["period", "department"], name="department_result_once")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.department_path}"

    @property
    def short_name(self) -> str:
        """The last name of the path."""
        return self.department_path.rsplit("/", 1)[-1]


class PartyGroupResult(models.Model):
    period = models.ForeignKey(
        Period, verbose_name="考核期", on_delete=models.PROTECT, related_name="party_groups", db_index=False
    )
    position = models.PositiveIntegerField("次序")
    name = models.CharField("党小组", max_length=50)
    listed = models.PositiveIntegerField("在册人数")
    assessed = models.PositiveIntegerField("应考人数")
    met = models.PositiveIntegerField("达标人数")
    points = models.DecimalField("总积分", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "党小组考核结果"
        ordering = ["-period", "position"]
        constraints = [models.UniqueConstraint(fields=["period", "name"], name="party_group_result_once")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.name}"
