from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from activities.kinds import Tag
from activities.recurrence import key_words
from organization.models import Department
from shuxiang.tracking import Tracked


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def in_use(self) -> Self:
        return self.filter(is_closed=False)


class Commitment(Tracked):
    """What the programme promised in numbers a year: activities of a category, or of a label, or of both.

    `target` empty: as many as the series of the category yield in the year.
    """

    title = models.CharField("承诺", max_length=100)
    category = models.CharField("类型", max_length=50, blank=True)
    tag = models.CharField("标签", max_length=10, blank=True, choices=Tag.choices)
    target = models.PositiveSmallIntegerField(
        "每年次数", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text="留空表示按系列的安排。",
    )  # fmt: skip
    warn_days = models.PositiveSmallIntegerField("提前几天提醒", default=30, validators=[MaxValueValidator(180)])
    position = models.PositiveIntegerField("排序号", default=0)
    is_closed = models.BooleanField("停用", default=False)

    objects: ClassVar[models.Manager["Commitment"]] = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动承诺"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="commitment_title_not_empty"),
            models.CheckConstraint(
                condition=Q(tag__in=["", "for_office", "for_branch", "for_union"]), name="commitment_tag_known"
            ),
            models.CheckConstraint(
                condition=~Q(category="", tag=""),
                name="commitment_counts_something",
                violation_error_message="请选择类型或标签，至少一项，才知道数哪些活动。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CommitmentWarning(models.Model):
    """The office of an agency was warned of a commitment that lacks an activity: once for each part of a year.

    `part` is a month (2026-03), a quarter (2026Q1), a year (2026) or one of the equal parts of a year (2026:1/2).
    """

    commitment = models.ForeignKey(
        Commitment, verbose_name="活动承诺", on_delete=models.PROTECT, related_name="warnings"
    )
    agency = models.ForeignKey(Department, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    part = models.CharField("期次", max_length=12)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "承诺提醒"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "agency", "part"], name="commitment_warned_once_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} {self.part_words}"

    @property
    def part_words(self) -> str:
        """`2026 年 3 月`, `2026 年第三季度`, `2026 年`; of equal parts `2026 年第 1 次`."""
        key, _, place = self.part.partition(":")
        return f"{key_words(key)}第 {place.partition('/')[0]} 次" if place else key_words(key)
