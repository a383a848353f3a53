from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from organization.models import Cadre
from reading.kinds import PlaceKind, ProjectState
from shuxiang.tracking import Tracked


class PlaceQuerySet(models.QuerySet["Place"]):
    def in_use(self) -> Self:
        return self.filter(is_closed=False)


class Place(Tracked):
    """A room, a corner or a shelf: where copies are at home. `code` stands in the QR code on the shelf."""

    code = models.CharField(
        "地点编号", max_length=20, unique=True, error_messages={"unique": "已有相同编号的地点，请换一个编号。"}
    )
    name = models.CharField("名称", max_length=50)
    kind = models.CharField("类别", max_length=10, choices=PlaceKind.choices, default=PlaceKind.ROOM)
    parent = models.ForeignKey(
        "self", verbose_name="所在", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    location = models.CharField("位置", max_length=100, blank=True, help_text="如：主楼三层东侧走廊。")
    keeper = models.ForeignKey(
        Cadre, verbose_name="管理人", null=True, blank=True, on_delete=models.PROTECT, related_name="kept_places"
    )
    opening_hours = models.CharField("开放时间", max_length=200, blank=True)
    description = models.TextField("说明", blank=True)
    position = models.PositiveIntegerField("排序号", default=0)
    is_closed = models.BooleanField("停用", default=False, help_text="停用的地点不再收书，记录保留。")

    objects: ClassVar[models.Manager["Place"]] = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地点"
        ordering = ["position", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="place_code_and_name_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="place_kind_known"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="place_not_inside_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class Furniture(models.Model):
    """桌椅、台灯…… of a place."""

    place = models.ForeignKey(Place, verbose_name="地点", on_delete=models.PROTECT, related_name="furniture")
    name = models.CharField("名称", max_length=50)
    quantity = models.PositiveIntegerField("数量", default=1)
    note = models.CharField("备注", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "家具设备"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.quantity}"


class Project(Tracked):
    """A facility project (升级改造) with its budget lines and photographs before and after; no accounting."""

    title = models.CharField("名称", max_length=100)
    place = models.ForeignKey(
        Place, verbose_name="地点", null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    state = models.CharField("状态", max_length=10, choices=ProjectState.choices, default=ProjectState.PLANNED)
    since = models.DateField("开始日期", null=True, blank=True)
    until = models.DateField("完成日期", null=True, blank=True)
    description = models.TextField("内容", blank=True)

    objects: ClassVar[models.Manager["Project"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "升级改造"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="project_title_not_empty"),
            models.CheckConstraint(condition=Q(state__in=ProjectState.values), name="project_state_known"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="project_proper_span",
                violation_error_message="完成日期不能早于开始日期，请改正其中之一。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    """Amounts in yuan with two places."""

    project = models.ForeignKey(Project, verbose_name="改造", on_delete=models.PROTECT, related_name="budget_lines")
    item = models.CharField("项目", max_length=100)
    planned = models.DecimalField("预算（元）", max_digits=12, decimal_places=2, default=0)
    spent = models.DecimalField("支出（元）", max_digits=12, decimal_places=2, default=0)
    voucher = models.CharField("凭证号", max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "经费"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(planned__gte=0) & Q(spent__gte=0), name="budget_line_not_negative"),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def left(self) -> Decimal:
        return self.planned - self.spent
