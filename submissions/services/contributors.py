"""The people of a collective work: asked, confirming, declining, exchanged; none of it ever loses the work.

Raises NotAllowed, IllegalTransition, StaleSubmission or ValueError; str() is a Chinese sentence.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from notices.models import Notice
from notices.services import send
from organization.models import AccessAction, Cadre, Posting, work_scope_of
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.roles import NotAllowed
from shuxiang.periods import Quarter, parse_quarter, shanghai_date, spoken, written
from submissions.kinds import COLLECTIVE
from submissions.models import Contributor, Decision, Submission
from submissions.services.contents import Incomplete, is_collective
from submissions.services.review import StaleSubmission
from submissions.services.search import index_works
from submissions.states import Action, IllegalTransition, State, next_state

Answer = Contributor.State
# From which answers a person may come to this one.
FROM = {
    Answer.CONFIRMED: (Answer.NAMED, Answer.DECLINED),
    Answer.DECLINED: (Answer.NAMED, Answer.CONFIRMED),
}


def deadline_of(contributor: Contributor) -> date | None:
    """The last day on which only the person answers; None for somebody who was not asked yet."""
    if contributor.asked_at is None:
        return None
    return shanghai_date(contributor.asked_at) + timedelta(days=settings.CONFIRM_DAYS)


def ask_members(*, submission: Submission, by: Cadre, now: datetime) -> None:
    """A notice to everybody named who was not asked yet; who names himself has confirmed."""
    unasked = submission.contributors.filter(position__gt=0, state=Answer.NAMED, asked_at=None)
    waiting = list(unasked.select_related("cadre"))
    for row in waiting:
        own = row.cadre_id == by.pk
        answered = {"state": Answer.CONFIRMED, "confirmed_by": by, "answered_at": now} if own else {}
        Contributor.objects.filter(pk=row.pk).update(asked_at=now, changed_at=now, **answered)
    others = [row.cadre for row in waiting if row.cadre_id != by.pk]
    last = shanghai_date(now) + timedelta(days=settings.CONFIRM_DAYS)
    send(
        recipients=others,
        subject=f"请确认：您是{submission.quoted}的参与者",
        body=f"{by.name}上报了这件{submission.get_kind_display()}，署了您的名。"
        f"请在 {spoken(last)}前答复，确认后才计分。",
        address=asked_at(submission.pk),
        now=now,
    )


def asked_at(work: int) -> str:
    """Where somebody named on the work answers; it leads there from the notice."""
    return f"/works/{work}/confirm/"


def was_asked(cadre: Cadre, work: int) -> bool:
    """Whether the person was asked once, though perhaps named no longer."""
    return Notice.objects.of(cadre).filter(address=asked_at(work)).exists()


@transaction.atomic
def answer(*, submission: Submission, by: Cadre, agrees: bool, now: datetime) -> Decision:
    """The person's own word; it may be changed until the office has approved the work, and be given after that."""
    row = submission.contributors.filter(cadre=by, position__gt=0).select_related("cadre").first()
    if row is None:
        raise NotAllowed("这件作品的成员里没有您，不用确认。")
    wanted = Answer.CONFIRMED if agrees else Answer.DECLINED
    if row.state != Answer.NAMED and submission.state == State.APPROVED:
        raise NotAllowed("作品已经通过，署名不能再改；有出入请联系办公室。")
    return settle(submission, row, wanted, by=by, reason="", now=now)


