"""What the clock wakes; the services hold the rules."""

from celery import shared_task

from submissions.models import Submission
from submissions.services.search import index_works


@shared_task(name="submissions.index")
def index() -> None:
    """Search texts of works that came in otherwise than by a decision, or whose people got another name."""
    index_works(Submission.objects.showcased())
