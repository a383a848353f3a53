"""What of a table may be shown: against every other table that fits what is shown."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.services.suppressing import hidden_cells, hidden_groups

LEAST = 5


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([10, 12, 8], set()),
        ([10, 4, 8], {1, 2}),  # alone, all minus the others would be the four
        ([5, 4, 5, 20], {0, 1}),
        ([10, 4, 3], {1, 2}),
        ([10, 1, 3], {0, 1, 2}),  # two of four people together are a small group too
        ([10, 0, 9], set()),
        ([4], {0}),
    ],
)
def test_a_small_group_cannot_be_worked_out_from_all_minus_the_others(sizes, hidden):
    assert hidden_groups(sizes, LEAST) == hidden


@given(st.lists(st.integers(0, 12), max_size=6))
def test_groups_shown_are_large_and_what_is_left_is_none_or_enough(sizes):
    hidden = hidden_groups(sizes, LEAST)
    left = sum(sizes[place] for place in hidden)
    assert all(size == 0 or size >= LEAST for place, size in enumerate(sizes) if place not in hidden)
    everything = hidden >= {place for place, size in enumerate(sizes) if size}
    assert not hidden or everything or (len(hidden) >= 2 and left >= LEAST)


def possible(table: list[list[int]], hidden: set[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """For each hidden cell of a table of two columns every number that it has in some table with the same totals and
    the same shown cells; the second column follows from the first."""
    rows, total = [sum(row) for row in table], sum(row[0] for row in table)
    found: dict[tuple[int, int], set[int]] = {cell: set() for cell in hidden}
    for first in product(*(range(each + 1) for each in rows)):
        other = [(number, row - number) for number, row in zip(first, rows, strict=True)]
        fits = sum(first) == total and all(
            other[row][column] == table[row][column]
            for row, column in product(range(len(table)), (0, 1))
            if (row, column) not in hidden
        )
        if fits:
            for row, column in hidden:
                found[row, column].add(other[row][column])
    return found


@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=3))
def test_no_small_cell_is_the_only_number_that_fits(table):
    hidden = hidden_cells(table, LEAST)
    small = {(row, column) for row, line in enumerate(table) for column, n in enumerate(line) if 0 < n < LEAST}
    assert small <= hidden
    if len(hidden) == sum(map(len, table)):
        return  # nothing at all is shown
    assert all(len(numbers) > 1 for cell, numbers in possible(table, hidden).items() if cell in small)
    turned = [list(column) for column in zip(*table, strict=True)]
    fits = possible(table, {(row, column) for column, row in hidden_cells(turned, LEAST)})
    assert all(len(numbers) > 1 for cell, numbers in fits.items() if cell in small)


def test_a_table_without_small_cells_is_shown_whole():
    assert hidden_cells([[5, 0, 9], [0, 6, 7]], LEAST) == set()


def test_one_small_cell_takes_a_circle_of_four_with_it():
    hidden = hidden_cells([[2, 9, 9], [9, 9, 9], [9, 9, 9]], LEAST)
    assert len(hidden) == 4
    assert (0, 0) in hidden
