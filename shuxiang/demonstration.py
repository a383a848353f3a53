"""The demo's works with content: handed in, confirmed and reviewed through the services, dated back."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from organization.models import Cadre, Posting
from reading.models import Book
from shuxiang.demo import MANUSCRIPTS, Manuscript, Step
from shuxiang.periods import SHANGHAI, Quarter, shanghai_date
from submissions.kinds import Grade, Kind
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.services.review import decide
from submissions.states import Action

KINDS = {kind.label: kind for kind in Kind}
ACTIONS = {action.label: action for action in Action}
GRADES = {grade.label: grade for grade in Grade}


def hand_in_manuscripts(*, now: datetime) -> None:
    """Each work in a transaction of its own; those already there stay as they are."""
    known = set(Submission.objects.values_list("reference", flat=True))
    for manuscript in MANUSCRIPTS:
        if manuscript.reference not in known:
            hand_in(manuscript=manuscript, now=now)


@transaction.atomic
def hand_in(*, manuscript: Manuscript, now: datetime) -> None:
    people = Cadre.objects.in_bulk(manuscript.authors, field_name="employee_number")
    first = moment(manuscript.handed_in, now)
    day = shanghai_date(first)
    main = people[manuscript.authors[0]]
    together = len(people) > 1
    submission = Submission.objects.create(
        reference=manuscript.reference,
        kind=KINDS[manuscript.kind],
        title=manuscript.title,
        credit_date=day,
        quarter=str(Quarter.of(day)),
        owner_department=Posting.objects.filter(cadre=main).covering(day).get().department if together else None,
        show_in_showcase=True,
    )
    for position, number in enumerate(manuscript.authors):
        asked = number in manuscript.unconfirmed
        Contributor.objects.create(
            submission=submission,
            cadre=people[number],
            position=position,
            state=Contributor.State.NAMED if asked else Contributor.State.CONFIRMED,
            confirmed_by=None if asked else people[number],
        )
    for step in (manuscript.handed_in, *manuscript.steps):
        take(step, submission, manuscript, now)


def take(step: Step, submission: Submission, manuscript: Manuscript, now: datetime) -> None:
    """One step with its decision, which bears the time at which it is told to have happened."""
    at = moment(step, now)
    actor = Cadre.objects.get(employee_number=step.actor)
    action = ACTIONS[step.action]
    if action == Action.SUBMIT:
        write_version(submission, manuscript, actor, at)
    grade = GRADES[step.grade] if step.grade else None
    decision = decide(submission, action, actor=actor, now=at, reason=step.reason, grade=grade)
    Decision.objects.filter(pk=decision.pk).update(created_at=at)


def write_version(submission: Submission, manuscript: Manuscript, author: Cadre, at: datetime) -> None:
    number = submission.versions.count() + 1
    text = manuscript.text(number)
    recommended = submission.kind == Kind.RECOMMENDATION
    reason, _, summary = text.partition("\n---\n") if recommended else ("", "", "")
    version = Version.objects.create(
        submission=submission,
        number=number,
        submitted_at=at,
        title=manuscript.title,
        author=manuscript.author,
        source=manuscript.source,
        book_title=manuscript.book,
        book=Book.objects.filter(title=manuscript.book).first() if manuscript.book else None,
        body="" if recommended else text,
        reason=reason,
        summary=summary,
    )
    if manuscript.recording:
        name = f"{manuscript.title}.mp3"
        attach(version, Attachment.Role.AUDIO, name, manuscript.recorded(), author)
    if manuscript.cover:
        attach(version, Attachment.Role.COVER, f"封面-{manuscript.book}.jpg", manuscript.cover.jpeg(), author)


def attach(version: Version, role: Attachment.Role, name: str, content: bytes, by: Cadre) -> None:
    attachment = Attachment(
        version=version,
        role=role,
        original_name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    attachment.file.save(name, ContentFile(content), save=False)
    attachment.save(force_insert=True)


def moment(step: Step, now: datetime) -> datetime:
    """When the step was taken; never after now."""
    day = shanghai_date(now) - timedelta(days=step.ago)
    return min(now, datetime.combine(day, step.at, SHANGHAI))
