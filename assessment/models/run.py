"""Work that waits for the background worker. The row is the queue; the broker only wakes the worker."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from organization.models import Cadre, Posting
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import parse_period


class JobState(models.TextChoices):
    WAITING = "waiting", "等待中"
    RUNNING = "running", "正在进行"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


PENDING = (JobState.WAITING, JobState.RUNNING)


Row = TypeVar("Row", bound=models.Model)


class JobQuerySet(models.QuerySet[Row]):
    def pending(self) -> Self:
        return self.filter(state__in=PENDING)

    def latest_of(self, period: PeriodValue) -> Row | None:
        return self.filter(period_code=str(period)).order_by("-requested_at", "-pk").first()

    def pending_or_new(self, defaults: Mapping[str, Any] | None = None, **key: Any) -> Row:
        """The row of the key that waits or is at work, else a new one with the defaults too.

        The unique constraint decides who is first, and waits for a row that is just being finished. A row
        that ends between the two statements leaves room for a new one.
        """
        while True:
            self.bulk_create([self.model(**key, **(defaults or {}))], ignore_conflicts=True)
            if (row := self.pending().filter(**key).first()) is not None:
                return row


class Job(models.Model):
    """`done` of `total` steps, `stage` in Chinese; `attempts` counts the starts, also those that died."""

    period_code = models.CharField("考核期", max_length=6)
    state = models.CharField("状态", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    stage = models.CharField("进度", max_length=50, blank=True)
    done = models.PositiveIntegerField("已完成步数", default=0)
    total = models.PositiveIntegerField("总步数", default=0)
    attempts = models.PositiveSmallIntegerField("启动次数", default=0)
    error = models.CharField("未完成的原因", max_length=500, blank=True)
    requested_by = models.ForeignKey(
        Cadre, verbose_name="发起人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("发起时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.period_code} {self.get_state_display()}"

    @property
    def period(self) -> PeriodValue:
        return parse_period(self.period_code)

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def percent(self) -> int:
        """0 to 100."""
        if self.state == JobState.DONE:
            return 100
        return self.done * 100 // self.total if self.total else 0

    @property
    def took(self) -> str:
        """`12 秒`, `3 分 5 秒`; empty until it has ended."""
        if self.started_at is None or self.finished_at is None:
            return ""
        minutes, seconds = divmod(round((self.finished_at - self.started_at).total_seconds()), 60)
        return f"{minutes} 分 {seconds} 秒" if minutes else f"{max(seconds, 1)} 秒"

    @property
    def lock(self) -> str:
        """The name of the lock that whoever works on it holds."""
        raise NotImplementedError


class AssessmentRun(Job):
    """One assessment of a period; a second request finds the first while it is pending."""

    objects: ClassVar[models.Manager["AssessmentRun"]] = JobQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = verbose_name_plural = "考核计算"
        constraints = [
            models.UniqueConstraint(
                fields=["period_code"], condition=Q(state__in=PENDING), name="assessment_run_one_pending"
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(error=""), name="assessment_run_failed_says_why"
            ),
        ]

    @property
    def lock(self) -> str:
        return f"assess-{self.period_code}"


def export_name(run: "ExportRun", filename: str) -> str:
    """Random like every stored name, and the same at every start, so that a broken-off one leaves nothing behind."""
    return f"{run.pk.hex[:2]}/{run.pk.hex}"


class ExportRunQuerySet(JobQuerySet["ExportRun"]):
    def visible_to(self, viewer: Cadre) -> Self:
        """A workbook is fetched by whoever asked for it, while the posting is the one that it was made for."""
        since = Posting.objects.filter(cadre=viewer, changed_at__lte=OuterRef("requested_at"))
        return self.filter(Exists(since.covering(timezone.localdate())), requested_by=viewer)


class ExportRun(Job):
    """A large workbook that is written in the background, for one reader."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField("工作簿", upload_to=export_name, blank=True)

    objects: ClassVar[models.Manager["ExportRun"]] = ExportRunQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = verbose_name_plural = "考核表导出"
        constraints = [
            models.UniqueConstraint(
                fields=["period_code", "requested_by"], condition=Q(state__in=PENDING), name="export_run_one_pending"
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(error=""), name="export_run_failed_says_why"
            ),
        ]

    @property
    def lock(self) -> str:
        return f"export-{self.period_code}"
