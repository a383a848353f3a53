"""What of a table may be shown so that no small number of people can be read from it or worked out. Pure.

A table counts people by two questions. Whoever reads it knows the totals of its rows and columns, as the results tell
them. A cell of one to four people is hidden, and so many further ones that none of these can be worked out.
"""

from collections import deque
from collections.abc import Sequence

Cell = tuple[int, int]


def hidden_groups(sizes: Sequence[int], least: int) -> set[int]:
    """Groups of too few people, and the next larger ones until those hidden are two at least and enough together:
    what all have minus what is shown then belongs to no small group."""
    small = {place for place, size in enumerate(sizes) if 0 < size < least}
    if not small:
        return set()
    rest = sorted((size, place) for place, size in enumerate(sizes) if size >= least)
    hidden = set(small)
    while rest and (len(hidden) < 2 or sum(sizes[place] for place in hidden) < least):
        hidden.add(rest.pop(0)[1])
    return hidden


def hidden_cells(table: Sequence[Sequence[int]], least: int) -> set[Cell]:
    """All small cells, and those that protect them: none of the small ones follows from what is shown."""
    cells = {(row, column): count for row, counts in enumerate(table) for column, count in enumerate(counts)}
    small = {cell for cell, count in cells.items() if 0 < count < least}
    hidden = set(small)
    for cell in sorted(small):
        while is_certain(cell, hidden, cells) and len(hidden) < len(cells):
            hidden |= protection(cell, hidden, cells)
    return hidden


def protection(cell: Cell, hidden: set[Cell], cells: dict[Cell, int]) -> set[Cell]:
    """The fewest further cells, and of people, that make a rectangle with the cell within which people can move; where
    there is none, one more cell."""
    row, column = cell
    corners = [other for other in cells if other[0] != row and other[1] != column]
    found = [{(row, other[1]), (other[0], column), other} - hidden for other in corners]
    fitting = [each for each in found if not is_certain(cell, hidden | each, cells)]
    if fitting:
        return min(fitting, key=lambda each: (len(each), sum(cells[other] for other in each), sorted(each)))
    return {max((other for other in cells if other not in hidden), key=lambda other: (cells[other], other))}


def is_certain(cell: Cell, hidden: set[Cell], cells: dict[Cell, int]) -> bool:
    """Whether only one number fits into a hidden cell: no other table without negative numbers has the same totals and
    the same shown cells. Such a table exists just where a circle of hidden cells leads through it, in turns one more
    and one less, and every one that gets less has something to give."""
    row, column = cell
    others = hidden - {cell}
    more = reaches(("column", column), ("row", row), others, cells)
    less = cells[cell] > 0 and reaches(("row", row), ("column", column), others, cells)
    return not (more or less)


def reaches(start: tuple[str, int], goal: tuple[str, int], among: set[Cell], cells: dict[Cell, int]) -> bool:
    """From a row one goes to a column through a cell that gets one more, back through one that gets one less."""
    seen, waiting = {start}, deque([start])
    while waiting:
        kind, place = waiting.popleft()
        if (kind, place) == goal:
            return True
        if kind == "row":
            steps = [("column", column) for row, column in among if row == place]
        else:
            steps = [("row", row) for row, column in among if column == place and cells[row, column] > 0]
        for each in steps:
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return False
