"""Decisions on works: authority, state, stale copies, and the event that each leaves."""

from datetime import UTC, datetime

import pytest

from organization.models import DepartmentKind
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from submissions.kinds import Grade
from submissions.models import Decision, Submission, Version
from submissions.services import review
from submissions.states import Action, IllegalTransition, State
from submissions.tests.decisions import approve, rate, reject, reopen, return_submission, submit_again
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def department():
    return DepartmentFactory(parent=bureau())


@pytest.fixture
def clerk(department):
    return CadreFactory(roles=[Role.OFFICE], department=department)


@pytest.fixture
def author(department):
    return CadreFactory(department=department)


@pytest.fixture
def work(author):
    return SubmissionFactory(people=[author])


def stale_copy(submission):
    return Submission.objects.get(pk=submission.pk)


DECISIONS = {
    "approve": (State.PENDING, lambda work, by: approve(submission=work, reviewer=by, now=NOW)),
    "return": (
        State.PENDING,
        lambda work, by: return_submission(submission=work, reviewer=by, reason="请补齐出处", now=NOW),
    ),
    "reject": (State.PENDING, lambda work, by: reject(submission=work, reviewer=by, reason="与人雷同", now=NOW)),
    "rate": (
        State.APPROVED,
        lambda work, by: rate(submission=work, reviewer=by, grade=Grade.GOOD, now=NOW),
    ),
    "reopen": (State.APPROVED, lambda work, by: reopen(submission=work, reviewer=by, reason="评错", now=NOW)),
}
each_decision = pytest.mark.parametrize("name", DECISIONS)


def in_state(work, state):
    Submission.objects.filter(pk=work.pk).update(state=state)
    work.refresh_from_db()
    return work


@each_decision
def test_a_decision_moves_the_work_and_leaves_an_event(name, work, clerk):
    before, decide = DECISIONS[name]
    decision = decide(in_state(work, before), clerk)
    stored = Submission.objects.get(pk=work.pk)
    assert (decision.actor, decision.from_state, decision.to_state) == (clerk, before, stored.state)
    assert stored.revision == 2
    assert stored.changed_at == NOW


@each_decision
def test_of_two_stale_copies_the_second_is_told(name, work, clerk):
    before, decide = DECISIONS[name]
    first, second = stale_copy(in_state(work, before)), stale_copy(work)
    decide(first, clerk)
    with pytest.raises(review.StaleSubmission):
        decide(second, clerk)
    assert Decision.objects.count() == 1


@each_decision
def test_nobody_decides_on_an_own_work(name, work, clerk):
    before, decide = DECISIONS[name]
    work.contributors.create(cadre=clerk, position=1)
    with pytest.raises(NotAllowed):
        decide(in_state(work, before), clerk)


@each_decision
def test_nobody_decides_on_a_work_entered_for_others(name, work, clerk):
    before, decide = DECISIONS[name]
    Submission.objects.filter(pk=work.pk).update(entered_by=clerk)
    with pytest.raises(NotAllowed):
        decide(in_state(work, before), clerk)


@each_decision
@pytest.mark.parametrize(
    "role", [Role.CADRE, Role.LIAISON, Role.LIBRARIAN, Role.LEADER, Role.RATER, Role.SYSTEM, Role.SECURITY, Role.AUDIT]
)
def test_only_the_office_decides(name, role, work, department):
    before, decide = DECISIONS[name]
    with pytest.raises(NotAllowed):
        decide(in_state(work, before), CadreFactory(roles=[role], department=department))


@each_decision
def test_another_agencys_office_does_not_decide(name):
    before, decide = DECISIONS[name]
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    ours, theirs = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY) for _ in range(2))
    work = SubmissionFactory(people=[CadreFactory(department=ours)])
    with pytest.raises(NotAllowed):
        decide(in_state(work, before), CadreFactory(roles=[Role.OFFICE], department=theirs))


