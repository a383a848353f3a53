"""Which quota a work that is being written fills: rules and counts of today, no promise of points."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assessment.kinds import ANY_GRADE
from assessment.models import Quota
from assessment.services.handed import handed, sent_back
from assessment.services.schemes import known_schemes
from organization.models import Cadre
from shuxiang.periods import Quarter, parse_quarter
from submissions.kinds import Kind
from submissions.models import Contributor, Submission

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Filling:
    quarter: Quarter
    is_late: bool
    kept: date | None
    quota: str
    points: str


def filling(kind: Kind, cadre: Cadre, work: Submission | None, today: date) -> Filling:
    """For the main author; a constant number of queries."""
    own = Quarter.of(today)
    named = parse_quarter(work.quarter) if work is not None and work.quarter in (str(own), str(own.previous)) else own
    if work is not None and work.credit_date is not None:
        named = parse_quarter(work.quarter)
    kept = work.credit_date if work is not None else None
    is_late = named != Quarter.of(kept or today)
    scheme = known_schemes([named]).get(named)
    if scheme is None:
        return Filling(named, is_late, kept, "", "")
    quota = next((each for each in scheme.quotas.all() if each.kind == kind), None)
    words = "不占应报任务，多多益善。"
    if quota is not None:
        words = quota_words(quota, kind, cadre, work, named)
    base = next((rule.points for rule in scheme.rules.all() if rule.kind == kind and rule.grade == ANY_GRADE), None)
    if base is None:
        return Filling(named, is_late, kept, words, "评为优秀等次才计分")
    points = (base * scheme.late_factor).quantize(CENT, ROUND_HALF_UP) if is_late else base
    return Filling(named, is_late, kept, words, f"{points}{'（补报折算）' if is_late else ''}")


def quota_words(quota: Quota, kind: Kind, cadre: Cadre, work: Submission | None, quarter: Quarter) -> str:
    yearly = quota.cycle == Quota.Cycle.YEAR
    span = [str(Quarter(quarter.year, number)) for number in range(1, 5)] if yearly else [str(quarter)]
    books = Contributor.objects.filter(cadre=cadre, submission__kind=kind, submission__quarter__in=span)
    others = list(books.exclude(submission=work).select_related("submission"))
    done, returned = handed(others), sent_back(others)
    parts = [
        f"{'全年' if yearly else '本季'}应报 {quota.required} 件",
        f"另外已报 {done} 件",
        f"退回待改 {returned} 件" if returned else "",
        "这件为多报，照样评级" if done >= quota.required else "这件正好计入",
    ]
    return "，".join(filter(None, parts))
