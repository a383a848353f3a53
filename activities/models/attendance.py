from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models.activity import Activity
from organization.models import Cadre, Event, Posting, work_scope_of
from shuxiang.periods import written
from shuxiang.tracking import Tracked


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def valid(self) -> Self:
        return self.filter(is_void=False)

    def visible_to(self, viewer: Cadre) -> Self:
        """Own rows, and those of people who were in the viewer's scope on the day of the activity."""
        scope = work_scope_of(viewer)
        if scope.everybody:
            return self
        posted = Posting.objects.filter(cadre=OuterRef("cadre"), department__in=scope.departments)
        return self.filter(Q(cadre=viewer) | Exists(posted.covering(OuterRef("activity__date"))))


def not_in_service(activity: Activity, cadre: Cadre) -> str:
    """Why somebody cannot be recorded there."""
    return f"{cadre} 在 {written(activity.date)}不在职，请核对人员或活动日期。"


class Attendance(Tracked):
    """One person at one activity in one capacity. Speaking replaces attending when points are worked out."""

    class Capacity(models.TextChoices):
        ATTENDING = "attending", "参加"
        SPEAKING = "speaking", "主讲"

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="attendances")
    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="attendances")
    capacity = models.CharField("身份", max_length=10, choices=Capacity.choices, default=Capacity.ATTENDING)

    recorded_by = models.ForeignKey(
        Cadre, verbose_name="登记人", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_void = models.BooleanField("作废", default=False, help_text="登记有误时勾选：不再计分，记录保留，可随时恢复。")

    objects: ClassVar[models.Manager["Attendance"]] = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动签到"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "cadre", "capacity"],
                name="attendance_recorded_once",
                violation_error_message="此人在这次活动中的这一身份已登记。",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["attending", "speaking"]), name="attendance_capacity_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.get_capacity_display()} {self.activity.reference}"

    def clean(self) -> None:
        if self.cadre_id and self.activity_id and not self.cadre.in_service(self.activity.date):
            raise ValidationError({"cadre": not_in_service(self.activity, self.cadre)})


class AttendanceEvent(Event):
    """Who recorded or corrected an attendance, when, from and to what: a capacity, or `void`; empty before it was
    recorded. After sealing it is an adjustment's cause."""

    attendance = models.ForeignKey(Attendance, verbose_name="签到", on_delete=models.PROTECT, related_name="events")

    objects: ClassVar[models.Manager["AttendanceEvent"]] = models.Manager()

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "签到记录"
