from datetime import date
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from activities.kinds import DayType, LastWeek, Pattern, Shift, SignUp
from activities.models.hosted import HostedQuerySet
from organization.models import Cadre, Department, Event
from reading.models import Book
from shuxiang.searches import having
from shuxiang.tracking import Tracked

WEEKDAYS = [(1, "星期一"), (2, "星期二"), (3, "星期三"), (4, "星期四"), (5, "星期五"), (6, "星期六"), (7, "星期日")]
NTH = [(1, "第一个"), (2, "第二个"), (3, "第三个"), (4, "第四个"), (-1, "最后一个")]


class Labelled(models.Model):
    """机关, 支部, 工会: one record, shown in each view whose label it bears."""

    for_office = models.BooleanField("机关", default=True)
    for_branch = models.BooleanField("支部", default=False)
    for_union = models.BooleanField("工会", default=False)

    class Meta:
        abstract = True


class ThemeQuerySet(HostedQuerySet):
    def in_use(self) -> Self:
        return self.filter(is_closed=False)

    def current(self, today: date) -> Self:
        return self.filter(since__lte=today, until__gte=today)

    def coming(self, today: date) -> Self:
        return self.filter(since__gt=today)

    def past(self, today: date) -> Self:
        return self.filter(until__lt=today)

    def not_over(self, today: date) -> Self:
        return self.filter(until__gte=today)

    def searched(self, words: str) -> Self:
        return having(self, words, ("title", "description", "document"))


class Theme(Tracked):
    """A theme period (党史学习教育读书月…): dates, a book list, attached activities and calls."""

    title = models.CharField("名称", max_length=100)
    since = models.DateField("开始日期")
    until = models.DateField("结束日期")
    description = models.TextField("说明", blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True, help_text="上级文件的名称和文号。")
    department = models.ForeignKey(
        Department, verbose_name="主办科室", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="留空表示由根单位主办。",
    )  # fmt: skip
    is_closed = models.BooleanField("停用", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Theme"]] = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "主题阅读"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="theme_title_not_empty"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="theme_proper_span",
                violation_error_message="结束日期不能早于开始日期，请改正其中之一。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ThemeEvent(Event):
    """Made, changed, closed, reopened; `reason` says what changed. The states are 使用 and 停用."""

    theme = models.ForeignKey(Theme, verbose_name="主题阅读", on_delete=models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "主题阅读记录"


class ThemeBook(models.Model):
    """A line of a theme's book list; `book` where the catalogue has it."""

    theme = models.ForeignKey(Theme, verbose_name="主题阅读", on_delete=models.PROTECT, related_name="books")
    book = models.ForeignKey(
        Book, verbose_name="图书", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("书名", max_length=200)
    note = models.CharField("推荐理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "主题阅读书目"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class SeriesQuerySet(HostedQuerySet):
    def running(self) -> Self:
        return self.filter(is_paused=False)

    def paused(self) -> Self:
        return self.filter(is_paused=True)

    def ended(self, today: date) -> Self:
        return self.filter(until__lt=today)

    def lasting(self, today: date) -> Self:
        return self.exclude(until__lt=today)

    def searched(self, words: str) -> Self:
        return having(self, words, ("title", "category"))


class Series(Labelled, Tracked):
    """What recurs (职工读书日, 读书分享会…): its activities are generated (services.generating).

    `nth` and `weekday` belong to the patterns 每月 and 每季度, `month` (1 to 3) to 每季度 and (1 to 12) with `day` and
    `days` to 每年. `last_week` belongs to 每月最后一周的星期六.
    """

    title = models.CharField("名称", max_length=100)
    category = models.CharField("类型", max_length=50)
    pattern = models.CharField("周期", max_length=20, choices=Pattern.choices)
    last_week = models.CharField(
        "最后一周指", max_length=20, choices=LastWeek.choices, default=LastWeek.LAST_SATURDAY,
        help_text="只在当月以星期六结束时不同。",
    )  # fmt: skip
    nth = models.SmallIntegerField("第几个", choices=NTH, default=-1)
    weekday = models.PositiveSmallIntegerField("星期几", choices=WEEKDAYS, default=3)
    month = models.PositiveSmallIntegerField(
        "月份", default=1, validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="每季度：该季度的第几个月；每年：几月。",
    )  # fmt: skip
    day = models.PositiveSmallIntegerField("日", default=1, validators=[MinValueValidator(1), MaxValueValidator(31)])
    days = models.PositiveSmallIntegerField(
        "持续天数", default=1, validators=[MinValueValidator(1), MaxValueValidator(92)]
    )
    day_type = models.CharField("只排在", max_length=10, choices=DayType.choices, default=DayType.ANY)
    shift = models.CharField("遇到不合适的日子", max_length=10, choices=Shift.choices, default=Shift.LATER)
    since = models.DateField("开始日期")
    until = models.DateField("结束日期", null=True, blank=True, help_text="留空表示一直举办。")
    is_paused = models.BooleanField("暂停", default=False, help_text="暂停的系列不再生成新活动。")
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    venue = models.CharField("地点", max_length=100, blank=True)
    department = models.ForeignKey(
        Department, verbose_name="主办科室", null=True, blank=True, on_delete=models.PROTECT, related_name="series",
        help_text="留空表示由根单位主办。",
    )  # fmt: skip
    organiser = models.ForeignKey(
        Cadre, verbose_name="组织人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    description = models.TextField("说明", blank=True)
    sign_up = models.CharField("报名", max_length=10, choices=SignUp.choices, default=SignUp.NONE)
    capacity = models.PositiveIntegerField(
        "名额", null=True, blank=True, validators=[MinValueValidator(1)], help_text="留空表示不限。"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Series"]] = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "系列活动"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(category=""), name="series_named"),
            models.CheckConstraint(condition=Q(pattern__in=Pattern.values), name="series_pattern_known"),
            models.CheckConstraint(condition=Q(nth__in=[1, 2, 3, 4, -1]), name="series_nth_known"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="series_weekday_known"),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31), days__range=(1, 92))
                & (~Q(pattern=Pattern.QUARTERLY) | Q(month__lte=3)),
                name="series_day_known",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="series_proper_span",
                violation_error_message="结束日期不能早于开始日期，请改正其中之一。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SeriesEvent(Event):
    """Made, changed, paused; `reason` says what changed."""

    series = models.ForeignKey(Series, verbose_name="系列活动", on_delete=models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "系列活动记录"
