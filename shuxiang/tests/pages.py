"""Pages as people read them: words and the cells of tables, without markup."""

import re
from html import unescape


def words_of(html: str) -> str:
    """The words, tags and runs of space gone."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def text_of(page: str) -> str:
    """The words of <main>."""
    return words_of(page[page.index("<main") : page.index("</main>")])


def cells_of(html: str) -> list[list[str]]:
    """The words of every cell, row by row."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return [[words_of(cell) for cell in re.findall(r"<(?:td|th)[ >].*?</(?:td|th)>", row, re.DOTALL)] for row in rows]