@each_decision
def test_an_administrator_decides_nothing_even_with_the_offices_role(name, work, department):
    before, decide = DECISIONS[name]
    with pytest.raises(NotAllowed, match="三员"):
        decide(in_state(work, before), CadreFactory(roles=[Role.OFFICE, Role.AUDIT], department=department))


def test_a_grade_binds_to_the_newest_version(work, clerk):
    newest = Version.objects.create(submission=work, number=2, title="改稿")
    approve(submission=work, reviewer=clerk, now=NOW, grade=Grade.EXCELLENT)
    assert (work.grade, work.graded_version) == (Grade.EXCELLENT, newest)


def test_taking_a_decision_back_takes_the_grade_too(work, clerk):
    approve(submission=work, reviewer=clerk, now=NOW, grade=Grade.EXCELLENT)
    reopen(submission=work, reviewer=clerk, now=NOW, reason="评错")
    assert (work.state, work.grade, work.graded_version) == (State.PENDING, "", None)
    assert [decision.action for decision in work.decisions.all()] == [Action.APPROVE, Action.REOPEN]


def test_handing_in_again_drops_the_grade_of_the_old_version(work, clerk, author):
    Submission.objects.update(state=State.RETURNED, grade=Grade.EXCELLENT, graded_version=work.versions.get())
    work.refresh_from_db()
    Version.objects.create(submission=work, number=2, title="改稿")
    submit_again(submission=work, author=author, now=NOW)
    approve(submission=work, reviewer=clerk, now=NOW)
    assert (work.state, work.grade, work.graded_version) == (State.APPROVED, "", None)


def test_a_return_needs_a_reason(work, clerk):
    with pytest.raises(ValueError, match="写明理由"):
        return_submission(submission=work, reviewer=clerk, reason="  ", now=NOW)
    assert stale_copy(work).state == State.PENDING


def test_a_rating_needs_a_grade(work, clerk):
    with pytest.raises(ValueError, match="请选择评级"):
        review.decide(in_state(work, State.APPROVED), Action.RATE, actor=clerk, now=NOW)


def test_a_returned_work_keeps_its_credit_date_when_handed_in_again(work, clerk, author):
    return_submission(submission=work, reviewer=clerk, reason="请补齐出处", now=NOW)
    submit_again(submission=work, author=author, now=NOW)
    stored = stale_copy(work)
    assert (stored.state, stored.credit_date, stored.quarter) == (State.PENDING, work.credit_date, work.quarter)


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW])
def test_only_the_author_hands_in_or_withdraws(action, work, clerk):
    with pytest.raises(NotAllowed):
        review.decide(in_state(work, State.RETURNED), action, actor=clerk, now=NOW)


def test_a_decision_that_the_state_does_not_allow_changes_nothing(work, clerk):
    with pytest.raises(IllegalTransition):
        rate(submission=work, reviewer=clerk, grade=Grade.GOOD, now=NOW)
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW, Action.REGISTER])
def test_the_desk_makes_no_move_of_the_authors(action, work, clerk):
    with pytest.raises(NotAllowed):
        review.review(submission=work, seen=work.revision, action=action, reviewer=clerk, now=NOW)


@pytest.mark.parametrize("seen", [-1, 0, 2])
def test_a_decision_on_another_revision_than_was_seen_is_stale(seen, work, clerk):
    with pytest.raises(review.StaleSubmission):
        review.review(submission=work, seen=seen, action=Action.APPROVE, reviewer=clerk, now=NOW)
    assert stale_copy(work).state == State.PENDING


def test_approval_and_grade_are_one_decision(work, clerk):
    review.review(
        submission=work, seen=1, action=Action.APPROVE, reviewer=clerk, now=NOW, reason="切题", grade=Grade.EXCELLENT
    )
    decision = work.decisions.get()
    assert (decision.to_state, decision.grade, decision.reason) == (State.APPROVED, Grade.EXCELLENT, "切题")
    assert (stale_copy(work).grade, stale_copy(work).revision) == (Grade.EXCELLENT, 2)
