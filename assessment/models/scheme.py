from decimal import Decimal
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from assessment.engine.model import ANNUAL, QUARTERLY
from assessment.kinds import GRADES, FactKind, grades_of
from assessment.models.period import Period
from shuxiang.periods import parse_quarter
from shuxiang.tracking import Tracked

WHY_NO_CLICKS = "只有经人评审的作品和组织者登记的活动能得分；点赞、浏览、登录、在线时长不能作为得分依据，以免形式主义。"


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def latest_first(self) -> Self:
        """The first that has taken effect is in force."""
        return self.order_by("-effective_from")


class Scheme(Tracked):
    """方案: quotas and rules of one version, from one quarter on.

    A scheme that a closed or sealed quarter used is never edited; a copy takes effect later.
    """

    version = models.PositiveIntegerField("版本", unique=True)
    name = models.CharField("名称", max_length=50)
    effective_from = models.CharField(
        "生效季度",
        max_length=6,
        unique=True,
        error_messages={"unique": "已有从这个季度起生效的方案，请直接修改它，或另选季度。"},
        validators=[RegexValidator(r"\A[0-9]{4}Q[1-4]\Z", "请写成 2024Q3 这样的季度。")],
        help_text="从这个季度起使用，例如 2024Q3。",
    )
    grace_days = models.PositiveSmallIntegerField(
        "补报宽限天数", default=10, validators=[MaxValueValidator(60)], help_text="季度结束后多少天内可补报到上一季度。"
    )
    late_factor = models.DecimalField(
        "补报系数",
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.50"),
        validators=[MinValueValidator(Decimal("0.00")), MaxValueValidator(Decimal("1.00"))],
        help_text="补报作品的基础分乘以这个系数，四舍五入到分。",
    )
    ranks_for_everybody = models.BooleanField(
        "名次对全体公开", default=False, help_text="不勾选时只有领导和办公室看到名次。"
    )
    note = models.TextField("说明", blank=True)

    objects: ClassVar[models.Manager["Scheme"]] = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案"
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(late_factor__gte=0) & Q(late_factor__lte=1), name="scheme_late_factor_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.version} 版"

    @property
    def is_frozen(self) -> bool:
        return self.pk is not None and Period.objects.fixed().filter(scheme=self).exists()

    def clean(self) -> None:
        try:
            start = parse_quarter(self.effective_from)
        except ValueError as error:
            raise ValidationError({"effective_from": str(error)}) from error
        fixed = Period.objects.fixed().filter(code__gte=str(start)).order_by("-code").first()
        if fixed is not None and not self.is_frozen:
            raise ValidationError({"effective_from": f"{fixed.code} 已公示或封存，新方案只能从它之后的季度起生效。"})


class Quota(Tracked):
    class Cycle(models.TextChoices):
        QUARTER = QUARTERLY, "每季度"
        YEAR = ANNUAL, "每年"

    scheme = models.ForeignKey(Scheme, verbose_name="方案", on_delete=models.CASCADE, related_name="quotas")
    kind = models.CharField("事项", max_length=20, choices=FactKind.choices, help_text=WHY_NO_CLICKS)
    cycle = models.CharField("周期", max_length=10, choices=Cycle.choices)
    required = models.PositiveSmallIntegerField("应报数", default=1, validators=[MinValueValidator(1)])
    position = models.PositiveSmallIntegerField("排序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "应报任务"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "kind"],
                name="quota_kind_once",
                violation_error_message="每个事项在一个方案里只能有一条应报任务。",
            ),
            models.CheckConstraint(condition=Q(required__gte=1), name="quota_requires_something"),
            models.CheckConstraint(condition=Q(cycle__in=[QUARTERLY, ANNUAL]), name="quota_cycle_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_cycle_display()} {self.required}"


class Rule(Tracked):
    """A point rule; grade `any` makes a base rule, any other a bonus rule."""

    scheme = models.ForeignKey(Scheme, verbose_name="方案", on_delete=models.CASCADE, related_name="rules")
    code = models.CharField(
        "规则代码",
        max_length=40,
        validators=[
            RegexValidator(r"\A[a-z0-9_]+(\.[a-z0-9_]+)*\Z", "请用小写字母、数字、下划线和点，例如 essay.base。")
        ],
    )
    kind = models.CharField("事项", max_length=20, choices=FactKind.choices, help_text=WHY_NO_CLICKS)
    grade = models.CharField("评级", max_length=10, choices=sorted(GRADES.items()))
    points = models.DecimalField(
        "分值", max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal("0.00"))]
    )
    quarter_cap = models.DecimalField(
        "季度上限",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.00"))],
    )
    year_cap = models.DecimalField(
        "年度上限",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.00"))],
    )
    position = models.PositiveSmallIntegerField("排序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "积分规则"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"],
                name="rule_code_once",
                violation_error_message="这个规则代码在本方案中已用过，请换一个。",
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="rule_points_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.kind and self.grade and self.grade not in grades_of(self.kind):
            raise ValidationError({"grade": f"“{self.get_kind_display()}”没有“{GRADES[self.grade]}”这一评级，请另选。"})
