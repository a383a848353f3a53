import datetime as dt
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery

from activities.kinds import PROGRESS_MEETING, SignUp, Tag
from activities.models.hosted import HostedQuerySet
from activities.models.series import Labelled, Series, Theme
from activities.models.speaker import Speaker
from activities.recurrence import key_words
from activities.states import ActivityAction, ActivityState, RegistrationState
from organization.models import Cadre, Department, Event, Scope, neighbourhood_of
from shuxiang.periods import dated, spoken
from shuxiang.tracking import Tracked


class ActivityQuerySet(HostedQuerySet):
    def in_sight_of(self, viewer: Cadre, scope: Scope | None = None) -> Self:
        """What concerns the viewer: held by the root, by the own agency's departments, or above them; and whatever the
        viewer organises, speaks at or is on the list of.

        `scope` is the viewer's neighbourhood, where it is known already.
        """
        scope = scope or neighbourhood_of(viewer)
        parts = (viewer.registrations.standing(), Speaker.objects.filter(cadre=viewer))
        taking_part = Q(*(("pk__in", rows.order_by().values("activity")) for rows in parts), _connector=Q.OR)
        near = Q(department__isnull=True) | Q(department__in=scope.departments)
        return self if scope.everybody else self.filter(near | Q(organiser=viewer) | taking_part)

    def held(self) -> Self:
        return self.filter(state=ActivityState.HELD)

    def standing(self) -> Self:
        """Not cancelled."""
        return self.exclude(state=ActivityState.CANCELLED)

    def progress_meetings(self) -> Self:
        return self.standing().filter(category=PROGRESS_MEETING)

    def touching(self, first: dt.date, last: dt.date) -> Self:
        """Those with a day between the two, both included."""
        return self.filter(Q(date__lte=last) & (Q(date__gte=first) | Q(until__gte=first)))

    def coming(self, today: dt.date) -> Self:
        """Not over yet; what is on today too."""
        return self.filter(Q(date__gte=today) | Q(until__gte=today))

    def past(self, today: dt.date) -> Self:
        return self.filter(Q(date__lt=today) & (Q(until__isnull=True) | Q(until__lt=today)))

    def labelled(self, tag: str) -> Self:
        """`tag` is one of `activities.kinds.Tag`."""
        return self.filter(**{tag: True})

    def named_by(self, words: str) -> Self:
        """All words, wherever they stand: number, title, place, host, organiser, speakers or partner."""
        names = ("reference", "title", "category", "venue", "partner", "department__name", "organiser__name")
        spoken_by = Speaker.objects.filter(activity=OuterRef("pk"))
        found = self
        for word in words.split():
            anywhere = Q(Exists(spoken_by.filter(Q(cadre__name__icontains=word) | Q(lecturer__name__icontains=word))))
            for name in names:
                anywhere |= Q(**{f"{name}__icontains": word})
            found = found.filter(anywhere)
        return found

    def of_category(self, category: str) -> Self:
        return self.filter(category=category)

    def of_theme(self, theme: int) -> Self:
        return self.filter(theme=theme)

    def categories(self) -> list[str]:
        """The categories that there are, in order."""
        return list(self.exclude(category="").order_by("category").values_list("category", flat=True).distinct())

    def with_own_sign_up(self, viewer: Cadre) -> Self:
        """Adds `own`: the state of the viewer's sign-up, None where there is none that stands."""
        stands = [RegistrationState.REGISTERED, RegistrationState.WAITING]
        mine = Q(registrations__cadre=viewer, registrations__state__in=stands)
        return self.alias(sign_up_of_viewer=FilteredRelation("registrations", condition=mine)).annotate(
            own=F("sign_up_of_viewer__state")
        )

    def with_cancel_reason(self) -> Self:
        """Adds `cancel_reason`: why it was cancelled last."""
        last = ActivityEvent.objects.filter(activity=OuterRef("pk"), action=ActivityAction.CANCEL)
        return self.annotate(cancel_reason=Subquery(last.order_by("-at", "-pk").values("reason")[:1]))

    def by_time(self) -> Self:
        return self.order_by("date", F("starts_at").asc(nulls_first=True), "pk")

    def latest_first(self) -> Self:
        return self.order_by("-date", F("starts_at").desc(nulls_last=True), "-pk")

    def signed_up_for(self) -> Self:
        """After `with_own_sign_up`."""
        return self.filter(own__isnull=False)


