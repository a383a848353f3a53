"""Grace days and closed quarters, for the floor of works (see `submissions.windows`)."""

from collections.abc import Sequence

from assessment.models import Period
from assessment.services.schemes import known_schemes
from shuxiang.periods import Quarter
from submissions.windows import Windows


def scheme_windows(quarters: Sequence[Quarter]) -> Windows:
    """What the schemes and the periods' states say of these quarters; four queries."""
    closed = Period.objects.fixed().filter(code__in=[str(quarter) for quarter in quarters])
    return Windows(
        grace_days={quarter: scheme.grace_days for quarter, scheme in known_schemes(quarters).items()},
        closed=frozenset(row.value for row in closed if isinstance(row.value, Quarter)),
    )
