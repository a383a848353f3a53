import pytest

from assessment.engine.ranking import rank


@pytest.mark.section("7")
@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ({}, {}),
        ({"a": 0}, {"a": 1}),
        ({"a": 100, "b": 300, "c": 200}, {"b": 1, "c": 2, "a": 3}),
        ({"a": 300, "b": 300, "c": 200}, {"a": 1, "b": 1, "c": 3}),
        ({"a": 300, "b": 200, "c": 200, "d": 100}, {"a": 1, "b": 2, "c": 2, "d": 4}),
        ({"a": 0, "b": 0, "c": 0}, {"a": 1, "b": 1, "c": 1}),
        ({"a": -100, "b": 0}, {"b": 1, "a": 2}),
    ],
)
def test_equal_scores_share_a_rank_and_the_next_is_skipped(scores, ranks):
    assert rank(scores.items()) == ranks
