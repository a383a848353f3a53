"""The life of a questionnaire: drafted, opened to invited people, extended, closed, cancelled. Nothing here earns
anything, and nothing here knows what somebody answered (see `answering`).

States move by compare-and-set and each step leaves an event in the same transaction. Raises NotAllowed, IllegalStep,
Stale or ValueError, whose str() are Chinese sentences.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from activities.models import Activity, Invitation, Question, Questionnaire, QuestionnaireEvent
from activities.services.answering import ENOUGH, destroy_sheets, forget_who, rewrite_sheets, sweep
from activities.services.audiences import AudienceKind, people_of
from activities.services.authority import is_office, runs
from activities.states import QUESTIONNAIRE_TRANSITIONS, QuestionnaireAction, QuestionnaireState
from notices.services import send
from organization.models import Cadre, Department, work_scope_of
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from shuxiang.periods import spoken, written
from shuxiang.typography import quoted

WHAT = "问卷"
QUESTIONS = 50


def check_manages(person: Cadre, questionnaire: Questionnaire) -> None:
    if not Questionnaire.objects.managed_by(person).filter(pk=questionnaire.pk).exists():
        raise NotAllowed("这份问卷由主办单位的办公室办理，活动的问卷也由活动的组织人办理。")


def check_host(person: Cadre, department: Department | None, activity: Activity | None) -> None:
    """Who may begin one: the organiser of its activity, else the office of the host."""
    if activity is not None and runs(person, activity):
        return
    if activity is not None or not is_office(person):
        raise NotAllowed("问卷由办公室发起，活动的问卷也由活动的组织人发起。")
    scope = work_scope_of(person)
    if not scope.everybody and (department is None or department.pk not in scope.departments):
        raise NotAllowed("请选择本单位的科室作为主办科室，留空的问卷由根单位的办公室发起。")


@transaction.atomic
def make_questionnaire(
    *,
    by: Cadre,
    title: str,
    source: Questionnaire | None = None,
    activity: Activity | None = None,
    department: Department | None = None,
    is_template: bool = False,
) -> Questionnaire:
    """A draft, blank or with the questions of a template or an earlier one; one for an activity has its host."""
    host = activity.department if activity is not None else department
    check_host(by, host, activity)
    if source is not None and not Questionnaire.objects.copied_by(by).filter(pk=source.pk).exists():
        raise NotAllowed("只能照公用模板或本单位的问卷新建。")
    made = Questionnaire.objects.create(
        title=title, intro=source.intro if source else "", activity=activity, department=host, made_by=by,
        is_template=is_template,
    )  # fmt: skip
    questions = source.questions.all() if source is not None else ()
    Question.objects.bulk_create(
        Question(
            questionnaire=made, position=place, kind=each.kind, text=each.text, is_required=each.is_required,
            options=each.options, lines=each.lines, most=each.most,
        )
        for place, each in enumerate(questions, start=1)
    )  # fmt: skip
    return made


def touch_draft(questionnaire: Questionnaire, by: Cadre, now: datetime, **columns: object) -> None:
    """Raises the version of a draft that nobody changed meanwhile; to be called inside the change's transaction."""
    check_manages(by, questionnaire)
    if questionnaire.state != QuestionnaireState.DRAFT:
        raise IllegalStep(WHAT, questionnaire.get_state_display(), "修改")
    same = Questionnaire.objects.filter(
        pk=questionnaire.pk, state=QuestionnaireState.DRAFT, version=questionnaire.version
    )
    if same.update(version=F("version") + 1, changed_at=now, **columns) != 1:
        raise Stale(WHAT)


@transaction.atomic
def edit_questionnaire(
    *, questionnaire: Questionnaire, by: Cadre, title: str, intro: str, baseline_year: int | None, now: datetime
) -> None:
    touch_draft(questionnaire, by, now, title=title, intro=intro, baseline_year=baseline_year)


