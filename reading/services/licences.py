"""Licences of digital resources that end: librarians are told a month before, and once more when it has happened."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from notices.services import send
from reading.models import DigitalResource
from reading.models.digital import ENDS_SOON
from reading.services.authority import librarians
from shuxiang.periods import written
from shuxiang.typography import quoted

DAY = timedelta(days=1)


def warn_licences(*, today: date, now: datetime) -> int:
    """Gives how many warnings were sent. Two workers at once send each of them once."""
    dated = DigitalResource.objects.filter(licence_until__lte=today + ENDS_SOON, is_closed=False)
    return sum(warn(resource, today, now) for resource in dated.order_by("licence_until", "pk"))


def warn(resource: DigitalResource, today: date, now: datetime) -> bool:
    end = resource.licence_until
    assert end is not None
    told = end + DAY if resource.has_ended(today) else end
    if resource.warned_until is not None and resource.warned_until >= told:
        return False
    before = Q(warned_until=resource.warned_until) if resource.warned_until else Q(warned_until__isnull=True)
    with transaction.atomic():
        same = DigitalResource.objects.filter(before, pk=resource.pk, licence_until=end)
        if same.update(warned_until=told) != 1:
            return False
        send(
            recipients=librarians(),
            subject=subject_of(resource, end, today),
            body="续订以后请更新授权到期日；不再续订的请停用，读者就不会再看到。",
            address=f"/digital/{resource.pk}/",
            now=now,
        )
    return True


def subject_of(resource: DigitalResource, end: date, today: date) -> str:
    day = written(end)
    name = quoted(resource.title)
    return f"{name}的授权已于 {day}到期" if end < today else f"{name}的授权将于 {day}到期"
