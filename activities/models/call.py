from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from activities.kinds import WorkKind
from activities.models.activity import Activity
from activities.models.hosted import HostedQuerySet
from activities.models.series import Labelled, Theme
from activities.states import CallAction, CallState
from organization.models import Cadre, Department, Event, Scope
from shuxiang.searches import having
from shuxiang.tracking import Tracked
from shuxiang.typography import quoted


class CallQuerySet(HostedQuerySet):
    def published(self) -> Self:
        """What the staff sees: all that ever opened."""
        return self.exclude(rules_sha256="")

    def readable_in(self, neighbourhood: Scope, desk: Scope | None) -> Self:
        """Published ones that concern somebody; for an office, whose scope is `desk`, its own drafts too."""
        seen = self.in_neighbourhood(neighbourhood).published()
        return seen if desk is None else seen | self.editable_in(desk)

    def with_opening(self) -> Self:
        """Adds `opened_at`: when the rules were frozen; None of a draft."""
        first = CallEvent.objects.filter(call=OuterRef("pk"), action=CallAction.OPEN).order_by("at", "pk")
        return self.annotate(opened_at=Subquery(first.values("at")[:1]))

    def searched(self, words: str) -> Self:
        return having(self, words, ("title", "reference", "rules"))

    def taking(self, today: date) -> Self:
        """Works may answer these today."""
        return self.filter(state=CallState.OPEN, since__lte=today, until__gte=today)

    def asking_for(self, kind: str) -> Self:
        """No value of WorkKind is part of another."""
        return self.filter(kinds__contains=kind)

    def over(self, today: date) -> Self:
        """Open still, though the last day has passed."""
        return self.filter(state=CallState.OPEN, until__lt=today)


class Call(Labelled, Tracked):
    """A call for works (征集令). `rules` are frozen when it opens; the database refuses a later change."""

    reference = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=100)
    theme = models.ForeignKey(
        Theme, verbose_name="主题阅读", null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )
    activity = models.ForeignKey(
        Activity, verbose_name="活动", null=True, blank=True, on_delete=models.PROTECT, related_name="calls",
        help_text="如主题党日。",
    )  # fmt: skip
    department = models.ForeignKey(
        Department, verbose_name="主办科室", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="留空表示由根单位主办。",
    )  # fmt: skip
    # Values of WorkKind, comma between.
    kinds = models.CharField("征集的作品", max_length=100)
    rules = models.TextField("征集规则")
    rules_sha256 = models.CharField("规则校验值", max_length=64, blank=True, editable=False)
    since = models.DateField("起")
    until = models.DateField("止")
    state = models.CharField("状态", max_length=10, choices=CallState.choices, default=CallState.DRAFT, editable=False)
    made_by = models.ForeignKey(
        Cadre, verbose_name="起草人", on_delete=models.PROTECT, related_name="+", editable=False
    )
    # The last day of which liaisons and office were reminded: moved, it is reminded of anew.
    reminded_until = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Call"]] = CallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "征集令"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(kinds=""), name="call_named"),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(
                condition=Q(state=CallState.DRAFT) | Q(state=CallState.CANCELLED) | ~Q(rules_sha256=""),
                name="call_opened_with_its_rules",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="call_proper_span",
                violation_error_message="结束日期不能早于开始日期，请改正其中之一。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def quoted(self) -> str:
        return quoted(self.title)

    @property
    def work_kinds(self) -> list[WorkKind]:
        return [WorkKind(value) for value in self.kinds.split(",")]

    @property
    def kinds_label(self) -> str:
        return "、".join(kind.label for kind in self.work_kinds)


class CallEvent(Event):
    call = models.ForeignKey(Call, verbose_name="征集令", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=10, choices=CallAction.choices)

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "征集令记录"
