"""What approving a work would mean for the assessment, as far as it can be said before the run: rules, not results."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessment.kinds import ANY_GRADE
from assessment.models import Period, Quota, Rule, Scheme
from assessment.services.schemes import known_schemes
from shuxiang.periods import Quarter, parse_quarter
from submissions.models import Contributor, Submission
from submissions.states import State

CENT = Decimal("0.01")
STANDING = {
    Period.State.CLOSED: "已公示，审阅仍可进行",
    Period.State.SEALED: "已封存，变化以“以前期调整”计入当前季度",
}


@dataclass(frozen=True)
class Outlook:
    """`standing` is said only of a quarter that is closed or sealed; `quota` and `points` where the scheme has any."""

    quarter: str
    is_late: bool
    standing: str
    quota: str
    points: str


def outlook(work: Submission) -> Outlook:
    """A constant number of queries."""
    quarter = parse_quarter(work.quarter)
    period = Period.objects.filter(code=work.quarter).first()
    scheme = known_schemes([quarter]).get(quarter)
    people = list(work.contributors.exclude(state=Contributor.State.DECLINED).select_related("cadre"))
    return Outlook(
        quarter=quarter.heading,
        is_late=work.is_late,
        standing=STANDING.get(Period.State(period.state), "") if period is not None else "",
        quota=quota_words(work, quarter, scheme, people) if scheme is not None else "",
        points=points_words(work, scheme, len(people)) if scheme is not None else "",
    )


def quota_words(work: Submission, quarter: Quarter, scheme: Scheme, people: list[Contributor]) -> str:
    """`每季度 1 件，韩素已通过 0 件`: the other works of this kind that count for each of the people."""
    quota = next((each for each in scheme.quotas.all() if each.kind == work.kind), None)
    if quota is None or not people:
        return ""
    span = (quarter,) if quota.cycle == Quota.Cycle.QUARTER else (*quarter.earlier_in_year, quarter)
    counted = Contributor.objects.counted().filter(
        cadre__in=[person.cadre_id for person in people],
        submission__kind=work.kind,
        submission__quarter__in=[str(each) for each in span],
    )
    done = list(counted.exclude(submission=work).values_list("cadre_id", flat=True))
    owed = f"{quota.get_cycle_display()} {quota.required} 件"
    verb = "另有" if work.state == State.APPROVED else "已通过"
    if len(people) == 1:
        return f"{owed}，{people[0].cadre.name}{verb} {len(done)} 件"
    short = sum(done.count(person.cadre_id) < quota.required for person in people)
    missing = "不计本件" if work.state == State.APPROVED else "目前"
    return f"{owed}，{len(people)} 人中{missing}有 {short} 人未满"


def points_words(work: Submission, scheme: Scheme, people: int) -> str:
    """`基础分 2.00，优秀另加 2.00，2 人均分`; caps are left to the run."""
    rules = [rule for rule in scheme.rules.all() if rule.kind == work.kind]
    found = [f"基础分 {base_points(rule, scheme, work)}" for rule in rules if rule.grade == ANY_GRADE]
    if work.is_late and found:
        found.append(f"补报按 {scheme.late_factor} 计")
    extra = "另加 " if found else "加 "
    found += [f"{rule.get_grade_display()}{extra}{rule.points}" for rule in rules if rule.grade != ANY_GRADE]
    if people > 1 and found:
        found.append(f"{people} 人均分")
    return "，".join(found)


def base_points(rule: Rule, scheme: Scheme, work: Submission) -> Decimal:
    return (rule.points * scheme.late_factor).quantize(CENT, ROUND_HALF_UP) if work.is_late else rule.points
