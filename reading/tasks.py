"""What the clock wakes for the reading room. Rules live in the services."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from reading.services.licences import warn_licences
from reading.services.link_check import check_links


@shared_task(name="reading.licences")
def licences() -> None:
    """Tells the librarians of licences that end soon or have ended."""
    warn_licences(today=timezone.localdate(), now=timezone.now())


@shared_task(name="reading.links")
def links() -> None:
    """Asks every link of a digital resource whether it still answers."""
    if settings.DIGITAL_LINK_CHECK:
        check_links(now=timezone.now())
