"""Text as readers see it: titles in their marks, and cut to the room they have."""

import re
import unicodedata

ELLIPSIS = "…"
STATE = "中华人民共和国"
MARKED = re.compile("《([^《》]+)》")


def quoted(title: str) -> str:
    """`《书名》`, for sentences; titles that carry the marks already get no second ones."""
    return title if title.startswith("《") and title.endswith("》") else f"《{title}》"


def unquoted(title: str) -> str:
    """`书名`, where a title is shortened or looked for; the marks of two titles in one stay."""
    marked = MARKED.fullmatch(title)
    return marked[1] if marked else title


def cells(character: str) -> int:
    """The room a character takes in half squares: two for Chinese, one for Latin, none for a mark on the one before."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F", "A") else 1


def shorten(text: str, squares: int) -> str:
    """At most `squares` Chinese characters wide with its ellipsis, without controls and marks of direction."""
    clean = "".join(each for each in text if not unicodedata.category(each).startswith(("C", "Zl", "Zp"))).strip()
    room = squares * 2
    if sum(map(cells, clean)) <= room:
        return clean
    kept, room = [], room - 2
    for character in clean:
        room -= cells(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS


def named_in(title: str, squares: int) -> str:
    """`shorten`, but a law that finds no room is named by what tells it apart, as all begin with the state's name."""
    short = shorten(title, squares)
    told = unquoted(title).removeprefix(STATE)
    return shorten(told, squares) if short.endswith(ELLIPSIS) and told else short
