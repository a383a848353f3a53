"""A liaison's private reminder: a notice that the person alone sees, at most one a day and item."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from notices.models import Reminder
from notices.services.sending import send
from organization.models import Cadre
from organization.roles import Role
from organization.services.roles import NotAllowed
from shuxiang.periods import shanghai_date


def remind(*, recipient: Cadre, sender: Cadre, item: str, body: str, address: str, now: datetime) -> bool:
    """Whether the notice went out; not where the person was reminded of the item today. Raises NotAllowed."""
    if not sender.has_role(Role.LIAISON):
        raise NotAllowed("只有科室联络员能提醒同事。")
    if recipient == sender:
        raise NotAllowed("不用提醒自己，要报的作品在“我的书香”。")
    if not Cadre.objects.visible_to(sender).filter(pk=recipient.pk).exists():
        raise NotAllowed("只能提醒本科室的同事。")
    try:
        with transaction.atomic():
            Reminder.objects.create(recipient=recipient, sender=sender, item=item, day=shanghai_date(now))
            send(recipients=[recipient], subject=f"提醒：{item}", body=body, address=address, now=now)
    except IntegrityError:
        return False
    return True


def reminded_on(day: date, people: Iterable[Cadre]) -> set[tuple[int, str]]:
    """(person, item) of the day's reminders; one query."""
    rows = Reminder.objects.filter(day=day, recipient__in=[cadre.pk for cadre in people])
    return set(rows.values_list("recipient", "item"))
