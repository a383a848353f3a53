"""Runs: the row is the queue, one at a time per period, and every end stands in it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from assessment import tasks
from assessment.bulk import is_streaming
from assessment.jobs import STARTS, perform_run, work_off, work_off_all
from assessment.models import AssessmentRun, JobState, Period, PersonResult, Scheme
from assessment.services import CannotAssess, assess
from assessment.services.runs import request_run, request_stale_runs
from assessment.tests.people import cadre
from organization.models import Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.locks import held
from shuxiang.periods import Quarter, Year, parse_period
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

__all__ = ["cadre"]
pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)


@pytest.fixture
def clerk(cadre):
    return CadreFactory(roles=[Role.OFFICE], department=DepartmentFactory(parent=bureau()))


def run_of(period=Q1) -> AssessmentRun:
    run = request_run(period=period, by=None)
    work_off(run, perform_run)
    run.refresh_from_db()
    return run


def test_a_run_goes_from_waiting_to_done(clerk):
    run = request_run(period=Q1, by=clerk)
    assert (run.state, run.requested_by, run.percent) == (JobState.WAITING, clerk, 0)
    assert work_off(run, perform_run)
    run.refresh_from_db()
    assert (run.state, run.percent, run.attempts, run.error, run.stage) == (JobState.DONE, 100, 1, "", "")
    assert run.started_at <= run.finished_at
    assert PersonResult.objects.filter(period="2025Q1").count() == 2


def test_a_second_request_finds_the_pending_run_and_a_later_one_is_new(cadre):
    first = request_run(period=Q1, by=None)
    assert request_run(period=Q1, by=None) == first
    assert request_run(period=Quarter(2025, 2), by=None) != first
    work_off(first, perform_run)
    assert request_run(period=Q1, by=None) != first


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_only_the_office_asks_for_a_run(role):
    with pytest.raises(NotAllowed, match="只有办公室"):
        request_run(period=Q1, by=CadreFactory(roles=[role]))
    assert AssessmentRun.objects.count() == 0


def test_a_sealed_or_future_period_gets_no_run(cadre):
    Period.objects.create(code="2025Q1", state=Period.State.SEALED)
    with pytest.raises(CannotAssess, match="已封存"):
        request_run(period=Q1, by=None)
    with pytest.raises(CannotAssess, match="还没有开始"):
        request_run(period=Quarter(2199, 1), by=None)
    assert AssessmentRun.objects.count() == 0


def test_a_run_that_cannot_be_done_says_why():
    run = run_of()
    assert (run.state, run.error) == (JobState.FAILED, "还没有任职的干部，请先导入花名册。")


def test_an_unexpected_error_names_the_run_and_writes_nothing(cadre, caplog):
    def broken(run):
        assess(period=run.period, now=timezone.now(), when_written=lambda: 1 / 0)

    run = request_run(period=Q1, by=None)
    work_off(run, broken)
    run.refresh_from_db()
    assert (run.state, run.error) == (
        JobState.FAILED, f"程序出错，没有写入结果。请把编号 {run.pk} 告诉运维，查看日志。",
    )  # fmt: skip
    assert Period.objects.count() == 0
    assert f"编号 {run.pk}" in caplog.text


def test_a_run_whose_database_went_away_waits_and_is_given_up_after_some_starts(cadre):
    def broken(run):
        raise OperationalError("gone")

    run = request_run(period=Q1, by=None)
    for number in range(1, STARTS + 1):
        work_off(run, broken)
        run.refresh_from_db()
        assert (run.state, run.attempts) == (JobState.RUNNING, number)
    work_off(run, broken)
    run.refresh_from_db()
    assert (run.state, run.error.startswith(f"已中断 {STARTS} 次")) == (JobState.FAILED, True)


def test_a_run_that_died_is_started_again(cadre):
    run = request_run(period=Q1, by=None)
    AssessmentRun.objects.filter(pk=run.pk).update(state=JobState.RUNNING, attempts=1, stage="写入结果")
    tasks.work()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.DONE, 2)


def test_a_stale_copy_of_a_finished_run_is_not_done_twice(cadre):
    run = request_run(period=Q1, by=None)
    stale = AssessmentRun.objects.get(pk=run.pk)
    work_off(run, perform_run)
    work_off(stale, perform_run)
    assert (stale.state, stale.attempts) == (JobState.DONE, 1)


def test_progress_counts_the_steps(cadre):
    seen = []
    assess(period=Quarter(2025, 2), now=timezone.now(), progress=lambda *step: seen.append(step))
    apart = [("计算 2025Q1", 1, 4), ("计算 2025Q2", 2, 4), ("写入结果", 3, 4)]
    assert seen == [("读取数据", 0, 4), *([("计算并写入结果", 3, 4)] if is_streaming() else apart)]


def test_a_quarter_that_is_still_to_come_gets_no_sheet(cadre):
    now = datetime(2025, 5, 1, tzinfo=UTC)
    assert [row.code for row in assess(period=Year(2025), now=now)] == ["2025Q1", "2025Q2", "2025"]
    assert list(Period.objects.order_by("code").values_list("code", flat=True)) == ["2025", "2025Q1", "2025Q2"]


def codes(runs) -> list[str]:
    return [run.period_code for run in runs]


def test_what_facts_have_changed_is_run_again_and_nothing_else(cadre):
    now = datetime(2025, 5, 1, tzinfo=UTC)
    SubmissionFactory(people=[cadre], state=State.APPROVED, credit_date=date(2023, 2, 1))
    assert codes(request_stale_runs(now)) == ["2023", "2025Q2"]
    work_off_all()
    assert request_stale_runs(now) == []
    SubmissionFactory(people=[cadre], state=State.PENDING, credit_date=date(2025, 2, 1))
    assert request_stale_runs(now) == []
    SubmissionFactory(people=[cadre], state=State.APPROVED, credit_date=date(2025, 2, 1))
    assert codes(request_stale_runs(now)) == ["2023", "2025Q2"]


def test_sealed_quarters_are_left_and_the_rest_of_their_year_is_run(cadre):
    now = datetime(2025, 5, 1, tzinfo=UTC)
    for code in ("2025Q2", "2025Q3"):
        assess(period=parse_period("2025Q1"), now=now)
        Period.objects.update_or_create(code=code, defaults={"state": Period.State.SEALED})
    CadreFactory(department=DepartmentFactory(parent=bureau()))
    assert codes(request_stale_runs(now)) == ["2025Q1"]


def test_the_tasks_do_what_their_names_say(cadre):
    tasks.refresh()
    today = timezone.localdate()
    assert AssessmentRun.objects.filter(state=JobState.DONE).count() == 1
    assert Period.objects.get(code=str(Quarter.of(today))).assessed_at is not None
    tasks.work()
    assert AssessmentRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_holds_the_lock_is_alone(seeds, cadre, tmp_path, settings):
    settings.LOCKS_DIR = tmp_path
    run = request_run(period=Q1, by=None)
    with transaction.atomic(), held("other") as free:
        assert free
    found = []

    def try_it():
        found.append(work_off(AssessmentRun.objects.get(pk=run.pk), perform_run))
        connection.close()

    with held(run.lock) as mine, ThreadPoolExecutor(1) as pool:
        assert mine
        pool.submit(try_it).result()
    assert found == [False]
    assert AssessmentRun.objects.get(pk=run.pk).state == JobState.WAITING
    assert work_off(run, perform_run)


def test_nothing_is_run_by_itself_where_it_could_only_fail(cadre):
    now = datetime(2025, 5, 1, tzinfo=UTC)
    SubmissionFactory(people=[cadre], state=State.APPROVED, credit_date=date(2023, 2, 1))
    Scheme.objects.update(effective_from="2024Q1")
    assert codes(request_stale_runs(now)) == ["2025Q2"]
    AssessmentRun.objects.all().delete()
    Posting.objects.all().delete()
    assert request_stale_runs(now) == []
