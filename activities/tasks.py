"""What the clock wakes in the activities; the services hold the rules."""

from celery import shared_task
from django.utils import timezone

from activities.services.questionnaires import close_past


@shared_task(name="activities.close_questionnaires")
def close_questionnaires() -> None:
    """Early in the morning: those whose last day was yesterday."""
    now = timezone.now()
    close_past(today=timezone.localdate(now), now=now)
