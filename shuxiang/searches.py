"""What people type into a search, and the texts that it looks at, with pinyin and initials beside the Chinese.

Only letters, digits and Han characters count, in lower case, so that 读《大学》 is found by 读大学.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import islice, product

# As the boxes take, and longer than any name or title: an address holds little more, and a database refuses a
# condition of too many words.
SEARCH_LENGTH = 100
READINGS = 8
WORDS = 8


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


def text_of(titles: Iterable[str], names: Iterable[str], others: Iterable[str] = ()) -> str:
    """What a search looks at: a line each, those of titles and of people's names spelled too."""
    titles, names = list(titles), list(names)
    parts = [bare(each) for each in [*titles, *names, *others]]
    parts += [way for title in titles for way in spelled(title)]
    parts += [way for name in names for way in name_spelled(name)]
    return "\n".join(dict.fromkeys(filter(None, parts)))
