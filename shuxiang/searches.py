"""What people type into a search, and the texts that it looks at, with pinyin and initials beside the Chinese.

Only letters, digits and Han characters count, in lower case, so that 读《大学》 is found by 读大学.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache, reduce
from itertools import islice, pairwise, product
from operator import or_
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

# As the boxes take, and longer than any name or title: an address holds little more, and a database refuses a
# condition of too many words.
SEARCH_LENGTH = 100
READINGS = 8
WORDS = 8
Rows = TypeVar("Rows", bound=QuerySet[Any])


def searched(address: Mapping[str, str], name: str = "q") -> str:
    """The words of a search with a space between them, without signs that no name contains."""
    words = " ".join(address.get(name, "").split())
    return "".join(filter(str.isprintable, words)).strip()[:SEARCH_LENGTH]


def bare(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def words_of(query: str) -> list[str]:
    """The words of a query, all of which must be found."""
    return [word for word in map(bare, query.split()[:WORDS]) if word]


def spelled(text: str) -> list[str]:
    """Pinyin and initials of a text with Han characters in it: `daxue`, `dx`."""
    from pypinyin import Style, lazy_pinyin  # its tables are large: only where something is written

    letters = bare(text)
    if letters.isascii():
        return []
    return ["".join(lazy_pinyin(letters)), "".join(lazy_pinyin(letters, style=Style.FIRST_LETTER))]


def name_spelled(name: str) -> list[str]:
    """The same for a name, in all its readings (曾 ceng and zeng), as far as they are few."""
    from pypinyin import Style, pinyin

    letters = bare(name)
    if letters.isascii():
        return []
    ways: list[str] = []
    for style in (Style.NORMAL, Style.FIRST_LETTER):
        readings = pinyin(letters, style=style, heteronym=True)
        ways += ["".join(way) for way in islice(product(*readings), READINGS)]
    return ways


@lru_cache(maxsize=20_000)
def spellings(name: str) -> tuple[str, ...]:
    return tuple(name_spelled(name))


def is_named(wanted: str, name: str, number: str) -> bool:
    """By a part of the name or of the 工号, or by the beginning of the name's pinyin or initials; `wanted` is bare."""
    return wanted in bare(name) or wanted in bare(number) or any(way.startswith(wanted) for way in spellings(name))


def text_of(titles: Iterable[str], names: Iterable[str], others: Iterable[str] = ()) -> str:
    """What a search looks at: a line each, those of titles and of people's names spelled too."""
    titles, names = list(titles), list(names)
    parts = [bare(each) for each in [*titles, *names, *others]]
    parts += [way for title in titles for way in spelled(title)]
    parts += [way for name in names for way in name_spelled(name)]
    return "\n".join(dict.fromkeys(filter(None, parts)))


def grams_of(text: str) -> set[str]:
    """The pieces by which an index knows a text: every two signs in a row, every three where they are plain letters
    and digits (of which a pair says little), and every single one that is not."""
    pieces: set[str] = set()
    for line in text.split("\n"):
        pieces.update(map("".join, pairwise(line)))
        pieces.update(filter(str.isascii, map("".join, zip(line, line[1:], line[2:], strict=False))))
        pieces.update(sign for sign in line if not sign.isascii())
    return pieces


def grams_asked(word: str) -> set[str]:
    """Pieces of which every text has all that holds the word; as few as say all. None for a single plain letter."""
    if len(word) == 1:
        return set() if word.isascii() else {word}
    threes = {word[start : start + 3] for start in range(len(word) - 2) if word[start : start + 3].isascii()}
    twos = {word[start : start + 2] for start in range(len(word) - 1)}
    return threes | {two for two in twos if not any(two in three for three in threes)}


def having(rows: Rows, words: str, names: Collection[str]) -> Rows:
    """Rows in which every word stands in one of the columns."""
    for word in words.split():
        rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in names)))
    return rows
