from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import parse_period

TO_BE_SEALED = "待封存"


class PeriodQuerySet(models.QuerySet["Period"]):
    def fixed(self) -> Self:
        """Periods that take nothing new: 公示 or 封存."""
        return self.filter(state__in=[Period.State.CLOSED, Period.State.SEALED])

    def assessed(self) -> Self:
        """Newest first; a year stands after its quarters."""
        return self.filter(assessed_at__isnull=False).order_by("-code")


class Period(models.Model):
    """A quarter or a year, its state, and what its last assessment rested on.

    `scheme_snapshot` and `agency` keep the sheet as it was when a scheme or the root is renamed.
    """

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        CLOSED = "closed", "公示"
        SEALED = "sealed", "封存"

    code = models.CharField("考核期", max_length=6, primary_key=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    scheme = models.ForeignKey(
        "assessment.Scheme",
        verbose_name="方案",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="periods",
    )
    scheme_snapshot = models.JSONField("方案快照", default=dict, blank=True)
    agency = models.CharField("单位", max_length=50, blank=True)
    fingerprint = models.CharField("数据指纹", max_length=64, blank=True)
    assessed_at = models.DateTimeField("计算时间", null=True, blank=True)

    objects: ClassVar[models.Manager["Period"]] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核期"
        ordering = ["-code"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "closed", "sealed"]), name="period_state_known"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def value(self) -> PeriodValue:
        return parse_period(self.code)

    @property
    def label(self) -> str:
        return self.value.label

    def stands(self, today: date) -> str:
        """The state as pages show it: open, but past its grace days and so closed to new works, it is 待封存."""
        last = self.value.span.last + timedelta(days=self.scheme_snapshot.get("grace_days", 0))
        return TO_BE_SEALED if self.state == self.State.OPEN and last < today else self.get_state_display()

    def outdates(self, other: "Period") -> bool:
        """Whether this one was assessed after the other, on other facts: their figures need not agree."""
        if self.assessed_at is None or other.assessed_at is None:
            return False
        return self.assessed_at > other.assessed_at and self.fingerprint != other.fingerprint
