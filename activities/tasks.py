"""What the clock wakes for the activities; the services hold the rules."""

from celery import shared_task
from django.utils import timezone

from activities.services.sign_up_reminding import release_leavers, remind_registered


@shared_task(name="activities.sign_ups")
def sign_ups() -> None:
    """In the morning: who left gives the seat back first, so that the next is reminded the same day."""
    now = timezone.now()
    release_leavers(now=now)
    remind_registered(now=now)
