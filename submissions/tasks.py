"""What the worker does for works when it is woken. Rules live in the services; rows hold the queue."""

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from organization.services.storing import sweep
from submissions.models import Submission
from submissions.services.call_works import remind_of_calls
from submissions.services.likeness import print_versions, unprinted
from submissions.services.processing import process_waiting
from submissions.services.search import index_works

logger = logging.getLogger(__name__)
DAY = timedelta(days=1)


@shared_task(name="submissions.index")
def index() -> None:
    """Search texts of works that came in otherwise than by a decision, or whose people got another name."""
    index_works(Submission.objects.showcased())


@shared_task(name="submissions.print")
def print_rest() -> None:
    """Fingerprints of versions that came in by a register, or whose documents were read only now."""
    print_versions(unprinted())


@shared_task(name="submissions.prepare")
def prepare() -> None:
    """Whatever waits, or whose worker died; woken by an upload and by the clock."""
    process_waiting(timezone.now())


@shared_task(name="submissions.remind_calls")
def remind_calls() -> None:
    """Calls for works whose last day is near."""
    remind_of_calls(now=timezone.now())


@shared_task(name="submissions.tidy")
def tidy() -> None:
    """Stored files that nobody needs, and what killed processes left in the folder for files on their way."""
    now = timezone.now()
    sweep(now)
    for left in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            changed = left.stat().st_mtime
        except FileNotFoundError:
            continue  # its own process removed it since the folder was listed
        if changed < (now - DAY).timestamp():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def wake() -> None:
    """Wakes the worker once the upload is stored. Without a broker the row waits for the worker's own clock."""
    transaction.on_commit(send)


def send() -> None:
    try:
        prepare.apply_async(expires=DAY.total_seconds())
    except Exception:
        logger.warning("消息队列不可用，附件等待后台进程自行处理", exc_info=True)
