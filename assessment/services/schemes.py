"""Schemes as the engine takes them and as a sheet keeps them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assessment.engine import model as engine
from assessment.models import Quota, Rule, Scheme
from shuxiang.periods import Quarter


class NoScheme(LookupError):
    """No scheme is in force in a quarter; str() is a Chinese sentence for people."""


def cents(amount: Decimal) -> int:
    return int(amount * 100)


@lru_cache(maxsize=10_000)
def money(amount: int) -> str:
    """Whole cents as decimal text: -5 -> `-0.05`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def schemes_in_force(quarters: Iterable[Quarter]) -> dict[Quarter, Scheme]:
    """The scheme of each quarter, with quotas and rules, in three queries; raises NoScheme."""
    wanted = list(quarters)
    found = known_schemes(wanted)
    for quarter in wanted:
        if quarter not in found:
            raise NoScheme(f"{quarter} 没有生效的方案，请在工作台把第一版方案的生效季度改到它或更早。")
    return found


def known_schemes(quarters: Iterable[Quarter]) -> dict[Quarter, Scheme]:
    """The schemes of those quarters that have one."""
    schemes = list(Scheme.objects.prefetch_related("quotas", "rules").latest_first())
    found = {}
    for quarter in quarters:
        scheme = next((each for each in schemes if each.effective_from <= str(quarter)), None)
        if scheme is not None:
            found[quarter] = scheme
    return found


def for_engine(scheme: Scheme) -> engine.Scheme:
    return engine.Scheme(
        version=scheme.version,
        late_factor=scheme.late_factor,
        quotas=tuple(
            engine.Quota(quota.kind, quota.get_kind_display(), quota.cycle, quota.required)
            for quota in scheme.quotas.all()
        ),
        rules=tuple(
            engine.Rule(
                rule.code,
                rule.kind,
                rule.grade,
                cents(rule.points),
                None if rule.quarter_cap is None else cents(rule.quarter_cap),
                None if rule.year_cap is None else cents(rule.year_cap),
            )
            for rule in scheme.rules.all()
        ),
    )


def snapshot(schemes: Sequence[Scheme]) -> dict[str, Any]:
    """The last scheme as plain JSON, with the versions of all, for the sheet to keep."""
    scheme = schemes[-1]
    return {
        "name": scheme.name,
        "versions": sorted({each.version for each in schemes}),
        "effective_from": scheme.effective_from,
        "grace_days": scheme.grace_days,
        "late_factor": str(scheme.late_factor),
        "ranks_for_everybody": scheme.ranks_for_everybody,
        "quotas": [quota_snapshot(quota) for quota in scheme.quotas.all()],
        "rules": [rule_snapshot(rule) for rule in scheme.rules.all()],
    }


def quota_snapshot(quota: Quota) -> dict[str, Any]:
    return {"name": quota.get_kind_display(), "cycle": quota.get_cycle_display(), "required": quota.required}


def rule_snapshot(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "kind": rule.get_kind_display(),
        "grade": rule.get_grade_display(),
        "points": str(rule.points),
        "quarter_cap": None if rule.quarter_cap is None else str(rule.quarter_cap),
        "year_cap": None if rule.year_cap is None else str(rule.year_cap),
    }
