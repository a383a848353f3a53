"""Commitment gauges for office and leaders: what was promised in numbers a year, and the list behind each number."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.models import Activity, Commitment
from activities.services.gauges import Counted, Gauge, gauges
from organization.desk import desk_scope, heads_the_tree, is_id, signed_in
from organization.models import Tree
from organization.roles import Role

PER_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2199
# So many spines are drawn; a target of a year may be 366.
MOST_SPINES = 60


class Show(models.TextChoices):
    HELD = "held", "已举办"
    COMING = "coming", "已安排"
    UNRECORDED = "unrecorded", "待登记"
    MISSING = "missing", "缺的期次"


class Seat(NamedTuple):
    """Whose gauges are shown: the chosen agency, and those that the viewer may choose."""

    agency: int
    agencies: list[tuple[int, str]]
    tree: Tree


def seat_of(request: HttpRequest) -> Seat:
    """An office or a leader, in service; anybody else gets 404."""
    if not signed_in(request).has_role(Role.OFFICE, Role.LEADER):
        raise Http404
    scope, tree = desk_scope(request), Tree.load()
    if tree.root is None or not (scope.everybody or scope.departments):
        raise Http404
    inside = [node.id for node in tree.ordered if scope.everybody or node.id in scope.departments]
    agencies = list(dict.fromkeys(tree.agency(department) for department in inside))
    asked = request.GET.get("agency", "")
    chosen = int(asked) if is_id(asked) and int(asked) in agencies else agencies[0]
    return Seat(chosen, [(each, tree.paths[each]) for each in agencies], tree)


@require_safe
@never_cache
@login_required
def commitments(request: HttpRequest) -> HttpResponse:
    seat, today = seat_of(request), timezone.localdate()
    asked = request.GET.get("year", "")
    oldest = Activity.objects.order_by("date").values_list("date", flat=True).first() or today
    years = list(range(today.year + 1, min(oldest.year, today.year) - 1, -1))
    year = int(asked) if is_id(asked) and int(asked) in years else today.year
    found = gauges(year, seat.agency, seat.tree, today)
    context = {
        "rows": [(gauge, spines_of(gauge)) for gauge in found],
        "year": year,
        "years": years,
        "seat": seat,
        "kept": kept_agency(seat),
        "sets": heads_the_tree(request),
    }
    return render(request, "commitments.html", context)


@require_safe
@never_cache
@login_required
def commitment(request: HttpRequest, year: int, commitment_id: int) -> HttpResponse:
    """The activities behind the numbers of one commitment, and the parts of the year in which something lacks."""
    seat, today = seat_of(request), timezone.localdate()
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    known = get_object_or_404(Commitment.objects.in_use(), pk=commitment_id)
    gauge = next(each for each in gauges(year, seat.agency, seat.tree, today) if each.commitment == known)
    shown = request.GET.get("show", "")
    show = Show(shown) if shown in Show.values else None
    kept = kept_agency(seat)
    context: dict[str, Any] = {
        "gauge": gauge,
        "show": show,
        "tabs": tabs_of(gauge, show, kept),
        "seat": seat,
        "kept": f"{kept}show={show}&" if show else kept,
        "agency": kept.rstrip("&"),
    }
    if show == Show.MISSING:
        context["missing"] = [(part, gauge.lack(part), part.span.last < today) for part in gauge.missing]
    else:
        page = Paginator(listed(gauge, show), PER_PAGE).get_page(request.GET.get("page"))
        context["page"], context["rows"] = page, [row_of(each, gauge, seat.tree) for each in page]
    return render(request, "commitments/commitment.html", context)


def listed(gauge: Gauge, show: Show | None) -> list[Counted]:
    return {Show.HELD: gauge.held, Show.COMING: gauge.coming, Show.UNRECORDED: gauge.unrecorded}.get(
        show or Show.MISSING, list(gauge.counted)
    )


def row_of(each: Counted, gauge: Gauge, tree: Tree) -> tuple[Counted, str, str]:
    """An activity with the word for how it stands, and its host."""
    word = Show.HELD if each in gauge.held else Show.COMING if each in gauge.coming else Show.UNRECORDED
    return each, word.label, tree.nodes[each.host].name if each.host in tree.nodes else ""


def tabs_of(gauge: Gauge, show: Show | None, kept: str) -> list[tuple[str, int, str, bool]]:
    """(label, count, address, whether chosen)."""
    counts = {
        Show.HELD: len(gauge.held),
        Show.COMING: len(gauge.coming),
        Show.UNRECORDED: len(gauge.unrecorded),
        Show.MISSING: len(gauge.missing),
    }
    tabs = [("全部", len(gauge.counted), f"?{kept}", show is None)]
    for each, count in counts.items():
        if each in (Show.HELD, Show.COMING) or count or each == show:
            tabs.append((each.label, count, f"?{kept}show={each}", each == show))
    return tabs


def kept_agency(seat: Seat) -> str:
    """For links, where there is a choice of agencies."""
    return f"agency={seat.agency}&" if len(seat.agencies) > 1 else ""


def spines_of(gauge: Gauge) -> list[str]:
    """The looks of a row of spines: what was held stands in cloth, what is arranged as a slip, the rest is owed."""
    held = [f"cloth-{each.id % 10 + 1}" for each in gauge.held]
    arranged = ["is-arranged"] * (len(gauge.coming) + len(gauge.unrecorded))
    looks = [*held, *arranged, *["is-owed"] * gauge.short]
    return looks[:MOST_SPINES]
