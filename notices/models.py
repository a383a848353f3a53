from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from organization.models import Cadre
from shuxiang.periods import written


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


class DigestQuerySet(models.QuerySet["Digest"]):
    def went_out(self) -> Self:
        """Sent, or begun and cut off: nobody knows whether it arrived, so it is not sent again."""
        return self.exclude(state=Digest.State.FAILED)


class Digest(models.Model):
    """One digest of a day through one channel outward, to one person or to a group; the log of what was sent.

    The row is written before the message leaves, so that a killed worker never sends one twice. It covers the
    notices after `since` up to `until`.
    """

    class State(models.TextChoices):
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "失败"

    day = models.DateField("日期")
    channel = models.CharField("渠道", max_length=40)
    recipient = models.ForeignKey(
        Cadre, verbose_name="收件人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField("起", null=True, blank=True)
    until = models.DateTimeField("止")
    count = models.PositiveIntegerField("通知条数")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.SENDING)
    error = models.CharField("失败原因", max_length=300, blank=True)
    created_at = models.DateTimeField("时间")

    objects: ClassVar[models.Manager["Digest"]] = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "外发摘要"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint("day", "channel", Coalesce("recipient", 0), name="digest_once_a_day_and_recipient"),
            models.CheckConstraint(condition=Q(state__in=["sending", "sent", "failed"]), name="digest_state_known"),
        ]

    def __str__(self) -> str:
        return f"{written(self.day)} {self.channel}"


class Reminder(models.Model):
    """Somebody was reminded of something, at most once a day; `item` names it in the words that the person reads."""

    recipient = models.ForeignKey(Cadre, verbose_name="收件人", on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Cadre, verbose_name="提醒人", on_delete=models.PROTECT, related_name="+")
    item = models.CharField("事项", max_length=100)
    day = models.DateField("日期")

    objects: ClassVar[models.Manager["Reminder"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        constraints = [
            models.UniqueConstraint(fields=["day", "recipient", "item"], name="reminder_once_a_day_and_item"),
        ]

    def __str__(self) -> str:
        return f"{written(self.day)} {self.item}"
