"""Calls for works: everybody sees what opened for the own unit, the hosting office its drafts too."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.kinds import WorkKind
from activities.models import Call
from activities.models.call import CallQuerySet
from activities.services.authority import is_office
from activities.services.calling import actions_for, digest_of
from activities.states import CallState
from organization.desk import desk_scope, signed_in, standpoint_of
from shuxiang.searches import searched

PER_PAGE = 20
EVERYTHING = "all"


@dataclass(frozen=True)
class Filter:
    """What the list shows, as its address says; anything unknown there is left out."""

    state: str = CallState.OPEN
    kind: str = ""
    text: str = ""
    with_drafts: bool = False

    @classmethod
    def read(cls, address: QueryDict, *, with_drafts: bool) -> Self:
        state, kind = address.get("state", ""), address.get("kind", "")
        known = [value for value, _ in states(with_drafts)]
        return cls(
            state if state in known else CallState.OPEN,
            kind if kind in WorkKind.values else "",
            searched(address),
            with_drafts,
        )

    @property
    def address(self) -> str:
        parts = {"state": self.state if self.state != CallState.OPEN else "", "kind": self.kind, "q": self.text}
        return urlencode({name: part for name, part in parts.items() if part})

    @property
    def is_narrow(self) -> bool:
        return bool(self.kind or self.text)

    def states(self) -> list[tuple[str, str, bool]]:
        return [
            (label, replace(self, state=value).address, value == self.state)
            for value, label in states(self.with_drafts)
        ]

    def among(self, rows: CallQuerySet) -> CallQuerySet:
        if self.state != EVERYTHING:
            rows = rows.filter(state=self.state)
        if self.kind:
            rows = rows.asking_for(self.kind)
        return rows.searched(self.text)


def states(with_drafts: bool) -> list[tuple[str, str]]:
    found = [(CallState.OPEN.value, CallState.OPEN.label), (CallState.CLOSED.value, CallState.CLOSED.label)]
    if with_drafts:
        found.append((CallState.DRAFT.value, CallState.DRAFT.label))
    return [*found, (EVERYTHING, "全部")]


def calls_in_reach(request: HttpRequest) -> CallQuerySet:
    viewer = signed_in(request)
    desk = desk_scope(request) if is_office(viewer) else None
    rows = Call.objects.readable_in(standpoint_of(request).neighbourhood, desk).with_opening()
    return rows.select_related("department", "theme", "activity")


def hosts_in(request: HttpRequest, department: int | None) -> bool:
    """`authority.hosts`, with the scope that the request knows already."""
    if not is_office(signed_in(request)):
        return False
    scope = desk_scope(request)
    return scope.everybody or department in scope.departments


@require_safe
@never_cache
@login_required
def calls(request: HttpRequest) -> HttpResponse:
    office = is_office(signed_in(request))
    chosen = Filter.read(request.GET, with_drafts=office)
    page = Paginator(chosen.among(calls_in_reach(request)), PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "chosen": chosen,
        "kinds": WorkKind.choices,
        "page": page,
        "rows": [(call, countdown(call, today)) for call in page],
        "kept": f"{chosen.address}&" if chosen.address else "",
        "is_office": office,
    }
    return render(request, "calls.html", context)


@require_safe
@never_cache
@login_required
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    found = get_object_or_404(calls_in_reach(request), pk=call_id)
    today, manages = timezone.localdate(), hosts_in(request, found.department_id)
    context = {
        "call": found,
        "countdown": countdown(found, today),
        "takes": found.state == CallState.OPEN and found.since <= today <= found.until,
        "manages": manages,
        "actions": actions_for(found) if manages else [],
        "events": found.events.select_related("actor") if manages else [],
        "is_intact": not found.rules_sha256 or found.rules_sha256 == digest_of(found),
    }
    return render(request, "calls/call.html", context)


@require_safe
@never_cache
@login_required
def call_print(request: HttpRequest, call_id: int) -> HttpResponse:
    """The paper to hang up or to send round."""
    found = get_object_or_404(calls_in_reach(request), pk=call_id)
    context = {"call": found, "paragraphs": found.rules.splitlines()}
    return render(request, "calls/print.html", context)


def countdown(call: Call, today: date) -> str:
    """How long it still takes works; empty where that is over or does not begin."""
    if call.state != CallState.OPEN:
        return ""
    if today < call.since:
        return f"{(call.since - today).days} 天后开始"
    left = (call.until - today).days
    return "今天截止" if left == 0 else f"还有 {left} 天" if left > 0 else "已到期"
