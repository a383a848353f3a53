from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from shuxiang.tracking import Tracked


class DepartmentKind(models.TextChoices):
    AGENCY = "agency", "单位"
    OFFICE = "office", "科室"
    GROUP = "group", "上级组织"


class Department(Tracked):
    """A node of the one tree of departments (assessment rules, section 2)."""

    name = models.CharField("名称", max_length=50)
    kind = models.CharField("类别", max_length=10, choices=DepartmentKind.choices, default=DepartmentKind.OFFICE)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    position = models.PositiveIntegerField("排序号", default=0, help_text="同一上级之下从小到大排列，相同时按名称。")

    class Meta:
        verbose_name = verbose_name_plural = "科室"
        constraints = [
            models.UniqueConstraint(
                Coalesce("parent", 0),
                condition=Q(parent__isnull=True),
                name="department_single_root",
                violation_error_message="机构树只有一个根，请为这个科室选择上级。",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="department_name_unique_in_parent",
                violation_error_message="同一上级之下已有同名科室，请换一个名称。",
            ),
            models.CheckConstraint(
                condition=~Q(name__contains="/") & ~Q(name=""),
                name="department_name_without_slash",
                violation_error_message="名称不能为空，也不能含有“/”。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": "上级不能是本科室或它的下级，请另选。"})
            above = above.parent
