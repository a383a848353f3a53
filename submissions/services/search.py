"""What a search of the showcase looks at: one stored text per work, with pinyin and initials beside the Chinese.

The text may lag behind a renamed person until the night; who sees a work never depends on it.
"""

from collections.abc import Iterable

from django.db.models import Prefetch

from shuxiang.searches import text_of, words_of
from submissions.models import Contributor, Submission, Version
from submissions.models.submission import SubmissionQuerySet

CHUNK = 500


def found_by(works: SubmissionQuerySet, query: str) -> SubmissionQuerySet:
    """The works that hold every word of the query; none where it has no word at all."""
    words = words_of(query)
    if not words:
        return works.none()
    for word in words:
        works = works.filter(search_text__contains=word)
    return works


def search_text_of(work: Submission, version: Version | None, names: Iterable[str]) -> str:
    titles = [work.title]
    if version is not None:
        titles += [version.book_title, version.author]
    return text_of(titles, names, [version.source] if version else [])


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
