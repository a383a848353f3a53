from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from organization.models import Cadre, Event, Posting, Scope, work_scope_of
from organization.roles import Role
from reading.kinds import Visibility
from reading.models.catalogue import Book
from reading.states import PlanAction, PlanState
from shuxiang.tracking import Tracked

REPORTED = (PlanState.COMPLETED, PlanState.CONFIRMED)
# Of a private plan the mentor learns when it is reported as completed.
SHOWN_TO_MENTORS = ~Q(visibility=Visibility.PRIVATE) | Q(state__in=REPORTED)


class PlanQuerySet(models.QuerySet["Plan"]):
    def of(self, cadre: Cadre) -> Self:
        return self.filter(owner=cadre)

    def visible_to(self, viewer: Cadre) -> Self:
        """Own plans, those of which one is the mentor (but for private ones that are still open), and what their
        owners show to the own department or to everybody. The office sees what was reported as completed in its scope,
        leaders what was confirmed there: a point must be explainable.
        """
        return self.in_sight(viewer, work_scope_of(viewer))

    def in_sight(self, viewer: Cadre, scope: Scope) -> Self:
        """`visible_to`, where the viewer's scope is known already."""
        seen = Q(owner=viewer) | Q(mentor=viewer) & SHOWN_TO_MENTORS
        own = Posting.objects.filter(cadre=viewer).covering(scope.day).values("department")
        colleagues = Posting.objects.filter(cadre=OuterRef("owner"), department__in=own).covering(scope.day)
        shown = Q(visibility=Visibility.EVERYBODY) | Q(visibility=Visibility.DEPARTMENT) & Q(Exists(colleagues))
        seen |= ~Q(state=PlanState.DROPPED) & shown
        if viewer.has_role(Role.OFFICE):
            seen |= Q(state__in=REPORTED) & in_scope(scope)
        elif viewer.has_role(Role.LEADER):
            seen |= Q(state=PlanState.CONFIRMED) & in_scope(scope)
        return self.filter(seen)

    def mentored_by(self, cadre: Cadre) -> Self:
        return self.filter(SHOWN_TO_MENTORS, mentor=cadre)

    def waiting_for(self, viewer: Cadre, scope: Scope) -> Self:
        """Reported as completed and to be decided on by the viewer, as mentor or as office; oldest first."""
        whose = Q(mentor=viewer)
        if viewer.has_role(Role.OFFICE):
            whose |= in_scope(scope)
        rows = self.filter(whose, state=PlanState.COMPLETED).exclude(owner=viewer)
        return rows.order_by("completed_at", "pk")

    def counted(self) -> Self:
        """Confirmed ones: the `plan` fact, dated by the confirmation (assessment rules, section 3)."""
        return self.filter(state=PlanState.CONFIRMED)


def in_scope(scope: Scope) -> Q:
    """Plans of people posted in the scope, now or on the day on which the plan was confirmed."""
    if scope.everybody:
        return Q()
    posted = Posting.objects.filter(cadre=OuterRef("owner"), department__in=scope.departments)
    return Q(Exists(posted.covering(scope.day))) | Q(Exists(posted.covering(OuterRef("confirmed_on"))))


