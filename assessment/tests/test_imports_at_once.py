"""Imports, reviews and assessments that meet on PostgreSQL: everyone waits or is told, nothing is lost."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from assessment.models import Entry
from assessment.services import assess
from assessment.tests.test_sample_offices import ROOTS, expected
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.periods import parse_period
from shuxiang.tests.fixtures import SAMPLES
from shuxiang.tests.races import at_once
from shuxiang.tests.registers import run, write_book
from submissions.models import Submission
from submissions.services import review
from submissions.states import State
from submissions.tests.decisions import approve
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
NOW = datetime(2025, 1, 5, tzinfo=UTC)


def test_the_same_registers_four_times_at_once(seeds):
    folder = SAMPLES / "registers" / "bureau"
    for name, options in (("roster", {ROOTS["bureau"]: "测试局"}), ("submissions", {}), ("attendance", {})):
        path = folder / f"{name}.xlsx"
        out = at_once(*[lambda name=name, path=path, options=options: run(f"import_{name}", path, **options)] * 4)
        assert sorted("新增 0 " in str(each) for each in out) == [False, True, True, True], out
    runs = at_once(*[lambda: assess(period=parse_period("2024"), now=NOW)] * 4)
    assert [run for run in runs if isinstance(run, Exception)] == []
    assert Entry.objects.count() == len(expected("bureau")["2024"]["entries"])


def test_a_review_and_a_register_at_once_lose_no_decision(seeds, tmp_path):
    folder = SAMPLES / "registers" / "bureau"
    run("import_roster", folder / "roster.xlsx", agency="测试局")
    author = Cadre.objects.get(employee_number="001006")
    clerk = CadreFactory(roles=[Role.OFFICE], department=author.postings.last().department.parent)
    header = ["编号", "类型", "题目", "工号", "上报日期", "状态", "评级"]
    for number in range(5):
        work = SubmissionFactory(people=[author], reference=f"ZZ{number}", title="读后")
        row = [work.reference, "读书心得", "改题", "001006", work.credit_date, "待审", None]
        path = write_book(tmp_path / f"{number}.xlsx", {"作品登记": [header, row]})
        decided, imported = at_once(
            lambda work=work: approve(submission=work, reviewer=clerk, now=NOW),
            lambda path=path: run("import_submissions", path),
        )
        stored = Submission.objects.get(pk=work.pk)
        events = [(event.from_state, event.to_state) for event in stored.decisions.all()]
        assert not isinstance(imported, CommandError)
        if isinstance(decided, review.StaleSubmission):
            assert events == [(State.PENDING, State.PENDING)]
        else:
            assert events == [(State.PENDING, State.APPROVED), (State.APPROVED, State.PENDING)]
