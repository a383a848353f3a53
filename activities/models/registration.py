from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from activities.models.activity import Activity
from activities.states import RegistrationAction, RegistrationState
from organization.models import Cadre, Event
from shuxiang.tracking import Tracked


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def registered(self) -> Self:
        return self.filter(state=RegistrationState.REGISTERED)

    def waiting(self) -> Self:
        """In the order in which they move up."""
        return self.filter(state=RegistrationState.WAITING).order_by("queued_at", "id")

    def standing(self) -> Self:
        return self.exclude(state=RegistrationState.CANCELLED)


class Registration(Tracked):
    """One person's sign-up for one activity. Seats are counted on the activity, where the database guards them."""

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="registrations")
    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField("状态", max_length=10, choices=RegistrationState.choices)
    queued_at = models.DateTimeField("报名时间")
    # The day of the activity that the person was reminded of; a moved one is told anew.
    reminded_for = models.DateField("已提醒的日期", null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Registration"]] = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动报名"
        ordering = ["queued_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "cadre"], name="registration_once"),
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.activity}"


class RegistrationEvent(Event):
    registration = models.ForeignKey(Registration, verbose_name="报名", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=10, choices=RegistrationAction.choices)

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "报名记录"


class CalendarAddress(models.Model):
    """The secret address of a person's calendar feed; a new secret makes the old address void."""

    cadre = models.OneToOneField(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="calendar_address")
    secret = models.CharField("密钥", max_length=64, unique=True)
    created_at = models.DateTimeField("建立时间")

    objects: ClassVar[models.Manager["CalendarAddress"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "日历地址"

    def __str__(self) -> str:
        return str(self.cadre)
