"""Theme periods: everybody sees those that concern the own unit, with books, activities and calls."""

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.models import Activity, Call, Theme
from activities.services.authority import is_office
from activities.services.theming import close_theme, reopen_theme
from activities.views.calls import hosts_in
from activities.views.versions import seen_version
from organization.desk import signed_in, standpoint_of
from organization.models import Scope
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from reading.models import Copy
from shuxiang.searches import searched

PER_PAGE = 20
TIMES = {"": "现在和即将开始", "past": "过去的", "all": "全部"}


@dataclass(frozen=True)
class Filter:
    """What the list shows, as its address says; anything unknown there is left out."""

    time: str = ""
    text: str = ""

    @classmethod
    def read(cls, address: QueryDict) -> Self:
        time = address.get("time", "")
        return cls(time if time in TIMES else "", searched(address))

    @property
    def address(self) -> str:
        return urlencode({name: part for name, part in {"time": self.time, "q": self.text}.items() if part})

    def times(self) -> list[tuple[str, str, bool]]:
        return [(label, replace(self, time=time).address, time == self.time) for time, label in TIMES.items()]


@require_safe
@never_cache
@login_required
def themes(request: HttpRequest) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    chosen, office = Filter.read(request.GET), is_office(viewer)
    rows = Theme.objects.in_neighbourhood(standpoint_of(request).neighbourhood).select_related("department")
    order = ("-since", "-pk") if chosen.time else ("since", "pk")
    if not office:
        rows = rows.in_use()
    if chosen.time == "past":
        rows = rows.past(today)
    elif not chosen.time:
        rows = rows.not_over(today)
    counted = rows.searched(chosen.text).annotate(
        book_count=Count("books", distinct=True),
        activity_count=Count("activities", distinct=True),
        call_count=Count("calls", filter=~Q(calls__rules_sha256=""), distinct=True),
    )
    page = Paginator(counted.order_by(*order), PER_PAGE).get_page(request.GET.get("page"))
    context = {"chosen": chosen, "page": page, "today": today, "is_office": office}
    context["kept"] = f"{chosen.address}&" if chosen.address else ""
    return render(request, "themes.html", context)


@require_safe
@never_cache
@login_required
def theme(request: HttpRequest, theme_id: int) -> HttpResponse:
    return render(request, "themes/theme.html", theme_context(request, theme_id))


@require_safe
@never_cache
@login_required
def theme_print(request: HttpRequest, theme_id: int) -> HttpResponse:
    return render(request, "themes/print.html", theme_context(request, theme_id))


def theme_context(request: HttpRequest, theme_id: int) -> dict[str, Any]:
    viewer = signed_in(request)
    scope = standpoint_of(request).neighbourhood
    rows = Theme.objects.in_neighbourhood(scope).select_related("department")
    found = get_object_or_404(rows if is_office(viewer) else rows.in_use(), pk=theme_id)
    manages = hosts_in(request, found.department_id)
    return {
        "theme": found,
        "books": books_of(found),
        "activities": activities_of(found, scope),
        "calls": Call.objects.in_neighbourhood(scope).published().filter(theme=found).order_by("since", "pk"),
        "manages": manages,
        "events": found.events.select_related("actor") if manages else [],
        "today": timezone.localdate(),
    }


def books_of(theme: Theme) -> Any:
    """The list with `here` and `free`: how many copies the office has, and how many stand on the shelf; and with
    `namesake`, whether it has a book of this very title, whatever the line names."""
    lines = theme.books.select_related("book")
    here, free = Copy.objects.in_stock(), Copy.objects.available()
    return lines.annotate(
        here=Count("book__copies", filter=Q(book__copies__in=here), distinct=True),
        free=Count("book__copies", filter=Q(book__copies__in=free), distinct=True),
        namesake=Exists(here.filter(book__title=OuterRef("title"))),
    ).order_by("pk")


def activities_of(theme: Theme, scope: Scope) -> Any:
    rows = Activity.objects.in_neighbourhood(scope).filter(theme=theme)
    return rows.select_related("department").order_by("date", "starts_at", "pk")


@sent_from("theme", "theme_id")
@never_cache
@login_required
def theme_close(request: HttpRequest, theme_id: int) -> HttpResponse:
    """Closes a theme, or takes it into use again, as the button says."""
    found = get_object_or_404(Theme, pk=theme_id)
    if not hosts_in(request, found.department_id):
        raise Http404
    step = reopen_theme if request.POST.get("action") == "reopen" else close_theme
    seen = seen_version(request.POST.get("version", ""))
    try:
        step(theme=found, seen=seen, by=signed_in(request), now=timezone.now())
    except (NotAllowed, Stale) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "主题阅读已停用，内容都留着。" if found.is_closed else "主题阅读已恢复使用。")
    return redirect("theme", found.pk)