@transaction.atomic
def confirm_for(*, submission: Submission, member: Cadre, by: Cadre, reason: str, now: datetime) -> Decision:
    """代为确认 by the liaison of the member's department, once the deadline has passed, with a reason."""
    row = submission.contributors.filter(cadre=member, position__gt=0, state=Answer.NAMED).first()
    if row is None:
        raise NotAllowed(f"{member.name}不在待确认的成员里，请刷新后核对。")
    if member.pk == by.pk or not may_confirm_for(submission, member, by):
        raise NotAllowed("只有成员所在科室的联络员能代为确认。")
    last = deadline_of(row)
    if last is None or shanghai_date(now) <= last:
        before = f"可以在 {spoken(last)}前" if last else "上报以后可以"
        raise NotAllowed(f"{member.name}{before}自己确认，过了期限联络员才能代为确认。")
    if not reason.strip():
        raise ValueError("请写明代为确认的理由，例如“在外驻点，电话核实”。")
    return settle(submission, row, Answer.CONFIRMED, by=by, reason=reason.strip()[:200], now=now)


def may_confirm_for(submission: Submission, member: Cadre, by: Cadre) -> bool:
    return member.pk in led_by(by, [member.pk], submission)


def led_by(liaison: Cadre, people: Sequence[int], submission: Submission) -> set[int]:
    """Those of the people who were posted in the liaison's department on the work's credit date; constant queries."""
    if not liaison.has_role(Role.LIAISON) or submission.credit_date is None:
        return set()
    scope = work_scope_of(liaison)
    posted = Posting.objects.filter(cadre__in=people).covering(submission.credit_date)
    if not scope.everybody:
        posted = posted.filter(department__in=scope.departments)
    return set(posted.values_list("cadre_id", flat=True)) - {liaison.pk}


def settle(
    submission: Submission, row: Contributor, wanted: Contributor.State, *, by: Cadre, reason: str, now: datetime
) -> Decision:
    action = Action.CONFIRM if wanted == Answer.CONFIRMED else Action.DECLINE
    next_state(State(submission.state), action)
    moved = Contributor.objects.filter(pk=row.pk, state__in=FROM[wanted], submission__state=submission.state).update(
        state=wanted, confirmed_by=by, reason=reason, answered_at=now, changed_at=now
    )
    if moved != 1:
        raise StaleSubmission
    index_works(Submission.objects.showcased().filter(pk=submission.pk))
    words = f"代{row.cadre.name}确认：{reason}" if reason else ""
    decision = remember(submission, action, by, words)
    concerned = [submission.contributors.select_related("cadre").get(position=0).cadre, submission.entered_by]
    done = "确认了署名" if action == Action.CONFIRM else "谢绝了署名，其他人照常计分"
    send(
        recipients=[each for each in concerned if each is not None and each.pk != by.pk],
        subject=f"{submission.quoted}：{row.cadre.name}{done}",
        body=words,
        address=f"/works/{submission.pk}/",
        now=now,
    )
    return decision


@transaction.atomic
def change_members(
    *, submission: Submission, seen: int, members: Sequence[Cadre], by: Cadre, now: datetime
) -> tuple[Sequence[Contributor], Sequence[Contributor]] | None:
    """Other people beside the main author of a work that the office has not decided on yet.

    Returns those who came and those who went; None where everything was so already.
    """
    if submission.kind not in COLLECTIVE:
        raise IllegalTransition(f"{submission.get_kind_display()}由一人上报，没有成员可以调整。")
    next_state(State(submission.state), Action.MEMBERS)
    if not may_change_members(submission, by):
        raise NotAllowed("只有作者本人、代为上报的人和本科室联络员能调整成员。")
    named = submission.contributors.order_by("position").values_list("cadre_id", flat=True)
    if list(named) == [*named[:1], *(each.pk for each in members if each.pk not in named[:1])]:
        return None
    moved = Submission.objects.filter(pk=submission.pk, state=submission.state, revision=seen)
    if moved.update(revision=seen + 1, changed_at=now) != 1:
        raise StaleSubmission
    came, gone = name_members(submission, members)
    if is_collective(submission) and not submission.contributors.filter(position__gt=0).exists():
        raise ValueError("集体作品至少要有一名成员，请先填写。")
    if submission.credit_date is not None:
        check_service(came, submission.credit_date, parse_quarter(submission.quarter))
    submission.refresh_from_db()
    record_members(submission, came, gone, by=by, now=now)
    ask_members(submission=submission, by=by, now=now)
    return came, gone


