"""The figures of one row, ready to be shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessment.models import DepartmentResult
from assessment.reports import rate

NOTHING = "—"


@dataclass(frozen=True)
class Figures:
    """One row's figures. What does not apply is None: a part without a department has no excellent works of its own."""

    listed: int
    assessed: int
    met: int
    points: Decimal
    excellent: int | None = None
    periods: Decimal | None = None
    average: Decimal | None = None
    rank: int | None = None

    @property
    def exempt(self) -> int:
        return self.listed - self.assessed

    @property
    def unmet(self) -> int:
        return self.assessed - self.met

    @property
    def rate(self) -> str:
        value = percent(self.met, self.assessed)
        return NOTHING if value is None else f"{value}%"


def percent(met: int, assessed: int) -> Decimal | None:
    value = rate(met, assessed)
    return None if value is None else (value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def figures_of(row: DepartmentResult) -> Figures:
    return Figures(
        row.listed, row.assessed, row.met, row.points, row.excellent, row.person_periods, row.average, row.rank
    )
