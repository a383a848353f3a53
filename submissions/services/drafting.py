"""Drafts: begun once per form, saved on the revision that was seen, thrown away as long as nothing was handed in.

Raises NotAllowed, IllegalTransition or StaleSubmission. Two people who edit at once: the later one is stale.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from organization.models import Cadre
from organization.services.roles import NotAllowed
from shuxiang.periods import shanghai_date
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Submission, Version
from submissions.services.attachments import carry_over, detach
from submissions.services.calls import check_call
from submissions.services.consent import change_of
from submissions.services.contents import LINKS, TEXTS, UNTITLED, Content
from submissions.services.contributors import name_members, record_members, remember
from submissions.services.people import check_stands_in
from submissions.services.review import StaleSubmission
from submissions.states import EDITABLE, Action, IllegalTransition, State

FIRST_REVISION = 1


def begin(*, kind: Kind, content: Content, by: Cadre, token: UUID, now: datetime) -> tuple[Submission, bool]:
    """The draft of this form and whether it was made just now: a form sent twice makes one work."""
    try:
        with transaction.atomic():
            return create(kind, content, by, token, now), True
    except IntegrityError:
        return Submission.objects.get(entered_by=by, token=token), False


def create(kind: Kind, content: Content, by: Cadre, token: UUID, now: datetime) -> Submission:
    title = content.title(kind) or UNTITLED
    main = content.main_author or by
    check_stands_in(by, main, shanghai_date(now))
    check_call(content.work.get("call"), kind, by, shanghai_date(now))
    submission = Submission.objects.create(
        reference=f"草稿-{uuid4().hex}",
        kind=kind,
        title=title,
        entered_by=by,
        token=token,
        revision=FIRST_REVISION,
        **content.work,
    )
    Version.objects.create(submission=submission, is_draft=True, **{"title": "", **content.version})
    Contributor.objects.create(submission=submission, cadre=main, position=0)
    if content.members:
        name_members(submission, content.members)
    return submission


def save(*, submission: Submission, seen: int, content: Content, by: Cadre, now: datetime) -> Submission:
    """Stores what the form holds; where it holds what is stored already, nothing moves, whatever was seen."""
    check_editable(submission, by)
    if holds(submission, content):
        return submission
    call = content.work.get("call")
    if call is not None and call.pk != submission.call_id:
        check_call(call, Kind(submission.kind), by, shanghai_date(now))
    title = content.title(Kind(submission.kind))
    columns = {**content.work, **({"title": title} if title else {})}
    with transaction.atomic():
        consents = change_of(submission, content.work) if submission.state != State.DRAFT else ""
        moved = Submission.objects.filter(pk=submission.pk, state=submission.state, revision=seen).update(
            revision=F("revision") + 1, changed_at=now, **columns
        )
        if moved != 1:
            raise StaleSubmission
        version = written(submission)
        if content.version:
            Version.objects.filter(pk=version.pk).update(changed_at=now, **content.version)
        if content.main_author is not None and submission.state == State.DRAFT:
            change_main_author(submission, content.main_author, by, now)
        if content.members is not None:
            came, gone = name_members(submission, content.members)
            if submission.state != State.DRAFT and (came or gone):
                record_members(submission, came, gone, by=by, now=now)
        if consents:
            remember(submission, Action.CONSENT, by, consents)
        # Read before anybody else may write: the revision is that of this edit.
        return Submission.objects.get(pk=submission.pk)


def holds(submission: Submission, content: Content) -> bool:
    """Whether the content is what is stored."""
    version = newest(submission)
    people = tuple(submission.contributors.order_by("position").values_list("cadre_id", flat=True))
    main, members = people[0], people[1:]
    return (
        all(getattr(version, name) == value for name, value in content.version.items())
        and all(getattr(submission, name) == value for name, value in content.work.items())
        and (content.members is None or tuple(each.pk for each in content.members if each.pk != main) == members)
        and (content.main_author is None or content.main_author.pk == main)
    )


def is_blank(submission: Submission) -> bool:
    """Whether nothing was typed yet: a draft that a file began."""
    return submission.revision == FIRST_REVISION and not any(getattr(newest(submission), name) for name in TEXTS)


def newest(submission: Submission) -> Version:
    """The version that is being written, else the last one."""
    version = submission.versions.order_by("number").last()
    assert version is not None
    return version


def written(submission: Submission) -> Version:
    """The version that takes what is typed: after a return a new one beside the old, with its texts and files."""
    last = newest(submission)
    if last.is_draft:
        return last
    texts = {name: getattr(last, name) for name in (*TEXTS, *LINKS)}
    version = Version.objects.create(submission=submission, number=last.number + 1, is_draft=True, **texts)
    carry_over(source=last, target=version)
    return version


def open_version(*, submission: Submission, by: Cadre, now: datetime) -> Version:
    """The version that a file is added to. Files are no text that two people write: the revision stays."""
    check_editable(submission, by)
    with transaction.atomic():
        if not Submission.objects.filter(pk=submission.pk, state__in=EDITABLE).update(changed_at=now):
            raise StaleSubmission
        return written(submission)


def discard(*, submission: Submission, by: Cadre, now: datetime) -> None:
    """Removes a draft that was never handed in, with its files."""
    check_editable(submission, by)
    if submission.state != State.DRAFT:
        raise IllegalTransition("作品已经上报过，不能删除；不想报了请撤回。")
    with transaction.atomic():
        locked = Submission.objects.filter(pk=submission.pk, state=State.DRAFT, revision=submission.revision)
        if locked.update(revision=F("revision") + 1) != 1:
            raise StaleSubmission
        version = submission.versions.get()
        for role in version.attachments.values_list("role", flat=True):
            detach(version=version, role=Attachment.Role(role), by=by, now=now)
        submission.versions.all().delete()
        submission.contributors.all().delete()
        Submission.objects.filter(pk=submission.pk).delete()


def check_editable(submission: Submission, by: Cadre) -> None:
    if not Submission.objects.edited_by(by).filter(pk=submission.pk).exists():
        raise NotAllowed("只有作者本人和代为上报的人能修改这件作品。")
    if submission.state not in EDITABLE:
        raise IllegalTransition(f"作品现在是“{State(submission.state).label}”，不能修改。")


def change_main_author(submission: Submission, main: Cadre, by: Cadre, now: datetime) -> None:
    check_stands_in(by, main, shanghai_date(now))
    submission.contributors.filter(cadre=main, position__gt=0).delete()
    submission.contributors.filter(position=0).exclude(cadre=main).update(cadre=main)
    # An idea comes from a work of its author, not from one of whoever was to be the author before.
    foreign = submission.versions.filter(is_draft=True).exclude(source_work__in=Submission.objects.named(main))
    foreign.exclude(source_work=None).update(source_work=None)
