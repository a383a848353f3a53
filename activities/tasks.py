"""What the clock wakes in the activities; the services hold the rules."""

from celery import shared_task
from django.utils import timezone

from activities.services.questionnaires import close_past
from activities.services.warning import warn_of_feedback, warn_owners


@shared_task(name="activities.close_questionnaires")
def close_questionnaires() -> None:
    """Early in the morning: those whose last day was yesterday."""
    now = timezone.now()
    close_past(today=timezone.localdate(now), now=now)


@shared_task(name="activities.remind")
def remind() -> None:
    """In the morning: what the box and the findings wait for."""
    now = timezone.now()
    warn_of_feedback(now=now)
    warn_owners(now=now)
