"""Lines drawn by the server as SVG: where to draw, and the same in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
LEFT, RIGHT, TOP, BOTTOM = 38, 302, 16.5, 112.5
SPARK_WIDTH, SPARK_TOP, SPARK_BOTTOM = 88, 3, 25


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`words` say the same to who does not see it; `path` is empty where there is nothing to draw."""

    path: str
    dots: Sequence[Mark]
    grid: Sequence[Mark]
    labels: Sequence[Mark]
    last: Mark | None
    words: str


def line_chart(
    points: Sequence[tuple[str, Decimal | None]], finest: float, unit: str = "", ceiling: float | None = None
) -> Chart:
    """Labelled values in order of time; a missing one leaves a gap. `finest` is the smallest step of the scale."""
    known = [float(value) for _, value in points if value is not None]
    if not known:
        return Chart("", (), (), (), None, "还没有数据")
    low, step, count = scale(min(known), max(known), finest, ceiling)
    high = low + step * count
    width = (RIGHT - LEFT) / max(len(points) - 1, 1)
    spots = [
        None
        if value is None
        else (LEFT + width * number, BOTTOM - (float(value) - low) / (high - low) * (BOTTOM - TOP))
        for number, (_, value) in enumerate(points)
    ]
    grid = [
        Mark("22", number_of(BOTTOM - (BOTTOM - TOP) * line / count), f"{round(low + step * line, 2):g}")
        for line in range(count + 1)
    ]
    labels = [Mark(number_of(LEFT + width * number), "141", label) for number, (label, _) in enumerate(points)]
    words = "，".join(f"{label} {'—' if value is None else f'{value}{unit}'}" for label, value in points)
    return Chart(path_of(spots), dots_of(spots), grid, labels, last_of(spots, points, unit), words)


def scale(low: float, high: float, finest: float, ceiling: float | None) -> tuple[float, float, int]:
    """(first line, step, number of steps): at most four steps of a round size that hold all values."""
    for step in (step for step in STEPS if step >= finest):
        first = math.floor(low / step + 1e-9) * step
        count = max(math.ceil((high - first) / step - 1e-9), 2)
        if count <= 4:
            break
    if ceiling is not None and first + step * count > ceiling:
        first = max(first - math.ceil((first + step * count - ceiling) / step) * step, 0)
    return first, step, count


def spark(values: Sequence[Decimal | None], low: float, high: float) -> tuple[str, Mark | None]:
    """The path of a small line and its last point, on a scale from `low` to `high`."""
    if all(value is None for value in values):
        return "", None
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    middle = (SPARK_TOP + SPARK_BOTTOM) / 2
    spots = [
        None
        if value is None
        else (
            2 + step * number,
            SPARK_BOTTOM - (float(value) - low) / (high - low) * (SPARK_BOTTOM - SPARK_TOP) if high > low else middle,
        )
        for number, value in enumerate(values)
    ]
    dots = dots_of(spots)
    return path_of(spots), dots[-1]


Spots = Sequence[tuple[float, float] | None]


def path_of(spots: Spots) -> str:
    """Lines between neighbours; a gap begins a new line."""
    parts, drawing = [], False
    for spot in spots:
        if spot is not None:
            parts.append(f"{'L' if drawing else 'M'}{number_of(spot[0])} {number_of(spot[1])}")
        drawing = spot is not None
    return "".join(parts)


def dots_of(spots: Spots) -> list[Mark]:
    return [Mark(number_of(spot[0]), number_of(spot[1])) for spot in spots if spot is not None]


def last_of(spots: Spots, points: Sequence[tuple[str, Decimal | None]], unit: str) -> Mark:
    """The newest value, on the side of its point where the line does not run."""
    number = max(number for number, spot in enumerate(spots) if spot is not None)
    spot = spots[number]
    assert spot is not None
    before = spots[number - 1] if number else None
    falls = before is not None and before[1] < spot[1]
    return Mark(number_of(spot[0]), number_of(spot[1] + (17 if falls else -9)), f"{points[number][1]}{unit}")


def number_of(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
