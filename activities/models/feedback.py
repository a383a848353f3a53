import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, When

from activities.kinds import PROGRESS_MEETING, TALK, FeedbackKind, Warned
from activities.models.activity import Activity
from activities.models.questionnaire import Questionnaire
from activities.states import FeedbackAction, FeedbackState, FindingAction, FindingState
from organization.models import Cadre, Department, Event, Scope, neighbourhood_of, work_scope_of
from organization.roles import Role
from shuxiang.periods import written
from shuxiang.searches import having
from shuxiang.tracking import Tracked

# Who reads and answers the box of their own agency, and follows its findings. Leaders too, since a complaint may be
# about the office itself.
ANSWERERS = (Role.OFFICE, Role.LEADER)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def of(self, cadre: Cadre) -> Self:
        """The person's own under the own name; nobody knows of the others."""
        return self.filter(author=cadre)

    def received_by(self, viewer: Cadre, scope: Scope | None = None) -> Self:
        """The box of the viewer's own agency, for its office and leaders: no other agency's, not even from above.

        `scope` is the viewer's neighbourhood, where it is known already.
        """
        if not viewer.has_role(*ANSWERERS):
            return self.none()
        scope = scope or neighbourhood_of(viewer)
        if not (scope.everybody or scope.departments):
            return self.none()
        return self.filter(department__isnull=True) if scope.everybody else self.filter(department=scope.top)

    def shown_on(self, today: date) -> Self:
        """What those who answer see: an anonymous one from the day after it came, so that they cannot tell the hour."""
        return self.filter(Q(author__isnull=False) | Q(received_on__lt=today))

    def public_to(self, viewer: Cadre, scope: Scope | None = None) -> Self:
        """Answered in public, by the viewer's agency or above it."""
        scope = scope or neighbourhood_of(viewer)
        public = self.filter(is_public=True)
        near = Q(department__isnull=True) | Q(department__in=scope.departments)
        return public if scope.everybody else public.filter(near)

    def waiting(self) -> Self:
        return self.filter(state__in=[FeedbackState.RECEIVED, FeedbackState.ACCEPTED])

    def overdue(self, today: date) -> Self:
        return self.waiting().filter(reply_by__lt=today)

    def searched(self, words: str) -> Self:
        return having(self, words, ("text", "reply"))


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
    warned = models.PositiveSmallIntegerField(choices=Warned.choices, default=Warned.NO, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Feedback"]] = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "意见", "意见箱"
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
            models.CheckConstraint(condition=Q(is_public=False) | ~Q(reply=""), name="feedback_public_with_a_reply"),
            models.UniqueConstraint(
                fields=["receipt_sha256"], condition=~Q(receipt_sha256=""), name="feedback_one_per_receipt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {written(self.received_on)}"


class FeedbackEvent(models.Model):
    """What became of it. No moment, only the day, and nobody where an anonymous author wrote; a random key, and a place
    within its thread, so that nothing orders it among the events of others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField(editable=False)
    feedback = models.ForeignKey(Feedback, verbose_name="意见", on_delete=models.PROTECT, related_name="events")
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
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["feedback", "position"], name="feedback_event_in_order")]

    def __str__(self) -> str:
        return f"{written(self.day)} {self.get_action_display()}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> Self:
        return self.filter(state=FindingState.OPEN)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def overdue_first(self, today: date) -> Self:
        """Those by their date, the longest overdue first; all others by the day on which they were raised."""
        late = Case(When(state=FindingState.OPEN, due_on__lt=today, then=F("due_on")))
        return self.order_by(late.asc(nulls_last=True), "-raised_on", "-pk")

    def public(self) -> Self:
        return self.filter(is_public=True)

    def public_to(self, viewer: Cadre) -> Self:
        """Public ones of the viewer's agency or above it."""
        scope = neighbourhood_of(viewer)
        near = Q(department__isnull=True) | Q(department__in=scope.departments)
        return self.public() if scope.everybody else self.public().filter(near)

    def followed_by(self, viewer: Cadre) -> Self:
        """Those of the viewer's scope, for office and leaders."""
        if not viewer.has_role(*ANSWERERS):
            return self.none()
        scope = work_scope_of(viewer)
        return self if scope.everybody else self.filter(department__in=scope.departments)

    def shown_to(self, viewer: Cadre) -> Self:
        """Followed, owned, raised at an activity that the viewer organises, or public."""
        own = Q(owner=viewer) | Q(activity__organiser=viewer)
        parts = (Q(pk__in=rows.order_by().values("pk")) for rows in (self.followed_by(viewer), self.public_to(viewer)))
        return self.filter(own | next(parts) | next(parts))

    def found_in(self, source: str) -> Self:
        """`questionnaire`, `feedback`, `talk` (座谈会), `meeting` (推进会) or `activity` (any other)."""
        if source in ("questionnaire", "feedback"):
            return self.filter(**{f"{source}__isnull": False})
        meetings = {"talk": TALK, "meeting": PROGRESS_MEETING}
        if source in meetings:
            return self.filter(activity__category=meetings[source])
        return self.filter(activity__isnull=False).exclude(activity__category__in=meetings.values())

    def searched(self, words: str) -> Self:
        return having(self, words, ("text", "action", "reply"))

    def owned_by(self, words: str) -> Self:
        """Of whose owner every word is a part of the name, or the 工号."""
        found = self
        for word in words.split():
            found = found.filter(Q(owner__name__icontains=word) | Q(owner__employee_number__iexact=word))
        return found

    def lacking(self) -> Self:
        """Without one of the four that each must get: action, owner, date, public reply."""
        return self.exclude(state=FindingState.DROPPED).filter(
            Q(action="") | Q(owner__isnull=True) | Q(due_on__isnull=True) | Q(reply="") | Q(is_public=False)
        )


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
        Feedback, verbose_name="意见", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
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
    warned = models.PositiveSmallIntegerField(choices=Warned.choices, default=Warned.NO, editable=False)
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

    @property
    def lacks(self) -> list[str]:
        """Which of the four it still lacks, in words."""
        four = (("整改措施", self.action), ("责任人", self.owner_id), ("完成期限", self.due_on),
                ("公开答复", self.reply and self.is_public))  # fmt: skip
        return [] if self.state == FindingState.DROPPED else [word for word, there in four if not there]

    @property
    def is_open(self) -> bool:
        return self.state == FindingState.OPEN


class FindingEvent(Event):
    """`meeting` is the progress meeting at which it was spoken of."""

    finding = models.ForeignKey(Finding, verbose_name="问题", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=10, choices=FindingAction.choices)
    meeting = models.ForeignKey(
        Activity, verbose_name="推进会", null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "整改记录"
