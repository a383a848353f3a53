"""Who may open the pages of an appraisal: office and leaders, each with their own part; a stranger gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Exists, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from activities.models import Activity
from assessment.boards.ledger import Evidence
from assessment.boards.sheet import Sheet, sheet_of
from assessment.models import DepartmentResult, Period
from organization.desk import desk_scope, signed_in
from organization.models import Cadre
from organization.roles import Role
from reading.models import Plan
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import parse_period
from submissions.models import Submission

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]
PER_PAGE = 50


def office_and_leaders(view: View[Parameters]) -> View[Parameters]:
    @never_cache
    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponseBase:
        if not signed_in(request).has_role(Role.OFFICE, Role.LEADER):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def for_readers(rows: QuerySet[Any], viewer: Cadre) -> QuerySet[Any]:
    """The rows, or none where the viewer is neither office nor leader: the check within a poll's one query."""
    roles = Cadre.groups.through.objects.filter(cadre=viewer, group__name__in=[Role.OFFICE, Role.LEADER])
    return rows.filter(Exists(roles))


def begun_period(code: str) -> PeriodValue:
    """The period of an address; only as it is written in one, and not before its first day."""
    try:
        value = parse_period(code)
    except ValueError as error:
        raise Http404 from error
    if str(value) != code or value.span.first > timezone.localdate():
        raise Http404
    return value


def assessed_sheet(request: HttpRequest, code: str) -> Sheet:
    """The viewer's part of an assessed period; 404 where there is none."""
    value = begun_period(code)
    periods = Period.objects.assessed().in_bulk([code, *map(str, value.quarters)])
    if code not in periods:
        raise Http404
    return sheet_of(periods[code], desk_scope(request), periods)


def department_or_404(sheet: Sheet, key: str | int) -> DepartmentResult:
    """A department of the sheet by its id, as it comes in an address."""
    text = str(key)
    row = sheet.by_id.get(int(text)) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    if row is None:
        raise Http404
    return row


def evidence_in_sight(request: HttpRequest) -> Evidence:
    viewer, scope = signed_in(request), desk_scope(request)
    return Evidence(
        Submission.objects.in_sight(viewer, scope),
        Plan.objects.in_sight(viewer, scope),
        Activity.objects.in_sight_of(viewer),
    )


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page that the address names; the nearest where there is no such page."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def kept(request: HttpRequest, *names: str) -> str:
    """The filters of an address, for the links to its other pages and orders: `q=…&status=…&`, or nothing."""
    query = request.GET.copy()
    for name in set(query) - set(names):
        del query[name]
    return f"{query.urlencode()}&" if query else ""
