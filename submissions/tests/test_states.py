"""The life of a work, written out: every state with every action."""

import pytest

from submissions.states import Action, IllegalTransition, State, next_state

MATRIX = """
            submit   approve   return    reject    rate      withdraw   reopen   register
draft       pending  -         -         -         -         -          -        -
pending     -        approved  returned  rejected  -         withdrawn  -        -
returned    pending  -         -         -         -         withdrawn  -        -
approved    -        -         -         -         approved  withdrawn  pending  -
rejected    -        -         -         -         -         -          pending  -
withdrawn   -        -         -         -         -         -          -        -
"""
# What leaves a work where it is: its people, whether it may be shown, and the steps of an idea.
STAYING = """
            confirm   decline   members   consent   accept   implement  effect
draft       -         -         -         -         -        -          -
pending     pending   pending   pending   pending   pending  -          -
returned    returned  returned  returned  returned  -        -          -
approved    approved  approved  -         approved  -        approved   approved
rejected    -         -         -         rejected  -        -          -
withdrawn   -         -         -         -         -        -          -
"""


def cells() -> list[tuple[str, str, str]]:
    found = []
    for matrix in (MATRIX, STAYING):
        header, *rows = [line.split() for line in matrix.strip().splitlines()]
        found += [(row[0], action, after) for row in rows for action, after in zip(header, row[1:], strict=True)]
    return found


def test_the_matrix_names_every_state_and_action():
    assert {state for state, _, _ in cells()} == set(State.values)
    assert {action for _, action, _ in cells()} == set(Action.values)


@pytest.mark.parametrize(("state", "action", "after"), cells())
def test_each_cell(state, action, after):
    if after == "-":
        with pytest.raises(IllegalTransition):
            next_state(State(state), Action(action))
    else:
        assert next_state(State(state), Action(action)) == State(after)