def record_members(
    submission: Submission, came: Sequence[Contributor], gone: Sequence[Contributor], *, by: Cadre, now: datetime
) -> None:
    """The event of another circle of people, and a notice to those who were asked and are named no longer."""
    joined = [f"加入{row.cadre.name}" for row in came]
    left = [f"移出{row.cadre.name}" for row in gone]
    remember(submission, Action.MEMBERS, by, "，".join([*joined, *left])[:500] or "改了次序")
    send(
        recipients=[row.cadre for row in gone if row.asked_at is not None],
        subject=f"{submission.quoted}的成员有调整，您不再署名",
        body=f"由{by.name}调整。如有疑问请与其联系。",
        address="/me/",
        now=now,
    )


def may_change_members(submission: Submission, by: Cadre) -> bool:
    if Submission.objects.edited_by(by).filter(pk=submission.pk).exists():
        return True
    main = submission.contributors.filter(position=0).values_list("cadre_id", flat=True)
    return bool(led_by(by, list(main), submission))


def remember(submission: Submission, action: Action, by: Cadre, words: str) -> Decision:
    """The event row and the access event of something that leaves the work in its state."""
    decision = Decision.objects.create(
        submission=submission,
        version=submission.versions.handed_in().order_by("number").last(),
        actor=by,
        action=action,
        from_state=submission.state,
        to_state=submission.state,
        reason=words,
    )
    detail = "；".join(filter(None, (action.label, words)))
    record_event(action=AccessAction.DECISION, actor=by, about=str(submission), detail=detail)
    return decision


def check_service(people: Sequence[Contributor], credit_date: date, quarter: Quarter) -> None:
    """Everybody newly named must be in service on the credit date and, for a late work, listed in its quarter."""
    new = [each for each in people if each.state == Answer.NAMED and each.asked_at is None]
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.filter(cadre__in=[each.cadre_id for each in new]):
        postings.setdefault(posting.cadre_id, []).append(posting)
    last = quarter.span.last
    for each in new:
        own = postings.get(each.cadre_id, [])
        field = "members" if each.position else "main_author"
        if not any(one.since <= credit_date <= (one.until or date.max) for one in own):
            raise Incomplete({field: f"{each.cadre}在 {written(credit_date)}不在职，不能署名；任职有误请联系办公室。"})
        listed = any(one.since <= last and (one.until or date.max) >= quarter.span.first for one in own)
        if credit_date > last and not listed:
            raise Incomplete({field: f"{each.cadre}在 {quarter.label}没有在职，不能补报到{quarter.name}。"})


def name_members(submission: Submission, members: Sequence[Cadre]) -> tuple[list[Contributor], list[Contributor]]:
    """Brings the people behind the main author into this order; who stays keeps the answer given.

    Returns those who came and those who went.
    """
    others = submission.contributors.filter(position__gt=0).select_related("cadre")
    rows = {row.cadre_id: row for row in others}
    main = submission.contributors.get(position=0).cadre_id
    wanted = {each.pk: each for each in members if each.pk != main}
    if list(rows) == list(wanted):
        return [], []
    gone = [row for key, row in rows.items() if key not in wanted]
    Contributor.objects.filter(pk__in=[row.pk for row in gone]).delete()
    kept = {key: row for key, row in rows.items() if key in wanted}
    far = len(rows) + len(wanted) + 1
    Contributor.objects.filter(pk__in=[row.pk for row in kept.values()]).update(position=F("position") + far)
    came = []
    for position, key in enumerate(wanted, start=1):
        if key in kept:
            Contributor.objects.filter(pk=kept[key].pk).update(position=position)
        else:
            came.append(Contributor.objects.create(submission=submission, cadre=wanted[key], position=position))
    return came, gone
