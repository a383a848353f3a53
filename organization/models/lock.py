from datetime import datetime, timedelta
from typing import ClassVar, Self

from axes.models import AccessAttempt
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Upper

from organization.models.cadre import Cadre

LOCK_TIME = timedelta(minutes=settings.LOCK_MINUTES)


class LockQuerySet(models.QuerySet["Lock"]):
    def in_force(self, now: datetime) -> Self:
        """Locks that still hold; one row per person and address (see `LockHandler`)."""
        return self.filter(failures_since_start__gte=settings.LOCK_FAILURES, attempt_time__gte=now - LOCK_TIME)

    def with_name(self) -> Self:
        """Adds `name` of the person whose 工号 was tried; None where nobody has it."""
        tried = Cadre.objects.annotate(key=Upper("employee_number")).filter(key=OuterRef("username"))
        return self.annotate(name=Subquery(tried.values("name")[:1]))


class Lock(AccessAttempt):
    """A 工号 that failed too often from one address; the rows are those of django-axes."""

    objects: ClassVar[models.Manager["Lock"]] = LockQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "登录锁定"
        ordering = ["-attempt_time"]

    def __str__(self) -> str:
        return f"{self.number}（{self.ip_address or '地址不明'}）"

    @property
    def number(self) -> str:
        """The 工号 in capitals; what nobody has is counted by a digest and not shown."""
        return "没有这个工号" if not self.username or self.username.startswith("#") else self.username

    @property
    def ends_at(self) -> datetime:
        return self.attempt_time + LOCK_TIME
