"""What the clock wakes for the activities; the services hold the rules."""

from celery import shared_task
from django.utils import timezone

from activities.services.generating import generate_all


@shared_task(name="activities.generate")
def generate() -> None:
    """The activities of every running series, to the end of the year; from October on, of the next."""
    generate_all(now=timezone.now())
