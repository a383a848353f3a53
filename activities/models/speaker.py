"""Who speaks at an activity, and the books that it is about."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from activities.kinds import Part
from organization.models import Cadre
from reading.models import Book
from shuxiang.tracking import Tracked


class Lecturer(Tracked):
    """Somebody from outside who speaks (专家): no account, no more about the person than the invitation needs."""

    name = models.CharField("姓名", max_length=50)
    unit = models.CharField("单位职务", max_length=100, blank=True)
    field = models.CharField("专长", max_length=100, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    is_closed = models.BooleanField("停用", default=False)

    objects: ClassVar[models.Manager["Lecturer"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "外请专家"
        ordering = ["name", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="lecturer_named")]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name


class Speaker(models.Model):
    """A named person's part in an activity: one of the staff, or somebody from outside. Points come from attendance."""

    activity = models.ForeignKey(
        "activities.Activity", verbose_name="活动", on_delete=models.PROTECT, related_name="speakers"
    )
    part = models.CharField("身份", max_length=10, choices=Part.choices, default=Part.LECTURER)
    cadre = models.ForeignKey(
        Cadre, verbose_name="干部", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lecturer = models.ForeignKey(
        Lecturer, verbose_name="外请专家", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    topic = models.CharField("题目", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "主讲领读"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False, lecturer__isnull=True) | Q(cadre__isnull=True, lecturer__isnull=False),
                name="speaker_of_staff_or_from_outside",
                violation_error_message="请选择一位干部或一位外请专家，二者选一。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.cadre or self.lecturer)


class ActivityBook(models.Model):
    """A book that an activity is about; `book` where the catalogue has it."""

    activity = models.ForeignKey(
        "activities.Activity", verbose_name="活动", on_delete=models.PROTECT, related_name="books"
    )
    book = models.ForeignKey(
        Book, verbose_name="图书", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("书名", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "活动用书"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
