"""Dated facts about a cadre: postings, 党小组, leaves; and the office's holidays.

Both ends of every span are included; an empty end means "still so" (assessment rules, section 2).
"""

import re
from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from shuxiang.periods import written
from shuxiang.tracking import Tracked

PROPER_SPAN = Q(until__isnull=True) | Q(until__gte=F("since"))
DIGITS = "一二三四五六七八九"
NUMERAL = re.compile(f"([{DIGITS}]?)十([{DIGITS}]?)|[{DIGITS}]")
SPAN_MESSAGE = "结束日期不能早于开始日期，请改正其中之一。"


class DatedSpan(Tracked):
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True, help_text="留空表示至今。")

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": SPAN_MESSAGE})

    @property
    def when(self) -> str:
        """`2024 年 1 月 1 日至 2024 年 3 月 31 日`, `2024 年 1 月 1 日至今`"""
        return f"{written(self.since)}至{f' {written(self.until)}' if self.until else '今'}"

    def overlaps(self, other: "DatedSpan") -> bool:
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)


class PostingQuerySet(models.QuerySet["Posting"]):
    def covering(self, day: date | models.F | models.OuterRef | models.Func) -> Self:
        """Postings that a day lies in; the day may be an expression of an outer query."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Posting(DatedSpan):
    """任职: one cadre in one department. Postings of one cadre never overlap (also refused by the database)."""

    cadre = models.ForeignKey(
        "organization.Cadre", verbose_name="干部", on_delete=models.PROTECT, related_name="postings"
    )
    department = models.ForeignKey(
        "organization.Department", verbose_name="科室", on_delete=models.PROTECT, related_name="postings"
    )

    objects: ClassVar[models.Manager["Posting"]] = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=PROPER_SPAN, name="posting_proper_span", violation_error_message=SPAN_MESSAGE
            ),
            models.UniqueConstraint(
                fields=["cadre", "since"],
                name="posting_unique_start",
                violation_error_message="同一天已有另一条任职，请改正日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.when}"


class PartyGroup(Tracked):
    """党小组: a flat grouping beside the departments."""

    name = models.CharField(
        "名称", max_length=50, unique=True, error_messages={"unique": "已有同名党小组，请换一个名称。"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "党小组"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def counted(self) -> str:
        """The name to sort by where people choose: 第二 before 第三 and 第十, which code points have otherwise."""
        return NUMERAL.sub(lambda found: f"{number(found):02}", self.name)


def number(numeral: re.Match[str]) -> int:
    """Below a hundred."""
    tens, ones = numeral.groups()
    if "十" not in numeral[0]:
        return DIGITS.index(numeral[0]) + 1
    return 10 * (DIGITS.index(tens) + 1 if tens else 1) + (DIGITS.index(ones) + 1 if ones else 0)


class PartyMembershipQuerySet(models.QuerySet["PartyMembership"]):
    def covering(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class PartyMembership(DatedSpan):
    cadre = models.ForeignKey(
        "organization.Cadre", verbose_name="干部", on_delete=models.PROTECT, related_name="party_memberships"
    )
    party_group = models.ForeignKey(
        PartyGroup, verbose_name="党小组", on_delete=models.PROTECT, related_name="memberships"
    )

    objects: ClassVar[models.Manager["PartyMembership"]] = PartyMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党小组归属"
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=PROPER_SPAN, name="membership_proper_span", violation_error_message=SPAN_MESSAGE
            ),
            models.UniqueConstraint(
                fields=["cadre", "since"],
                name="membership_unique_start",
                violation_error_message="同一天已有另一条党小组归属，请改正日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_group} {self.when}"


class Leave(DatedSpan):
    """请假、脱产、借调、产假……; leaves may overlap."""

    cadre = models.ForeignKey(
        "organization.Cadre", verbose_name="干部", on_delete=models.PROTECT, related_name="leaves"
    )
    category = models.CharField("类型", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "请假"
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=PROPER_SPAN, name="leave_proper_span", violation_error_message=SPAN_MESSAGE
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.when}"


class Holiday(models.Model):
    """A day on which the office rests although it is a weekday, or works although it is a weekend (调休)."""

    date = models.DateField("日期", unique=True)
    name = models.CharField("名称", max_length=20)
    is_workday = models.BooleanField("调休上班", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "节假日"
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{written(self.date)} {self.name}"
