from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from organization.models import Cadre
from shuxiang.tracking import Tracked
from submissions.kinds import Grade, Level
from submissions.models.submission import Submission
from submissions.models.version import Version
from submissions.states import NEEDS_REASON, Action, State


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, viewer: Cadre) -> Self:
        return self.filter(submission__in=Submission.objects.visible_to(viewer))


class Decision(models.Model):
    """What happened to a work: who, when, from, to, why. Written once, never edited."""

    submission = models.ForeignKey(Submission, verbose_name="作品", on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(
        Version, verbose_name="版本", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    actor = models.ForeignKey(
        Cadre, verbose_name="办理人", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    action = models.CharField("办理", max_length=10, choices=Action.choices)
    from_state = models.CharField("原状态", max_length=10, choices=State.choices, blank=True)
    to_state = models.CharField("新状态", max_length=10, choices=State.choices)
    grade = models.CharField("评级", max_length=10, choices=Grade.choices, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    strength = models.CharField("优点", max_length=200, blank=True, default="", db_default="")
    suggestion = models.CharField("建议", max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    objects: ClassVar[models.Manager["Decision"]] = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=sorted(NEEDS_REASON)) | ~Q(reason=""),
                name="decision_reason_where_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.submission_id}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, viewer: Cadre) -> Self:
        return self.filter(submission__in=Submission.objects.visible_to(viewer))

    def counted(self) -> Self:
        """Valid records of works that are approved."""
        return self.filter(is_void=False, submission__state=State.APPROVED)


class Publication(Tracked):
    """外部刊发: a work taken by an outside outlet; each level once per work."""

    submission = models.ForeignKey(
        Submission, verbose_name="作品", on_delete=models.PROTECT, related_name="publications"
    )
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    outlet = models.CharField("刊发媒体", max_length=100)
    accepted_on = models.DateField("采用日期")
    evidence = models.CharField("依据", max_length=500, help_text="刊号、链接或截图存放处，供核对。")
    is_void = models.BooleanField("作废", default=False, help_text="登记有误时勾选：不再计分，记录保留，可随时恢复。")
    recorded_by = models.ForeignKey(
        Cadre, verbose_name="登记人", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[models.Manager["Publication"]] = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "外部刊发"
        ordering = ["-accepted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "level"],
                name="publication_level_once",
                violation_error_message="这件作品已登记过同一级别的刊发，每一级别只能登记一次。",
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="publication_level_known"),
            models.CheckConstraint(
                condition=~Q(evidence=""),
                name="publication_has_evidence",
                violation_error_message="请填写依据，例如刊号或链接。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.get_level_display()} {self.outlet}"

    def clean(self) -> None:
        if self.submission_id and self.submission.state != State.APPROVED:
            raise ValidationError({"submission": "只有已通过的作品可以登记外部刊发，请先审阅。"})
