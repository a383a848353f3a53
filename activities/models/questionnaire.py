import uuid
from datetime import date
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from activities.kinds import QuestionKind
from activities.models.activity import Activity
from activities.states import QuestionnaireAction, QuestionnaireState
from organization.models import Cadre, Department, Event, Scope, work_scope_of
from organization.roles import Role
from shuxiang.searches import having
from shuxiang.tracking import Tracked


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def templates(self) -> Self:
        return self.filter(is_template=True)

    def issued(self) -> Self:
        return self.filter(is_template=False)

    def searched(self, words: str) -> Self:
        return having(self, words, ("title",))

    def managed_by(self, viewer: Cadre, scope: Scope | None = None) -> Self:
        """Those of the office's scope, templates included, and those about activities that the viewer organises.

        `scope` is the viewer's, where it is known already.
        """
        own = Q(activity__organiser=viewer)
        if not viewer.has_role(Role.OFFICE):
            return self.filter(own)
        scope = scope or work_scope_of(viewer)
        return self if scope.everybody else self.filter(own | Q(department__in=scope.departments))

    def copied_by(self, viewer: Cadre) -> Self:
        """What a new one may be copied from: the root's templates, and whatever the viewer manages."""
        shared = self.filter(is_template=True, department__isnull=True)
        return self.filter(Q(pk__in=shared.values("pk")) | Q(pk__in=self.managed_by(viewer).values("pk")))

    def inviting(self, viewer: Cadre) -> Self:
        """Open ones that the viewer is asked to answer, and closed ones whose results he may see."""
        invited = Invitation.objects.filter(questionnaire=OuterRef("pk"), cadre=viewer)
        return self.filter(Exists(invited), state__in=[QuestionnaireState.OPEN, QuestionnaireState.CLOSED])

    def in_sight_of(self, viewer: Cadre, scope: Scope | None = None) -> Self:
        managed = self.managed_by(viewer, scope).values("pk")
        return self.filter(Q(pk__in=managed) | Q(pk__in=self.inviting(viewer).values("pk")))

    def answered_by(self, viewer: Cadre) -> Self:
        """As long as they are open; a closed one no longer knows."""
        own = Invitation.objects.filter(questionnaire=OuterRef("pk"), cadre=viewer, has_answered=True)
        return self.filter(Exists(own))

    def waiting_on(self, day: date, viewer: Cadre) -> Self:
        """Those that the viewer can answer and has not."""
        own = Invitation.objects.filter(questionnaire=OuterRef("pk"), cadre=viewer, has_answered=False)
        return self.filter(Exists(own), state=QuestionnaireState.OPEN, until__gte=day)

    def baselines(self) -> Self:
        """Closed ones that stand for a year."""
        return self.filter(state=QuestionnaireState.CLOSED, baseline_year__isnull=False)

    def past(self, today: date) -> Self:
        """Open beyond their last day."""
        return self.filter(state=QuestionnaireState.OPEN, until__lt=today)

    def with_progress(self) -> Self:
        """Adds `invited` and `answered`; the second is the number of sheets, as a closed one knows no longer who."""

        def number(model: type[models.Model]) -> Coalesce:
            rows = model._default_manager.filter(questionnaire=OuterRef("pk")).order_by().values("questionnaire")
            return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)

        return self.annotate(invited=number(Invitation), answered=number(AnswerSheet))

    def with_management(self, viewer: Cadre, scope: Scope) -> Self:
        """Adds `is_managed`: whether the viewer, whose scope is `scope`, manages it."""
        managed = Questionnaire.objects.managed_by(viewer, scope)
        return self.annotate(is_managed=Exists(managed.filter(pk=OuterRef("pk"))))

    def with_own(self, viewer: Cadre) -> Self:
        """Adds `is_invited` and `has_answered` of the viewer."""
        own = Invitation.objects.filter(questionnaire=OuterRef("pk"), cadre=viewer)
        return self.annotate(is_invited=Exists(own), has_answered=Exists(own.filter(has_answered=True)))


class Questionnaire(Tracked):
    """Questions to invited people, whose answers nobody can join to them (see AnswerSheet). A template is never opened
    but copied."""

    title = models.CharField("名称", max_length=100)
    intro = models.TextField("卷首语", blank=True)
    is_template = models.BooleanField("模板", default=False, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=QuestionnaireState.choices, default=QuestionnaireState.DRAFT, editable=False
    )
    activity = models.ForeignKey(
        Activity, verbose_name="活动", null=True, blank=True, on_delete=models.PROTECT, related_name="questionnaires"
    )
    department = models.ForeignKey(
        Department, verbose_name="主办科室", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="留空表示由根单位主办。",
    )  # fmt: skip
    baseline_year = models.PositiveSmallIntegerField(
        "作为哪一年的基线", null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="阅读现状调查填写；其他问卷留空。",
    )  # fmt: skip
    until = models.DateField("截止日期", null=True, blank=True)
    made_by = models.ForeignKey(
        Cadre, verbose_name="起草人", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Questionnaire"]] = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问卷"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="questionnaire_title_not_empty"),
            models.CheckConstraint(condition=Q(state__in=QuestionnaireState.values), name="questionnaire_state_known"),
            models.CheckConstraint(
                condition=Q(is_template=False) | Q(state=QuestionnaireState.DRAFT), name="questionnaire_template_stays"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | Q(until__isnull=False), name="questionnaire_open_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionnaireEvent(Event):
    """What the office did with it; what people answered is in no event."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="问卷", on_delete=models.PROTECT, related_name="events"
    )
    action = models.CharField("事项", max_length=10, choices=QuestionnaireAction.choices)

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "问卷记录"


class Question(models.Model):
    """`options` are the choices of 单选 and 多选 and the columns of 表格单选, `lines` its rows; 评分 goes from 1 to
    `most`."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="问卷", on_delete=models.CASCADE, related_name="questions"
    )
    position = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("题型", max_length=10, choices=QuestionKind.choices)
    text = models.CharField("题目", max_length=200)
    is_required = models.BooleanField("必答", default=False)
    options = models.JSONField("选项", default=list, blank=True)
    lines = models.JSONField("行", default=list, blank=True)
    most = models.PositiveSmallIntegerField(
        "最高分", default=5, validators=[MinValueValidator(2), MaxValueValidator(10)]
    )

    objects: ClassVar[models.Manager["Question"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "题目"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_text_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class Invitation(models.Model):
    """Somebody may answer once. It says whether, never when, and nothing of what (see AnswerSheet); once the
    questionnaire is closed not even whether."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="问卷", on_delete=models.PROTECT, related_name="invitations"
    )
    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="invitations")
    has_answered = models.BooleanField("已答", default=False)

    objects: ClassVar[models.Manager["Invitation"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "问卷邀请"
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "cadre"], name="invitation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.cadre}"


class AnswerSheet(models.Model):
    """What one person answered, nobody knows who: a random key, no time, no person.

    Whenever one comes in, all sheets of the questionnaire get new keys and are written again in random order, together
    with its invitations, so that neither keys nor the order of rows nor the database's own columns join the two.
    `content` maps the question's id, as text, to the answer: the option's number from 0 for 单选, a list of them for
    多选, the score for 评分, the text for 填空, for 表格单选 a list with a number or null for each line. A question
    left out is not in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="问卷", on_delete=models.PROTECT, related_name="sheets"
    )
    content = models.JSONField("答案")

    objects: ClassVar[models.Manager["AnswerSheet"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "答卷"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
