"""Facts that change while a run is at work: what it writes equals a fresh run's, or it writes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from assessment.bulk import is_streaming
from assessment.models import DepartmentResult, Entry, Period, PersonResult
from assessment.services import CannotAssess, assess
from assessment.services.runs import request_run
from assessment.tests.people import cadre
from organization.models import Department, Posting
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import Quarter, Year
from submissions.models import Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

__all__ = ["cadre"]
pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)


@pytest.fixture
def work(cadre):
    return SubmissionFactory(people=[cadre], state=State.PENDING, credit_date=date(2025, 2, 1))


def approve(work: Submission) -> None:
    work.state = State.APPROVED
    work.save(update_fields=["state", "changed_at"])


def when_all_is_read(change: Callable[[], object]) -> Callable[[str, int, int], None]:
    """Progress that changes something once: the run has read everything, and its transaction has not begun."""
    left = [change]

    def progress(stage: str, done: int, total: int) -> None:
        if "写入结果" in stage and left:
            left.pop()()

    return progress


def run(period=Q1, **hooks):
    return assess(period=period, now=timezone.now(), **hooks)


def ledger():
    return list(Entry.objects.order_by("position").values_list("reference", "rule_code", "points"))


def test_a_work_approved_between_reading_and_writing_starts_the_run_over(work):
    run(progress=when_all_is_read(lambda: approve(work)))
    once = ledger()
    run()
    assert ledger() == once
    assert len(once) == 1


def test_a_work_approved_while_it_still_reads_starts_the_run_over(work):
    read = []

    def approve_once(execute, sql, params, many, context):
        if read and sql.startswith("SELECT") and "assessment_" in sql and work.state == State.PENDING:
            approve(work)
        if "submissions_contributor" in sql:
            read.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(approve_once):
        run()
    assert [row[1] for row in ledger()] == ["essay.base"]


def test_facts_that_never_rest_are_told(cadre):
    def always_change(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"submissions_contributor"."cadre_id"' in sql:
            SubmissionFactory(people=[cadre], state=State.APPROVED, credit_date=date(2025, 2, 1))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(always_change), pytest.raises(CannotAssess, match="稍后再算"):
        run()
    assert Entry.objects.count() == 0


def test_what_is_marked_is_undone_with_what_was_written_on_facts_that_changed(cadre):
    """Where nobody else can write, nothing is written on old facts in the first place."""
    marks = []

    def mark():
        marks.append(len(marks))
        Period.objects.create(code=f"203{len(marks)}Q1")

    run(when_written=mark, progress=when_all_is_read(lambda: CadreFactory(department=cadre.postings.get().department)))
    assert len(marks) == (2 if is_streaming() else 1)
    assert list(Period.objects.order_by("code").values_list("code", flat=True)) == ["2025Q1", f"203{len(marks)}Q1"]
    assert PersonResult.objects.count() == 2


def seal() -> None:
    Period.objects.update_or_create(code="2025Q1", defaults={"state": Period.State.SEALED})


def test_a_quarter_sealed_meanwhile_is_left_and_said_so(work):
    approve(work)
    with pytest.raises(CannotAssess, match="2025Q1 已封存"):
        run(progress=when_all_is_read(seal))
    assert Entry.objects.count() == 0


def test_a_year_goes_on_without_the_quarter_sealed_meanwhile(work):
    approve(work)
    assert "2025Q1" not in [row.code for row in run(Year(2025), progress=when_all_is_read(seal))]
    assert Entry.objects.count() == 0


def test_a_department_that_goes_meanwhile_starts_the_run_over(cadre):
    new = DepartmentFactory(parent=bureau())
    old = cadre.postings.get().department

    def close_it():
        Posting.objects.filter(cadre=cadre).update(department=new, changed_at=timezone.now())
        Department.objects.filter(pk=old.pk).delete()

    run(progress=when_all_is_read(close_it))
    assert PersonResult.objects.get().department == new
    assert not DepartmentResult.objects.filter(department_id=old.pk).exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_approves_while_it_writes_starts_the_run_over_and_a_request_joins_it(seeds, work):
    pending = request_run(period=Q1, by=None)
    joined, calls = [], []

    def meanwhile():
        try:
            approve(work)
            joined.append(request_run(period=Q1, by=None))
        finally:
            connection.close()

    def when_written():
        calls.append(Entry.objects.count())
        if len(calls) == 1:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile).result(timeout=20)

    run(when_written=when_written)
    assert (calls, joined) == ([0, 1], [pending])
    assert Entry.objects.get().reference == work.reference
