"""The printed sign-in sheet: who stands on it and how its lines fall on pages of A4."""

from collections.abc import Sequence
from dataclasses import dataclass

from activities.kinds import SignUp
from activities.models import Activity
from activities.services.roll import Row, namesakes
from organization.models import Tree

LINES = 23
BLANK = 15
REGISTERED, NAMED_AND_HOST, HOST, ALL, NOBODY = "registered", "usual", "host", "all", "nobody"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line with its number; without `row` it is blank."""

    number: int
    row: Row | None = None
    is_namesake: bool = False


def chosen_for(activity: Activity, rows: Sequence[Row], asked: str, tree: Tree) -> tuple[list[Row], str]:
    """The rows that `asked` means, and what that is: a word, or a department's key. Anything unknown is the default:
    who is expected, where people sign up; else those who are named, then the host's people."""
    expected = [row for row in rows if row.expected]
    if asked == NOBODY:
        return [], asked
    if asked == ALL:
        return list(rows), asked
    if asked.isdecimal() and asked in {str(id) for id in tree.nodes}:
        within = set(tree.subtree(int(asked)))
        return [row for row in rows if row.department in within], asked
    if expected and (asked == REGISTERED or (asked != HOST and activity.sign_up == SignUp.OPEN)):
        return expected, REGISTERED
    if activity.department_id is None:
        return list(rows), ALL
    within = set(tree.subtree(activity.department_id))
    named = [] if asked == HOST else expected
    host = [row for row in rows if row.department in within and row not in named]
    return [*named, *host], NAMED_AND_HOST if named else HOST


def pages_of(rows: Sequence[Row], blank: int = BLANK) -> list[list[SheetLine]]:
    """Blank lines follow the people, and fill up the last page."""
    same = namesakes(rows)
    lines = [SheetLine(place, row, row.name in same) for place, row in enumerate(rows, start=1)]
    whole = -(-(len(lines) + blank) // LINES) * LINES
    lines += [SheetLine(place) for place in range(len(lines) + 1, whole + 1)]
    return [lines[first : first + LINES] for first in range(0, len(lines), LINES)]
