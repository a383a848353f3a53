"""Offices are told while there is time that a commitment lacks an activity; once for each part of the year."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from activities.models import Commitment, CommitmentWarning, Series
from activities.services.gauges import Gauge, Part, counted_in, gauge_of, own_departments
from activities.services.workdays import days_in
from notices.services import send
from organization.models import Cadre, Posting, Tree
from organization.roles import Role
from shuxiang.periods import Span, Year, shanghai_date, spoken


def warn_offices(*, now: datetime) -> int:
    """Gives how many warnings went out. Looks as far into the next year as anything is due within `warn_days`."""
    today, tree = shanghai_date(now), Tree.load()
    commitments, series = list(Commitment.objects.in_use()), list(Series.objects.order_by("pk"))
    years = (today.year, today.year + 1)
    rows, days = counted_in(years), days_in(Span(Year(years[0]).span.first, Year(years[-1]).span.last))
    sent = 0
    for agency, office in offices(tree, now).items():
        own = own_departments(agency, tree)
        for commitment in commitments:
            for year in years:
                gauge = gauge_of(commitment, series, rows, year, own, today, days)
                sent += sum(warn(gauge, part, agency, office, now) for part in due(gauge))
    return sent


def offices(tree: Tree, now: datetime) -> dict[int, list[Cadre]]:
    """By agency who serves in its office. One without is not warned: least of all through the office above."""
    posted = Posting.objects.filter(cadre__is_active=True, cadre__groups__name=Role.OFFICE).covering(shanghai_date(now))
    found: dict[int, list[Cadre]] = {}
    for posting in posted.select_related("cadre").order_by("cadre_id"):
        found.setdefault(tree.agency(posting.department_id), []).append(posting.cadre)
    return found


def due(gauge: Gauge) -> list[Part]:
    """Parts that lack something and end within the days of warning."""
    ahead = timedelta(days=gauge.commitment.warn_days)
    return [
        part for part in gauge.parts if part.span.last - ahead <= gauge.today <= part.span.last and gauge.lack(part)
    ]


@transaction.atomic
def warn(gauge: Gauge, part: Part, agency: int, office: Iterable[Cadre], now: datetime) -> bool:
    """Whether a notice went out: of two workers at once the first one tells."""
    mark = {"commitment": gauge.commitment, "agency_id": agency, "part": part.code}
    _, is_new = CommitmentWarning.objects.get_or_create(**mark, defaults={"at": now})
    if not is_new:
        return False
    send(
        recipients=office,
        subject=subject_of(gauge, part),
        body=f"{spoken(part.span.last)}以前要再安排 {gauge.lack(part)} 次。点开看已举办和已安排的活动。",
        address=reverse("commitment", args=[gauge.year, gauge.commitment.pk]),
        now=now,
    )
    return True


def subject_of(gauge: Gauge, part: Part) -> str:
    title = gauge.commitment.title
    if gauge.has_rhythm:
        return f"{title}：{part.label}还差 {gauge.lack(part)} 次没有安排"
    there = f"已举办 {len(gauge.held)} 次，已安排 {len(gauge.coming)} 次"
    return f"{title}：{gauge.year} 年要举办 {gauge.planned} 次，{there}"
