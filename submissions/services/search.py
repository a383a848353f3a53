"""What a search of the showcase looks at: one stored text per work, with pinyin and initials beside the Chinese.

Only letters, digits and Han characters count, in lower case, so that 读《大学》 is found by 读大学. The text may lag
behind a renamed person until the night; who sees a work never depends on it.
"""

import unicodedata
from collections.abc import Iterable
from itertools import islice, product

from django.db.models import Prefetch

from submissions.models import Contributor, Submission, Version
from submissions.models.submission import SubmissionQuerySet

READINGS = 8
WORDS = 8
CHUNK = 500


def bare(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def words_of(query: str) -> list[str]:
    """The words of a query, all of which must be found."""
    return [word for word in map(bare, query.split()[:WORDS]) if word]


def found_by(works: SubmissionQuerySet, query: str) -> SubmissionQuerySet:
    """The works that hold every word of the query; none where it has no word at all."""
    words = words_of(query)
    if not words:
        return works.none()
    for word in words:
        works = works.filter(search_text__contains=word)
    return works


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


def search_text_of(work: Submission, version: Version | None, names: Iterable[str]) -> str:
    titles = [work.title]
    if version is not None:
        titles += [version.book_title, version.author]
    people = list(names)
    parts = [bare(each) for each in [*titles, *people, version.source if version else ""]]
    parts += [way for title in titles for way in spelled(title)]
    parts += [way for name in people for way in name_spelled(name)]
    return "\n".join(dict.fromkeys(filter(None, parts)))


def index_works(works: SubmissionQuerySet) -> int:
    """Writes the text of those where it is another now, and gives their number; time stamps stay as they are."""
    people = Contributor.objects.filter(state=Contributor.State.CONFIRMED).select_related("cadre")
    versions = Version.objects.newest().defer("body", "reason", "summary")
    found = works.prefetch_related(Prefetch("contributors", people), Prefetch("versions", versions))
    changed = 0
    for work in found.order_by("pk").iterator(CHUNK):
        version = next(iter(work.versions.all()), None)
        text = search_text_of(work, version, (person.cadre.name for person in work.contributors.all()))
        if text != work.search_text:
            changed += Submission.objects.filter(pk=work.pk).update(search_text=text)
    return changed