@transaction.atomic
def open_questionnaire(
    *,
    questionnaire: Questionnaire,
    by: Cadre,
    audience: AudienceKind,
    until: date,
    now: datetime,
    today: date,
    department: Department | None = None,
) -> int:
    """Invites its audience, at once and in the order of people's keys, and tells them; how many are invited."""
    check_manages(by, questionnaire)
    if questionnaire.is_template:
        raise ValueError("模板不能直接发放，请先照它新建一份问卷。")
    if not questionnaire.questions.exists():
        raise ValueError("问卷还没有题目，请先添加题目再发放。")
    check_until(until, today)
    people = people_of(questionnaire, audience, department, today)
    if len(people) < ENOUGH:
        raise ValueError(
            f"只有 {len(people)} 人在范围内。答卷不足 {ENOUGH} 份不显示结果，请扩大范围，或改用座谈的方式听取意见。"
        )
    step(
        questionnaire,
        QuestionnaireAction.OPEN,
        by,
        now,
        f"{len(people)} 人，{written(until)}截止",
        until=until,
    )
    Invitation.objects.bulk_create(Invitation(questionnaire=questionnaire, cadre=cadre) for cadre in people)
    body = f"不记名，{spoken(until)}截止。每人答一次，请一次填完。"
    tell(questionnaire, people, f"请填写问卷{quoted(questionnaire.title)}", body, now)
    return len(people)


@transaction.atomic
def extend_questionnaire(*, questionnaire: Questionnaire, by: Cadre, until: date, now: datetime, today: date) -> None:
    """To a later day; all who are invited are told, whether they answered or not."""
    check_manages(by, questionnaire)
    check_until(until, today)
    if questionnaire.until is not None and until <= questionnaire.until:
        raise ValueError("新的截止日期要晚于原来的。")
    step(questionnaire, QuestionnaireAction.EXTEND, by, now, f"延到 {written(until)}", until=until)
    people = list(Cadre.objects.filter(invitations__questionnaire=questionnaire).order_by("pk"))
    body = f"延到 {spoken(until)}截止。已经答过的不用再答。"
    tell(questionnaire, people, f"问卷{quoted(questionnaire.title)}延期", body, now)


@transaction.atomic
def close_questionnaire(*, questionnaire: Questionnaire, by: Cadre | None, now: datetime) -> None:
    """By hand, or by the clock (`by` None). Everything is written anew once more, and who answered is forgotten."""
    if by is not None:
        check_manages(by, questionnaire)
    step(questionnaire, QuestionnaireAction.CLOSE, by, now, "" if by else "已到截止日期")
    rewrite_sheets(questionnaire)
    forget_who(questionnaire)
    transaction.on_commit(sweep)


@transaction.atomic
def cancel_questionnaire(*, questionnaire: Questionnaire, by: Cadre, reason: str, now: datetime) -> None:
    """The sheets that came in are destroyed."""
    check_manages(by, questionnaire)
    if not reason.strip():
        raise ValueError("请写明撤销的原因。")
    step(questionnaire, QuestionnaireAction.CANCEL, by, now, reason.strip())
    destroy_sheets(questionnaire)
    forget_who(questionnaire)
    transaction.on_commit(sweep)


def close_past(*, today: date, now: datetime) -> int:
    """Closes those whose last day has passed, each in a transaction of its own."""
    closed = 0
    for each in Questionnaire.objects.past(today):
        try:
            close_questionnaire(questionnaire=each, by=None, now=now)
        except Stale:  # closed by hand or extended at this moment
            continue
        closed += 1
    return closed


def step(
    questionnaire: Questionnaire,
    action: QuestionnaireAction,
    by: Cadre | None,
    now: datetime,
    reason: str,
    **columns: object,
) -> None:
    """Its row stays locked to the end of the transaction, so that an answer comes before or after the step."""
    before = QuestionnaireState(questionnaire.state)
    after = QUESTIONNAIRE_TRANSITIONS.get((before, action))
    if after is None or questionnaire.is_template:
        raise IllegalStep(WHAT, "模板" if questionnaire.is_template else before.label, action.label)
    same = Questionnaire.objects.filter(pk=questionnaire.pk, state=before, version=questionnaire.version)
    if same.update(state=after, version=F("version") + 1, changed_at=now, **columns) != 1:
        raise Stale(WHAT)
    QuestionnaireEvent.objects.create(
        questionnaire=questionnaire, action=action, at=now, actor=by, from_state=before, to_state=after, reason=reason
    )


def check_until(until: date, today: date) -> None:
    if until < today:
        raise ValueError("截止日期不能早于今天。")
    if (until - today).days > 366:
        raise ValueError("截止日期太远，请在一年以内。")


def tell(questionnaire: Questionnaire, people: list[Cadre], subject: str, body: str, now: datetime) -> None:
    address = f"/questionnaires/{questionnaire.pk}/answer/"
    send(recipients=people, subject=subject, body=body, address=address, now=now)
