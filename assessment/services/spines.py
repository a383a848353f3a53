"""A work as the spine of a book: its word, its title cut to the room, its state with a mark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shuxiang.typography import shorten
from submissions.kinds import Grade, Kind
from submissions.models import Contributor, Submission
from submissions.states import State

TITLE_SQUARES = 6
# What needs attention stands first, and so never in the pile; what was not handed in yet comes last.
ORDER = [State.RETURNED, State.PENDING, State.APPROVED, State.DRAFT]
LATE, APPROVED = "补报", "通过"
PLAIN = (APPROVED, Grade.GOOD.label, Grade.PASS.label)  # words that give way to 补报
LOOKS = {
    State.RETURNED: ("退回", ["is-back"]),
    State.DRAFT: ("草稿", ["is-draft"]),
    State.PENDING: ("待审", ["is-pending"]),
}


@dataclass(frozen=True, slots=True)
class Spine:
    """One book; `also` is said to readers where a mark alone shows it."""

    work: Submission
    word: str
    title: str
    state: str
    marks: Sequence[str]
    also: str = ""


def spine_of(book: Contributor) -> Spine:
    work = book.submission
    state, marks, also = *look_of(book), ""
    if work.is_late and work.state != State.DRAFT:
        marks = [*marks, "is-late"]
        state, also = (LATE, "") if state in PLAIN else (state, LATE)
    together = work.kind == Kind.RECITATION and getattr(book, "shared", False)
    word = "集体" if together else Kind(work.kind).short
    room = TITLE_SQUARES - max(len(state) - 2, 0)
    return Spine(work, word, shorten(name_on_spine(work.title), room), state, marks, also)


def name_on_spine(title: str) -> str:
    """`集体诵读《赤壁赋》` is 赤壁赋 beside the word for its kind."""
    found = re.fullmatch(r"(?:集体)?(?:诵读|朗诵)?《([^《》]+)》", title)
    return found[1] if found else title


def look_of(book: Contributor) -> tuple[str, list[str]]:
    """The word and the mark of a book's state."""
    work = book.submission
    if work.state in LOOKS:
        return LOOKS[State(work.state)]
    if book.state == Contributor.State.NAMED:
        return "待确认", ["is-pending"]
    if work.grade == Grade.EXCELLENT:
        return Grade.EXCELLENT.label, ["is-excellent"]
    return (Grade(work.grade).label if work.grade else APPROVED), []


def rank_of(book: Contributor) -> tuple[int, bool]:
    """What needs attention, then what was rated 优秀, then the rest as it came; drafts behind all."""
    named = book.state == Contributor.State.NAMED
    state = State.PENDING if named else State(book.submission.state)
    return ORDER.index(state), book.submission.grade != Grade.EXCELLENT
