import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from activities.kinds import FeedbackKind
from activities.models.activity import Activity
from activities.models.questionnaire import Questionnaire
from activities.states import FeedbackAction, FeedbackState, FindingAction, FindingState
from organization.models import Cadre, Department, Event
from shuxiang.tracking import Tracked


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def waiting(self) -> Self:
        return self.filter(state__in=[FeedbackState.RECEIVED, FeedbackState.ACCEPTED])

    def overdue(self, today: date) -> Self:
        return self.waiting().filter(reply_by__lt=today)


class Feedback(models.Model):
    """A suggestion or complaint from the box. An anonymous one names nobody and keeps only its day.

    The receipt, which is shown once, is how an anonymous author finds the reply; only its digest is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类别", max_length=10, choices=FeedbackKind.choices)
    text = models.TextField("内容")
    author = models.ForeignKey(
        Cadre, verbose_name="提出人", null=True, blank=True, on_delete=models.PROTECT, related_name="feedback"
    )
    receipt_sha256 = models.CharField("回执校验值", max_length=64, blank=True, editable=False)
    # The office that answers: of this agency, empty for the root's.
    department = models.ForeignKey(
        Department, verbose_name="受理单位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_on = models.DateField("收到日期")
    reply_by = models.DateField("答复期限")
    state = models.CharField(
        "状态", max_length=10, choices=FeedbackState.choices, default=FeedbackState.RECEIVED, editable=False
    )
    handler = models.ForeignKey(
        Cadre, verbose_name="办理人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reply = models.TextField("答复", blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    is_public = models.BooleanField(
        "公开答复", default=False, help_text="公开的内容和答复全体职工能看到，不显示提出人。"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Feedback"]] = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意见建议"
        ordering = ["-received_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_text_not_empty"),
            models.CheckConstraint(condition=Q(state__in=FeedbackState.values), name="feedback_state_known"),
            models.CheckConstraint(condition=Q(kind__in=FeedbackKind.values), name="feedback_kind_known"),
            models.CheckConstraint(
                condition=Q(author__isnull=False, receipt_sha256="") | (Q(author__isnull=True) & ~Q(receipt_sha256="")),
                name="feedback_named_or_with_receipt",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "accepted"]) | ~Q(reply=""), name="feedback_answered_with_a_reply"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_on}"


class FeedbackEvent(models.Model):
    """What became of it. No moment, only the day, and nobody where an anonymous author asked back."""

    feedback = models.ForeignKey(Feedback, verbose_name="意见建议", on_delete=models.PROTECT, related_name="events")
    day = models.DateField("日期")
    action = models.CharField("事项", max_length=10, choices=FeedbackAction.choices)
    actor = models.ForeignKey(
        Cadre, verbose_name="办理人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_state = models.CharField("原状态", max_length=12, blank=True)
    to_state = models.CharField("新状态", max_length=12)
    text = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_action_display()}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> Self:
        return self.filter(state=FindingState.OPEN)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def public(self) -> Self:
        return self.filter(is_public=True)


class Finding(Tracked):
    """Something to put right, with action, owner, date and reply: found in a questionnaire, at an activity (座谈会,
    推进会 …) or in the box. Open ones stand on the ledger of every later progress meeting."""

    text = models.CharField("问题", max_length=300)
    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="问卷", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    activity = models.ForeignKey(
        Activity, verbose_name="活动", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    feedback = models.ForeignKey(
        Feedback, verbose_name="意见建议", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    department = models.ForeignKey(
        Department, verbose_name="单位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("整改措施", max_length=300, blank=True)
    owner = models.ForeignKey(
        Cadre, verbose_name="责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    due_on = models.DateField("完成期限", null=True, blank=True)
    reply = models.TextField("答复", blank=True, help_text="公开后全体职工能看到。")
    is_public = models.BooleanField("公开", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=FindingState.choices, default=FindingState.OPEN, editable=False
    )
    raised_on = models.DateField("提出日期")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Finding"]] = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题台账"
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="finding_text_not_empty"),
            models.CheckConstraint(condition=Q(state__in=FindingState.values), name="finding_state_known"),
            models.CheckConstraint(
                condition=Q(questionnaire__isnull=False, activity__isnull=True, feedback__isnull=True)
                | Q(questionnaire__isnull=True, activity__isnull=False, feedback__isnull=True)
                | Q(questionnaire__isnull=True, activity__isnull=True, feedback__isnull=False),
                name="finding_from_one_source",
            ),
            models.CheckConstraint(
                condition=~Q(state=FindingState.DONE) | ~Q(action=""),
                name="finding_done_by_an_action",
                violation_error_message="整改完成前请先写明整改措施。",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class FindingEvent(Event):
    """`meeting` is the progress meeting at which it was spoken of."""

    finding = models.ForeignKey(Finding, verbose_name="问题", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=10, choices=FindingAction.choices)
    meeting = models.ForeignKey(
        Activity, verbose_name="推进会", null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "整改记录"
