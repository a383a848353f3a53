from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from organization.models import Cadre


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, cadre: Cadre) -> Self:
        """The person's own; nobody else ever sees them."""
        return self.filter(recipient=cadre)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A message to one person, with the portal's own address that it leads to."""

    recipient = models.ForeignKey(Cadre, verbose_name="收件人", on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    address = models.CharField("去处", max_length=200, blank=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects: ClassVar[models.Manager["Notice"]] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_recipient_newest"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="notice_has_a_subject"),
            models.CheckConstraint(
                condition=Q(address="") | (Q(address__startswith="/") & ~Q(address__startswith="//")),
                name="notice_leads_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