class Activity(Labelled, Tracked):
    """What is held or will be; people's attendance at it is what can earn.

    `changed_at` stands in the assessment's fingerprint: services stamp it where title or date change, which stand in
    the ledger, and leave it alone otherwise. `version` rises with every change that a second person must not overwrite;
    `sequence` with those that calendars must hear of. `generated` holds what the series last gave each field, so that
    a field that somebody changed by hand is known and stays.
    """

    reference = models.CharField("活动编号", max_length=40, unique=True)
    title = models.CharField("活动名称", max_length=200)
    category = models.CharField("类型", max_length=50, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=ActivityState.choices, default=ActivityState.HELD, editable=False
    )
    date = models.DateField("日期")
    until = models.DateField("结束日期", null=True, blank=True, help_text="持续几天的活动填写，留空表示当天。")
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    venue = models.CharField("地点", max_length=100, blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name="主办科室",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
        help_text="留空表示由根单位主办。",
    )
    organiser = models.ForeignKey(
        Cadre, verbose_name="组织人", null=True, blank=True, on_delete=models.PROTECT, related_name="organised",
        help_text="登记报名、签到、纪要和照片的人，办公室也可以。",
    )  # fmt: skip
    theme = models.ForeignKey(
        Theme, verbose_name="主题阅读", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    series = models.ForeignKey(
        Series, verbose_name="系列", null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="activities",
    )  # fmt: skip
    # Which one of its series: 2026-03, 2026Q1 or 2026.
    occurrence = models.CharField("期次", max_length=7, blank=True, editable=False)
    generated = models.JSONField(default=dict, blank=True, editable=False)
    description = models.TextField("说明", blank=True)
    sign_up = models.CharField("报名", max_length=10, choices=SignUp.choices, default=SignUp.NONE)
    sign_up_until = models.DateTimeField("报名截止", null=True, blank=True, help_text="留空表示到活动开始。")
    capacity = models.PositiveIntegerField(
        "名额", null=True, blank=True, validators=[MinValueValidator(1)], help_text="留空表示不限。"
    )
    seats_taken = models.PositiveIntegerField("已报名人数", default=0, editable=False)
    guests = models.PositiveIntegerField("外来人数", null=True, blank=True, help_text="没有账号的来宾和群众。")
    partner = models.CharField("合作单位", max_length=100, blank=True, help_text="如合作媒体、协办单位。")
    minutes = models.TextField("纪要", blank=True)
    conclusions = models.TextField("结论", blank=True)
    replay = models.URLField("回放网址", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager["Activity"]] = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动"
        ordering = ["-date", "reference"]
        indexes = [models.Index(fields=["date", "state"], name="activity_date_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("date")),
                name="activity_proper_span",
                violation_error_message="结束日期不能早于开始日期，请改正其中之一。",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
                name="activity_never_overbooked",
                violation_error_message="名额不能少于已报名的人数。",
            ),
            models.UniqueConstraint(
                fields=["series", "occurrence"],
                condition=Q(series__isnull=False),
                name="activity_once_an_occurrence",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, occurrence="") | (Q(series__isnull=False) & ~Q(occurrence="")),
                name="activity_occurrence_of_a_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def last_day(self) -> dt.date:
        return self.until or self.date

    @property
    def hours(self) -> str:
        """`14:30–16:00`, as far as known."""
        return "–".join(f"{each:%H:%M}" for each in (self.starts_at, self.ends_at) if each is not None)

    @property
    def when(self) -> str:
        """`2026 年 3 月 28 日 星期六 14:30–16:00`; of several days the first and the last."""
        days = dated(self.date)
        if self.last_day != self.date:
            same_year = self.last_day.year == self.date.year
            days += f"至 {spoken(self.last_day) if same_year else dated(self.last_day)}"
        return " ".join(filter(None, (days, self.hours)))

    @property
    def when_and_where(self) -> str:
        return "，".join(filter(None, (self.when, self.venue)))

    @property
    def occurrence_words(self) -> str:
        """Which one of its series: `2026 年第四季度`; empty outside a series."""
        return key_words(self.occurrence) if self.occurrence else ""

    @property
    def tags(self) -> list[str]:
        """The labels that it bears, in words."""
        return [tag.label for tag in Tag if getattr(self, tag.value)]


class ActivityEvent(Event):
    """Who scheduled, changed, held or cancelled an activity; `reason` says what changed, or why."""

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=10, choices=ActivityAction.choices)

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "活动记录"
