"""What is on: a month at a glance, or a list; both for whoever is signed in, each filtered by its address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.kinds import CATEGORIES, Tag
from activities.models import Activity, Theme
from activities.models.activity import ActivityQuerySet
from activities.services.authority import is_office
from activities.services.month import Month, sheet_of
from organization.desk import signed_in, standpoint_of
from shuxiang.searches import searched

PER_PAGE = 20
# So many are named where the month has nothing left.
NEXT = 5
MONTH, LIST = "month", "list"
COMING, PAST, EVERYTHING = "coming", "past", "all"
SPANS = ((COMING, "将举办的"), (PAST, "已过去的"), (EVERYTHING, "全部"))
# The address says `office`, the column `for_office`.
LABELS = {tag.value.removeprefix("for_"): tag for tag in Tag}


@dataclass(frozen=True)
class Chosen:
    """What the page shows, as its address says; anything unknown there is left out."""

    month: Month
    this_month: Month
    view: str = MONTH
    span: str = COMING
    label: str = ""
    category: str = ""
    theme: int | None = None
    mine: bool = False
    text: str = ""

    @classmethod
    def read(cls, address: QueryDict, themes: Iterable[tuple[int, str]], today: date) -> Self:
        span, theme = address.get("when", ""), address.get("theme", "")
        return cls(
            month=Month.read(address.get("month", "")) or Month.of(today),
            this_month=Month.of(today),
            view=LIST if address.get("view") == LIST else MONTH,
            span=span if span in dict(SPANS) else COMING,
            label=address.get("label", "") if address.get("label", "") in LABELS else "",
            category=searched(address, "category")[:50],
            theme=next((pk for pk, _ in themes if str(pk) == theme), None),
            mine=address.get("mine") == "1",
            text=searched(address),
        )

    @property
    def address(self) -> str:
        in_month = self.view == MONTH
        parts = {
            "view": "" if in_month else LIST,
            "month": str(self.month) if in_month and self.month != self.this_month else "",
            "when": "" if in_month or self.span == COMING else self.span,
            "label": self.label,
            "category": self.category,
            "theme": self.theme or "",
            "mine": "1" if self.mine else "",
            "q": self.text,
        }
        return urlencode({name: part for name, part in parts.items() if part})

    @property
    def is_narrow(self) -> bool:
        return bool(self.label or self.is_searched)

    @property
    def is_searched(self) -> bool:
        return bool(self.category or self.theme or self.mine or self.text)

    @property
    def cleared(self) -> str:
        return replace(self, label="", category="", theme=None, mine=False, text="").address

    def views(self) -> list[tuple[str, str, bool]]:
        words = ((MONTH, "月历"), (LIST, "列表"))
        return [(label, replace(self, view=view).address, view == self.view) for view, label in words]

    def labels(self) -> list[tuple[str, str, bool]]:
        """三位一体: one record, three views."""
        words = [("", "全部"), *((key, tag.label) for key, tag in LABELS.items())]
        return [(label, replace(self, label=key).address, key == self.label) for key, label in words]

    def spans(self) -> list[tuple[str, str, bool]]:
        return [(label, replace(self, span=span).address, span == self.span) for span, label in SPANS]

    def turns(self) -> dict[str, str | None]:
        """The addresses of the month before, the month after and this month, None where there is none."""
        months = {"previous": self.month.previous, "following": self.month.following, "now": self.this_month}
        return {
            name: replace(self, month=month).address if month and month != self.month else None
            for name, month in months.items()
        }

    def among(self, rows: ActivityQuerySet) -> ActivityQuerySet:
        if self.label:
            rows = rows.labelled(LABELS[self.label])
        if self.category:
            rows = rows.of_category(self.category)
        if self.theme:
            rows = rows.of_theme(self.theme)
        if self.mine:
            rows = rows.signed_up_for()
        return rows.named_by(self.text) if self.text else rows

    def in_span(self, rows: ActivityQuerySet, today: date) -> ActivityQuerySet:
        if self.span == COMING:
            return rows.coming(today).by_time()
        return (rows.past(today) if self.span == PAST else rows).latest_first()


@require_safe
@never_cache
@login_required
def activities(request: HttpRequest) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    near = standpoint_of(request).neighbourhood
    themes = list(Theme.objects.in_neighbourhood(near).values_list("pk", "title"))
    chosen = Chosen.read(request.GET, themes, today)
    seen = Activity.objects.in_sight_of(viewer, near)
    rows = chosen.among(seen.with_own_sign_up(viewer).with_cancel_reason().select_related("department"))
    context: dict[str, Any] = {
        "chosen": chosen,
        "themes": themes,
        "categories": list(dict.fromkeys([*CATEGORIES, *seen.categories()])),
        "is_office": is_office(viewer),
        "today": today,
    }
    if chosen.view == MONTH:
        touching = rows.touching(chosen.month.first, chosen.month.last).by_time()
        sheet = sheet_of(chosen.month, touching, today)
        context |= {"sheet": sheet, "turns": chosen.turns()}
        if chosen.month == chosen.this_month and not sheet.has_more:
            context["next"] = rows.standing().filter(date__gt=chosen.month.last).by_time()[:NEXT]
    else:
        page = Paginator(chosen.in_span(rows, today), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "kept": f"{chosen.address}&"}
    return render(request, "activities.html", context)
