from decimal import Decimal

import pytest

from assessment.engine.rounding import divide, scale


@pytest.mark.section("7")
@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 7, 0),
        (1, 3, 0),
        (1, 2, 1),
        (2, 3, 1),
        (5, 2, 3),
        (249, 100, 2),
        (250, 100, 3),
        (251, 100, 3),
        (100, 1, 100),
        (7, 7, 1),
        (-1, 3, 0),
        (-1, 2, -1),
        (-5, 2, -3),
        (-249, 100, -2),
    ],
)
def test_a_quotient_is_rounded_half_up_and_for_negatives_half_away_from_zero(numerator, denominator, rounded):
    assert divide(numerator, denominator) == rounded


@pytest.mark.section("7")
def test_a_quotient_is_exact_beyond_what_a_float_holds():
    assert divide(10**17 + 1, 2) == 50_000_000_000_000_001


@pytest.mark.section("5.1")
@pytest.mark.parametrize(
    ("cents", "factor", "scaled"),
    [
        (100, "0.50", 50),
        (25, "0.50", 13),
        (5, "0.50", 3),
        (1, "0.50", 1),
        (1, "0.49", 0),
        (100, "0.33", 33),
        (75, "0", 0),
    ],
)
def test_scaled_points_are_rounded_half_up_to_the_cent(cents, factor, scaled):
    assert scale(cents, Decimal(factor)) == scaled
