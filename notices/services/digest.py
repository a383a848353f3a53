"""One digest a day of what waits unread, outward; the portal itself keeps every notice.

A digest holds numbers and the address to log in at, never a subject: those tell of works, decisions and reminders, and
a channel may lie open to others (a robot with somebody's telephone number writes to the whole group).
A row in the log is written first and alone allows the message: whoever comes second finds it there. Where a worker
dies in between, the row stays 发送中 and the message is not repeated; what failed goes with the next day's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from notices.channels import Channel, Undelivered
from notices.models import Digest, Notice
from organization.models import Cadre

TITLE = "书香机关"


@dataclass(frozen=True)
class Parcel:
    """A digest that may go out: `recipient` is None for a group."""

    channel: Channel
    url: str
    recipient: Cadre | None
    since: datetime | None
    until: datetime
    count: int
    text: str


def send_digests(*, channels: Sequence[Channel], hour: int, portal: str, now: datetime) -> int:
    """Sends what is due today and was not begun yet, and gives how many went out.

    Notices up to `hour` o'clock of today count; before that hour nothing is due. `portal` is the address to log in at.
    """
    until = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0)
    if now < until:
        return 0
    parcels = [parcel for channel in channels for parcel in parcels_of(channel, until)]
    return sum(attempt(parcel, portal, now) for parcel in parcels)


def parcels_of(channel: Channel, until: datetime) -> Iterator[Parcel]:
    covered = covered_until(channel)
    begun = set(Digest.objects.filter(day=until.date(), channel=channel.name).values_list("recipient", flat=True))
    waiting = Notice.objects.unread().filter(created_at__lte=until, recipient__is_active=True)
    if not channel.is_personal:
        since = covered.get(None)
        found = waiting.filter(created_at__gt=since) if since else waiting
        count, people = found.count(), found.order_by().values("recipient").distinct().count()
        if count and None not in begun:
            text = f"{people} 位同事共有 {count} 条未读的新通知。"
            yield Parcel(channel, channel.url, None, since, until, count, text)
        return
    rows = waiting.order_by("recipient").select_related("recipient").defer("subject", "body")
    for recipient, group in groupby(rows.iterator(2000), key=lambda notice: notice.recipient):
        since = covered.get(recipient.pk)
        count = sum(since is None or notice.created_at > since for notice in group)
        url = channel.address_of(recipient.employee_number, recipient.phone)
        if count and url and recipient.pk not in begun:
            yield Parcel(channel, url, recipient, since, until, count, f"您有 {count} 条未读的新通知。")


def covered_until(channel: Channel) -> dict[int | None, datetime]:
    """By recipient, up to when digests of this channel have gone out."""
    rows = Digest.objects.went_out().filter(channel=channel.name).order_by().values_list("recipient")
    return dict(rows.annotate(last=Max("until")))


def attempt(parcel: Parcel, portal: str, now: datetime) -> bool:
    """Whether the message went out; the row says so, or why not."""
    try:
        with transaction.atomic():
            digest = Digest.objects.create(
                day=parcel.until.date(),
                channel=parcel.channel.name,
                recipient=parcel.recipient,
                since=parcel.since,
                until=parcel.until,
                count=parcel.count,
                created_at=now,
            )
    except IntegrityError:
        return False  # another worker was first
    error = ""
    try:
        parcel.channel.deliver(parcel.url, TITLE, f"{parcel.text}\n请登录查看{'：' + portal if portal else '。'}")
    except Undelivered as failure:
        error = str(failure)
    state = Digest.State.FAILED if error else Digest.State.SENT
    Digest.objects.filter(pk=digest.pk).update(state=state, error=error)
    return not error
