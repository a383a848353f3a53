"""What the clock wakes for the reading room; the services hold the rules."""

from celery import shared_task

from reading.services.search import repair_index


@shared_task(name="reading.index")
def index() -> None:
    """Search texts and index of titles that were written past the services."""
    repair_index()
