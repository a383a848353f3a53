"""What a work would count for, said at the review desk before the run."""

from datetime import date

import pytest

from assessment.models import Period, Scheme
from assessment.services.outlook import outlook
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from submissions.kinds import Kind
from submissions.models import Contributor
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return CadreFactory(name="韩素", department=DepartmentFactory(parent=bureau()))


def essay(author, **fields):
    return SubmissionFactory(**{"people": [author], "credit_date": date(2024, 5, 1)} | fields)


def test_an_essay_of_the_quarter(author):
    found = outlook(essay(author))
    assert (found.quarter, found.is_late, found.standing) == ("2024 年第二季度", False, "")
    assert found.quota == "每季度 1 件，韩素已通过 0 件"
    assert found.points == "基础分 1.00，良好另加 1.00，优秀另加 2.00"


def test_other_works_of_the_span_and_kind_are_counted(author):
    essay(author, state=State.APPROVED)
    essay(author, state=State.APPROVED, credit_date=date(2024, 2, 1))
    essay(author, state=State.REJECTED)
    essay(author, state=State.APPROVED, kind=Kind.RECOMMENDATION, credit_date=date(2024, 2, 1))
    assert outlook(essay(author)).quota == "每季度 1 件，韩素已通过 1 件"
    assert outlook(essay(author, kind=Kind.RECOMMENDATION)).quota == "每年 1 件，韩素已通过 1 件"
    assert outlook(essay(author, state=State.APPROVED)).quota == "每季度 1 件，韩素另有 1 件"


def test_a_late_work_of_several(author):
    work = essay(author, kind=Kind.RECITATION, credit_date=date(2024, 4, 8), quarter="2024Q1")
    name(work, CadreFactory(), 1)
    name(work, CadreFactory(), 2, Contributor.State.DECLINED)
    found = outlook(work)
    assert (found.quarter, found.is_late) == ("2024 年第一季度", True)
    assert found.quota == "每年 1 件，2 人中目前有 2 人未满"
    assert found.points == "基础分 1.00，补报按 0.50 计，良好另加 1.00，优秀另加 2.00，2 人均分"


def test_kinds_without_a_quota_or_a_base_rule(author):
    assert outlook(essay(author, kind=Kind.IDEA)).quota == ""
    assert outlook(essay(author, kind=Kind.CREATION)).points == "优秀加 1.00"


@pytest.mark.parametrize(
    ("state", "said"),
    [(Period.State.OPEN, ""), (Period.State.CLOSED, "已公示"), (Period.State.SEALED, "已封存")],
)
def test_a_quarter_that_is_closed_or_sealed_is_said_to_be(state, said, author):
    Period.objects.create(code="2024Q2", state=state, scheme=Scheme.objects.get())
    assert outlook(essay(author)).standing[:3] == said


def test_without_a_scheme_nothing_is_promised(author):
    Scheme.objects.update(effective_from="2030Q1")
    found = outlook(essay(author))
    assert (found.quota, found.points) == ("", "")
