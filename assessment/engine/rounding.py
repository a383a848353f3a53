"""Half up, for negatives half away from zero; whole numbers only."""

from decimal import ROUND_HALF_UP, Decimal


def divide(numerator: int, denominator: int) -> int:
    """The rounded quotient; `denominator` is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def scale(cents: int, factor: Decimal) -> int:
    return int((cents * factor).quantize(Decimal(1), ROUND_HALF_UP))
