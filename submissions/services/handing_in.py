"""上报: a draft becomes a work that waits for the office, a returned one waits again with a new version.

Raises NotAllowed, IllegalTransition, StaleSubmission or Incomplete.
"""

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction

from activities.models import Call
from notices.services import send
from organization.models import Cadre
from reading.services.suggesting import AlreadyHere
from shuxiang.periods import Quarter, parse_quarter, shanghai_date
from submissions.kinds import Kind
from submissions.models import Contributor, Decision, Submission, Version
from submissions.services.calls import refusal_of
from submissions.services.contents import Incomplete, missing_from
from submissions.services.contributors import ask_members, check_service
from submissions.services.drafting import check_editable, written
from submissions.services.people import check_stands_in
from submissions.services.recommended import suggest_book
from submissions.services.review import StaleSubmission, decide
from submissions.states import Action, State
from submissions.windows import QuarterRefused, windows_for


def hand_in(*, submission: Submission, seen: int, by: Cadre, now: datetime) -> Decision:
    """The draft, or the returned work with what was changed in it; keeps the first credit date and quarter."""
    check_editable(submission, by)
    is_first = submission.state == State.DRAFT
    credit_date = shanghai_date(now) if is_first or submission.credit_date is None else submission.credit_date
    with transaction.atomic():
        hold(submission, seen)
        quarter = quarter_of(submission, credit_date)
        people = list(submission.contributors.select_related("cadre"))
        if is_first:
            check_stands_in(by, people[0].cadre, credit_date)
            check_answers(submission, by, credit_date)
        check_service(people, credit_date, quarter)
        reference = new_reference(submission, credit_date) if is_first else submission.reference
        Submission.objects.filter(pk=submission.pk).update(
            credit_date=credit_date, quarter=str(quarter), reference=reference
        )
        version = written(submission)
        Version.objects.filter(pk=version.pk).update(is_draft=False, submitted_at=now, changed_at=now)
        # Only now does nobody take a file away any more.
        lacking = missing_from(submission, version)
        if lacking:
            raise Incomplete({name: told for name, (_, told) in lacking.items()})
        if is_first:
            confirm_main_author(submission, by, now)
        submission.reference = reference  # the access event names the work by it
        decision = decide(submission, Action.SUBMIT, actor=by, now=now)
        submission.refresh_from_db()
        if version.wants_purchase:
            # A book that is here already needs no purchase: the work's page says so.
            with suppress(AlreadyHere):
                suggest_book(submission=submission, by=by, now=now)
        ask_members(submission=submission, by=by, now=now)
    return decision


def hold(submission: Submission, seen: int) -> None:
    """Nobody moves the work before this transaction ends.

    Its quarter gets no lock here. On SQLite nobody else writes in the meantime; on PostgreSQL whatever closes a quarter
    has to keep hand-ins out by a lock of its own.
    """
    as_seen = Submission.objects.filter(pk=submission.pk, state=submission.state, revision=seen)
    if submission.revision != seen or as_seen.select_for_update().first() is None:
        raise StaleSubmission


def quarter_of(submission: Submission, credit_date: date) -> Quarter:
    """The quarter by the rules of naming one; a work handed in before keeps the one it has."""
    if submission.state != State.DRAFT:
        return parse_quarter(submission.quarter)
    own = Quarter.of(credit_date)
    windows = windows_for([own, own.previous])
    try:
        quarter = windows.quarter_for(credit_date, submission.quarter)
        windows.check_open(quarter)
    except QuarterRefused as error:
        raise Incomplete({"for_quarter": str(error)}) from error
    return quarter


def check_answers(submission: Submission, by: Cadre, today: date) -> None:
    """The call that the draft names may have ended since. A work that came back keeps its call after the end."""
    if submission.call_id is None:
        return
    call = Call.objects.get(pk=submission.call_id)  # as it is now, whatever the form has read
    if told := refusal_of(call, Kind(submission.kind), by, today):
        raise Incomplete({"call": f"没有上报：{told}"})


def new_reference(submission: Submission, credit_date: date) -> str:
    """`WB2026-00042`; with a further number where a register has taken it."""
    stem = f"WB{credit_date.year}-{submission.pk:05}"
    taken = set(Submission.objects.filter(reference__startswith=stem).values_list("reference", flat=True))
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)


def confirm_main_author(submission: Submission, by: Cadre, now: datetime) -> None:
    """Handing in confirms the main author; where a liaison does it, the page says so and the author is told."""
    main = submission.contributors.select_related("cadre").get(position=0)
    is_own = main.cadre_id == by.pk
    Contributor.objects.filter(pk=main.pk).update(
        state=Contributor.State.CONFIRMED,
        confirmed_by=by,
        reason="" if is_own else Contributor.ON_BEHALF,
        asked_at=now,
        answered_at=now,
        changed_at=now,
    )
    if not is_own:
        send(
            recipients=[main.cadre],
            subject=f"{by.name}代您上报了{submission.quoted}",
            body=f"{submission.get_kind_display()}，记在您的名下。如有出入，可以在作品页撤回，或联系{by.name}。",
            address=f"/works/{submission.pk}/",
            now=now,
        )
