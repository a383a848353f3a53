"""What the worker does when it is woken. Rules live in the services; rows hold the queue."""

import logging
from datetime import timedelta
from pathlib import Path

from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assessment.jobs import remove_old_exports, work_off_all
from assessment.services.runs import request_stale_runs
from organization.services.imports import discard_forgotten

logger = logging.getLogger(__name__)
DAY = timedelta(days=1)


@shared_task(name="assessment.work")
def work() -> None:
    """Whatever waits, or whose worker died; woken by a request and by the clock."""
    work_off_all()


@shared_task(name="assessment.refresh")
def refresh() -> None:
    """Every unsealed period whose facts have changed; nightly and after an import."""
    request_stale_runs(timezone.now())
    work_off_all()


@shared_task(name="assessment.tidy")
def tidy() -> None:
    """Old workbooks, registers nobody decided on, and the file broker's messages that were read a day ago."""
    now = timezone.now()
    remove_old_exports(now)
    discard_forgotten(now)
    for message in Path(settings.BROKER_DIR, "processed").glob("*.msg"):
        if message.stat().st_mtime < (now - DAY).timestamp():
            message.unlink(missing_ok=True)


def wake() -> None:
    """Wakes the worker once the request is stored. Without a broker the row waits for the worker's own clock."""
    transaction.on_commit(lambda: send(work))


def wake_for_changed_facts() -> None:
    transaction.on_commit(lambda: send(refresh))


def send(task: Task) -> None:
    try:
        task.apply_async(expires=DAY.total_seconds())
    except Exception:
        logger.warning("消息队列不可用，任务等待后台进程自行开始", exc_info=True)
