"""Recommended books and the office's purchases: suggested by who recommends them, and a source of the buying list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery

from organization.models import Cadre
from organization.services.roles import NotAllowed
from reading.isbn import BadIsbn, normalise
from reading.models import Book, Suggestion
from reading.services.candidates import Candidate
from reading.services.suggesting import AlreadyHere, Suggested, suggest, suggested_before
from shuxiang.typography import MARKED, unquoted
from submissions.kinds import Kind
from submissions.models import Contributor, Submission, Version
from submissions.states import CAN_STILL_COUNT, IllegalTransition, State

# How far back the buying list looks for recommendations.
TWO_YEARS = timedelta(days=731)


@dataclass(frozen=True)
class Purchase:
    """What a recommendation's page says of buying its book: the one `here`, what was suggested, or that it may be."""

    here: Book | None
    suggestion: Suggestion | None
    may_suggest: bool


def suggest_book(*, submission: Submission, by: Cadre, now: datetime) -> Suggested:
    """Suggests the book of the recommendation for purchase, in its main author's name; asked again, the same.

    Raises NotAllowed, IllegalTransition or AlreadyHere.
    """
    if not Submission.objects.edited_by(by).filter(pk=submission.pk).exists():
        raise NotAllowed("只有作者本人和代为上报的人能用这件推荐荐购。")
    if submission.kind != Kind.RECOMMENDATION or submission.state not in CAN_STILL_COUNT:
        raise IllegalTransition(f"作品现在是“{State(submission.state).label}”，不能荐购。")
    version = newest_handed_in(submission)
    here = book_here(version)
    if here is not None:
        raise AlreadyHere(here)
    return suggest(
        by=submission.main_author,
        title=named(submission, version),
        isbn=isbn_of(version),
        author=version.author,
        publisher=version.publisher,
        reason=version.reason,
        basis=submission.reference,
        now=now,
    )


def purchase_of(submission: Submission, version: Version | None, is_editor: bool) -> Purchase | None:
    """Of a recommendation that was handed in; None of anything else."""
    if submission.kind != Kind.RECOMMENDATION or submission.state == State.DRAFT or version is None:
        return None
    here = book_here(version)
    suggestion = None if here is not None else suggested_before(isbn_of(version), submission.reference)
    may = is_editor and here is None and suggestion is None and submission.state in CAN_STILL_COUNT
    return Purchase(here, suggestion, may)


def newest_handed_in(submission: Submission) -> Version:
    return submission.versions.handed_in().select_related("book").latest("number")


def book_here(version: Version) -> Book | None:
    """The title of the catalogue that the version means, where the office has a copy of it."""
    isbn = isbn_of(version)
    found = version.book or (Book.objects.filter(isbn=isbn).first() if isbn else None)
    return found if found is not None and found.copies.in_stock().exists() else None


def isbn_of(version: Version) -> str:
    """As the catalogue stores it; what is none, as registers may bring it, counts for nothing."""
    if version.book is not None and version.book.isbn:
        return version.book.isbn
    try:
        return normalise(version.isbn)
    except BadIsbn:
        return ""


def named(submission: Submission, version: Version) -> str:
    """The book's name: what the form has, else what a register's title has in its marks, `荐读《论语》`."""
    marked = MARKED.search(submission.title)
    return unquoted(version.book_title.strip()) or (marked[1] if marked else submission.title)


def recommended_books(today: date) -> list[Candidate]:
    """For the buying list: approved recommendations of the last two years, but for those linked to a title that the
    office has. What it has by ISBN or title, the buying list leaves out itself. One query.
    """
    works = Submission.objects.counted().filter(kind=Kind.RECOMMENDATION, credit_date__gte=today - TWO_YEARS)
    main = Contributor.objects.filter(submission=OuterRef("submission"), position=0).values("cadre")
    linked = Book.objects.in_stock().filter(pk=OuterRef("book"))
    versions = Version.objects.newest().filter(~Exists(linked), submission__in=works)
    found = versions.select_related("submission", "book").annotate(main=Subquery(main))
    return [
        Candidate(
            title=named(version.submission, version),
            isbn=isbn_of(version),
            author=version.author,
            publisher=version.publisher,
            reason=f"好书推荐 {version.submission.reference}",
            people=frozenset({version.main} if version.main else ()),
            basis=version.submission.reference,
            since=version.submitted_at,
            book_id=version.book_id,
        )
        for version in found.defer("body", "reason", "summary").order_by("submission__credit_date", "submission_id")
    ]