class Plan(Tracked):
    """A personal reading plan. It earns once it was reported as completed and somebody else confirmed it."""

    reference = models.CharField("编号", max_length=40, unique=True)
    owner = models.ForeignKey(Cadre, verbose_name="本人", on_delete=models.PROTECT, related_name="reading_plans")
    title = models.CharField("目标", max_length=100)
    description = models.TextField("打算", blank=True)
    since = models.DateField("起")
    until = models.DateField("止")
    visibility = models.CharField("谁能看", max_length=12, choices=Visibility.choices, default=Visibility.PRIVATE)
    mentor = models.ForeignKey(
        Cadre, verbose_name="导师", null=True, blank=True, on_delete=models.PROTECT, related_name="mentored_plans"
    )
    state = models.CharField("状态", max_length=10, choices=PlanState.choices, default=PlanState.OPEN)
    revision = models.PositiveIntegerField("修订号", default=1)
    completed_at = models.DateTimeField("报告完成时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Cadre, verbose_name="确认人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    # Of the form that began the plan: sent twice, it still makes one.
    token = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Plan"]] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "阅读计划"
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["state", "confirmed_on"], name="plan_confirmed")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="plan_title_not_empty"),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="plan_visibility_known"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="plan_proper_span",
                violation_error_message="结束日期不能早于开始日期，请改正其中之一。",
            ),
            models.CheckConstraint(
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("owner")),
                name="plan_mentor_is_somebody_else",
                violation_error_message="导师不能是本人，请另选，或留空由办公室确认。",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.CONFIRMED, confirmed_by__isnull=False, confirmed_on__isnull=False)
                & ~Q(confirmed_by=F("owner"))
                | ~Q(state=PlanState.CONFIRMED) & Q(confirmed_by__isnull=True, confirmed_on__isnull=True),
                name="plan_confirmed_by_somebody_else",
            ),
            models.UniqueConstraint(fields=["owner", "token"], name="plan_once_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def quoted(self) -> str:
        return f"“{self.title}”"

    @property
    def is_open(self) -> bool:
        return self.state == PlanState.OPEN


class PlanItem(models.Model):
    """A book of a plan: planned for a day, done on a day, side by side."""

    plan = models.ForeignKey(Plan, verbose_name="计划", on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField("次序", default=0)
    book = models.ForeignKey(
        Book, verbose_name="馆藏图书", null=True, blank=True, on_delete=models.PROTECT, related_name="plan_items"
    )
    title = models.CharField("书名", max_length=200)
    author = models.CharField("作者", max_length=200, blank=True)
    due_on = models.DateField("计划读完", null=True, blank=True)
    done_on = models.DateField("实际读完", null=True, blank=True)
    is_dropped = models.BooleanField("不读了", default=False)

    objects: ClassVar[models.Manager["PlanItem"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划图书"
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="plan_item_title_not_empty")]

    def __str__(self) -> str:
        return self.title

    @property
    def cloth(self) -> int:
        """The colour of the spine: a catalogue book keeps the one it has elsewhere."""
        return (self.book_id or self.pk) % 10 + 1


class PlanNote(models.Model):
    """Words on a plan or on one of its books: the owner's notes, and the mentor's comments. Nobody edits one."""

    plan = models.ForeignKey(Plan, verbose_name="计划", on_delete=models.PROTECT, related_name="notes")
    item = models.ForeignKey(
        PlanItem, verbose_name="图书", null=True, blank=True, on_delete=models.PROTECT, related_name="notes"
    )
    author = models.ForeignKey(Cadre, verbose_name="作者", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("内容")
    created_at = models.DateTimeField("时间")

    objects: ClassVar[models.Manager["PlanNote"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "笔记和批注"
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="plan_note_not_empty")]

    def __str__(self) -> str:
        return self.text[:30]


class PlanEvent(Event):
    plan = models.ForeignKey(Plan, verbose_name="计划", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=12, choices=PlanAction.choices)

    objects: ClassVar[models.Manager["PlanEvent"]] = models.Manager()

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "计划办理"

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.plan_id}"


class Lead(Tracked):
    """领读: what a leader reads with everybody in a month: the book, why, and the talk about it.

    `month` is the month's first day.
    """

    leader = models.ForeignKey(Cadre, verbose_name="领导", on_delete=models.PROTECT, related_name="leads")
    month = models.DateField("月份")
    book = models.ForeignKey(
        Book, verbose_name="馆藏图书", null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    title = models.CharField("书名", max_length=200)
    author = models.CharField("作者", max_length=200, blank=True)
    reason = models.TextField("推荐理由", blank=True)
    talk_topic = models.CharField("领读主题", max_length=200, blank=True)
    talk_on = models.DateField("领读日期", null=True, blank=True)
    talk_note = models.TextField("领读纪要", blank=True)
    is_done = models.BooleanField("已完成", default=False)

    objects: ClassVar[models.Manager["Lead"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "领读"
        ordering = ["-month", "leader"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "month"],
                name="lead_one_per_month",
                violation_error_message="这位领导这个月已有领读安排，请修改那一条。",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="lead_month_is_its_first_day"),
            models.CheckConstraint(condition=~Q(title=""), name="lead_title_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.leader} {self.month.year} 年 {self.month.month} 月"
