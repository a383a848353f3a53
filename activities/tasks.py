"""What the clock wakes in the activities; the services hold the rules."""

from celery import shared_task
from django.utils import timezone

from activities.services.calling import close_finished
from activities.services.forewarning import warn_offices
from activities.services.generating import generate_all
from activities.services.mixing import mix_anonymous
from activities.services.questionnaires import close_past
from activities.services.sign_up_reminding import release_leavers, remind_registered
from activities.services.warning import warn_of_feedback, warn_owners


@shared_task(name="activities.close_questionnaires")
def close_questionnaires() -> None:
    """Early in the morning: those whose last day was yesterday."""
    now = timezone.now()
    close_past(today=timezone.localdate(now), now=now)


@shared_task(name="activities.mix")
def mix() -> None:
    """After midnight: when the anonymous messages of the day came in."""
    mix_anonymous()


@shared_task(name="activities.remind")
def remind() -> None:
    """In the morning: what the box and the findings wait for."""
    now = timezone.now()
    warn_of_feedback(now=now)
    warn_owners(now=now)


@shared_task(name="activities.generate")
def generate() -> None:
    """The activities of every running series, to the end of the year; from October on, of the next."""
    generate_all(now=timezone.now())


@shared_task(name="activities.sign_ups")
def sign_ups() -> None:
    """In the morning: who left gives the seat back first, so that the next is reminded the same day."""
    now = timezone.now()
    release_leavers(now=now)
    remind_registered(now=now)


@shared_task(name="activities.close_calls")
def close_calls() -> None:
    """After midnight: calls whose last day has passed."""
    close_finished(now=timezone.now())


@shared_task(name="activities.warn")
def warn() -> None:
    """In the morning: offices whose commitments lack an activity, while there still is time."""
    warn_offices(now=timezone.now())
