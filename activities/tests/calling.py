"""Calls for tests, made by the services that make them."""

from datetime import date, datetime
from typing import Any

from activities.kinds import WorkKind
from activities.models import Call
from activities.services.calling import CallContent, draft_call, open_call
from activities.states import CallState
from activities.tests.factories import CallFactory
from organization.models import Cadre
from organization.roles import Role
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI

NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
SINCE, UNTIL = date(2026, 3, 9), date(2026, 3, 31)


def content(**columns: Any) -> CallContent:
    said: dict[str, Any] = {"title": "读党章心得征集", "kinds": (WorkKind.ESSAY,), "rules": "一、写一篇心得。"}
    return CallContent(**{**said, "since": SINCE, "until": UNTIL, **columns})


def opened_call(**columns: Any) -> Call:
    """One that was opened some time, as it is stored."""
    return CallFactory(**{"state": CallState.OPEN, "rules_sha256": "0" * 64, **columns})


def a_draft(by: Cadre | None = None, now: datetime = NOW, **columns: Any) -> Call:
    return draft_call(content=content(**columns), by=by or reader(Role.OFFICE), now=now)


def an_open_call(by: Cadre | None = None, now: datetime = NOW, **columns: Any) -> Call:
    office = by or reader(Role.OFFICE)
    call = a_draft(office, now, **columns)
    open_call(call=call, seen=call.version, by=office, now=now)
    return call
