"""Working off what waits: under a lock that ends with its holder, with progress, and never a silent end."""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from assessment.exports import StillChanging, export_appraisal
from assessment.models import AssessmentRun, ExportRun, Job, JobState
from assessment.models.run import export_name
from assessment.reports import NotAssessed
from assessment.services import CannotAssess, assess
from assessment.services.exporting import check_exporter
from assessment.services.schemes import NoScheme
from organization.services.roles import NotAllowed
from shuxiang.locks import held

logger = logging.getLogger(__name__)
# A run that ends its worker every time must not do so for ever.
STARTS = 5
EXPORTS_KEPT = timedelta(days=7)


def work_off_all() -> None:
    """Everything that waits, oldest first, but for what another worker is at."""
    for model, perform in ((AssessmentRun, perform_run), (ExportRun, perform_export)):
        for job in model.objects.pending().order_by("requested_at"):
            work_off(job, perform)


def work_off(job: Job, perform: Callable[[Job], None]) -> bool:
    """Does one job; False at once where somebody else is at it. What goes wrong stands in the row, in Chinese.

    A job whose database went away waits for its next start.
    """
    with held(job.lock) as mine:
        if not mine:
            return False
        job.refresh_from_db()
        if not job.is_pending:
            return True
        try:
            if job.attempts >= STARTS:
                fail(job, f"已中断 {STARTS} 次，没有完成。请运维查看日志和内存，再重新发起。")
                return True
            start(job)
            perform(job)
        except (CannotAssess, NoScheme, NotAllowed, NotAssessed, StillChanging) as error:
            fail(job, str(error))
        except (OperationalError, InterfaceError):
            logger.exception("数据库中断，%s等待下次启动", named(job))
        except Exception:
            logger.exception("%s出错", named(job))
            fail(job, f"程序出错，没有写入结果。请把编号 {job.pk} 告诉运维，查看日志。")
    return True


def named(job: Job) -> str:
    """For the log, with the number that the page tells."""
    return f"{job._meta.verbose_name} {job.period_code}（编号 {job.pk}）"


def start(job: Job) -> None:
    job.state = JobState.RUNNING
    job.attempts += 1
    job.started_at = timezone.now()
    job.save(update_fields=["state", "attempts", "started_at"])


def finish(job: Job) -> None:
    job.state = JobState.DONE
    job.stage = ""
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "stage", "finished_at"])


def fail(job: Job, error: str) -> None:
    job.state = JobState.FAILED
    job.error = error[:500]
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "error", "finished_at"])


def report_progress(job: Job, stage: str, done: int, total: int) -> None:
    """For whoever watches; a busy database must not stop the work for it."""
    job.stage, job.done, job.total = stage, done, total
    try:
        job.save(update_fields=["stage", "done", "total"])
    except OperationalError:
        logger.warning("%s的进度没有写入：数据库忙", named(job))


def perform_run(run: Job) -> None:
    assess(
        period=run.period,
        now=timezone.now(),
        progress=lambda *step: report_progress(run, *step),
        when_written=lambda: finish(run),
    )


def perform_export(run: Job) -> None:
    assert isinstance(run, ExportRun)
    assert run.requested_by is not None
    scope = check_exporter(run.requested_by)
    report_progress(run, "写工作簿", 0, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        export_appraisal(run.period, path, ranks=True, scope=scope)
        run.file.storage.delete(export_name(run, path.name))
        with path.open("rb") as file:
            run.file.save(path.name, File(file), save=False)
    run.save(update_fields=["file"])
    finish(run)


def remove_old_exports(now: datetime) -> None:
    for run in ExportRun.objects.exclude(file="").filter(finished_at__lt=now - EXPORTS_KEPT):
        run.file.delete(save=False)
        run.save(update_fields=["file"])
