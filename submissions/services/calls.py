"""Works that answer a call (征集令): which calls a form offers, and what is checked."""

from datetime import date

from activities.models import Call
from activities.states import CallState
from organization.models import Cadre, Scope, neighbourhood_of
from organization.services.roles import NotAllowed
from shuxiang.periods import spoken
from submissions.kinds import Kind


def open_calls(kind: Kind, person: Cadre, today: date) -> list[Call]:
    """Calls that take works of the kind today and concern the person; one query, three where departments host any."""
    calls = list(Call.objects.taking(today).asking_for(kind).order_by("until", "pk"))
    if all(call.department_id is None for call in calls):
        return calls
    scope = neighbourhood_of(person)
    return [call for call in calls if is_within(call, scope)]


def is_within(call: Call, scope: Scope) -> bool:
    return scope.everybody or call.department_id is None or call.department_id in scope.departments


def refusal_of(call: Call, kind: Kind, person: Cadre, today: date) -> str:
    """Why a work of the kind cannot answer the call today; empty where it can."""
    if kind not in call.work_kinds:
        return f"征集令{call.quoted}不收{kind.label}，请改选。"
    if call.department_id is not None and not is_within(call, neighbourhood_of(person)):
        return f"征集令{call.quoted}不面向您所在的单位，请改选。"
    if call.state == CallState.OPEN and today < call.since:
        return f"征集令{call.quoted} {spoken(call.since)}才开始，请到时再应征，或改选“不应征”。"
    if call.state != CallState.OPEN or today > call.until:
        over = "已经撤销" if call.state == CallState.CANCELLED else "已经结束"
        return f"征集令{call.quoted}{over}，请改选“不应征”或别的征集令。"
    return ""


def check_call(call: Call | None, kind: Kind, person: Cadre, today: date) -> None:
    """Raises NotAllowed where the work cannot answer it."""
    if call is not None and (told := refusal_of(call, kind, person, today)):
        raise NotAllowed(told)
