"""What the clock wakes in the reading room; the services hold the rules."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from reading.services.forgetting import forget_old
from reading.services.holding import cancel_holds_of_leavers, expire_holds, serve_everybody
from reading.services.licences import warn_licences
from reading.services.link_check import check_links
from reading.services.reminding import remind_borrowers, tell_of_leavers
from reading.services.search import repair_index


@shared_task(name="reading.remind")
def remind() -> None:
    """In the morning: holds that nobody fetched first, so that the next in the queue is told the same day."""
    now = timezone.now()
    cancel_holds_of_leavers(now=now)
    expire_holds(now=now)
    serve_everybody(now=now)
    remind_borrowers(now=now)
    tell_of_leavers(now=now)


@shared_task(name="reading.forget")
def forget() -> None:
    forget_old(now=timezone.now())


@shared_task(name="reading.index")
def index() -> None:
    """Search texts and index of titles that were written past the services."""
    repair_index()


@shared_task(name="reading.licences")
def licences() -> None:
    """Tells the librarians of licences that end soon or have ended."""
    warn_licences(today=timezone.localdate(), now=timezone.now())


@shared_task(name="reading.links")
def links() -> None:
    """Asks every link of a digital resource whether it still answers."""
    if settings.DIGITAL_LINK_CHECK:
        check_links(now=timezone.now())
