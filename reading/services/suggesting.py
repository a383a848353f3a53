"""Books that people would have the office buy, and what becomes of it. Nothing here earns anything.

States move by compare-and-set and each decision leaves an event in the same transaction. Raises NotAllowed,
IllegalStep, Stale or ValueError, whose str() are Chinese sentences.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.services import Letter, send_letters
from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from reading.models import Book, SubjectArea, Suggestion, SuggestionEvent, Vote
from reading.services.authority import check_librarian
from reading.states import SUGGESTION_TRANSITIONS, SuggestionAction, SuggestionState
from shuxiang.rows import update_rows
from shuxiang.typography import quoted

WHAT = "荐购"
# So many titles stand in the auditor's line.
NAMED = 20
NEEDS_REASON = frozenset({SuggestionAction.DECLINE})
TOLD = {
    SuggestionAction.CHOOSE: "已列入选购",
    SuggestionAction.DECLINE: "这次不采购",
    SuggestionAction.REOPEN: "重新考虑",
    SuggestionAction.BUY: "已入藏，可以借阅",
}


class AlreadyHere(ValueError):
    """The office has the book; str() is a Chinese sentence."""

    def __init__(self, book: Book) -> None:
        super().__init__(f"馆里已有{book.quoted}，可以直接借阅或预约。")
        self.book = book


class Suggested(NamedTuple):
    """`is_new` is False where it was suggested before: it got the person's vote instead."""

    suggestion: Suggestion
    is_new: bool


def suggest(
    *,
    by: Cadre,
    title: str,
    now: datetime,
    isbn: str = "",
    author: str = "",
    publisher: str = "",
    area: SubjectArea | None = None,
    reason: str = "",
    basis: str = "",
    more: bool = False,
    token: UUID | None = None,
) -> Suggested:
    """`isbn` as the catalogue stores it. Once per basis and once per wanted ISBN: whoever comes later votes for the
    first. The same form sent twice, known by its `token`, makes one. Raises AlreadyHere where the book is in stock,
    unless `more` copies are wanted."""
    sent = Suggestion.objects.filter(suggested_by=by, token=token)
    if token is not None and (before := sent.first()) is not None:
        return Suggested(before, False)
    known = Book.objects.filter(isbn=isbn).first() if isbn else None
    if known is not None and not more and known.copies.in_stock().exists():
        raise AlreadyHere(known)
    try:
        with transaction.atomic():
            before = suggested_before(isbn, basis)
            if before is not None:
                return joined(before, by, now)
            known_area = known.area if known is not None else None
            made = Suggestion.objects.create(
                isbn=isbn, title=title, author=author, publisher=publisher, area=area or known_area, reason=reason,
                basis=basis, suggested_by=by, suggested_at=now, book=known, token=token,
            )  # fmt: skip
            record(made, SuggestionAction.SUGGEST, "", SuggestionState.OPEN, by, now)
            return Suggested(made, True)
    except IntegrityError:  # somebody suggested the same book, or the form was sent twice, at this moment
        before = suggested_before(isbn, basis) or (sent.first() if token is not None else None)
        if before is None:
            raise
        return joined(before, by, now)


def suggested_before(isbn: str, basis: str) -> Suggestion | None:
    same = Suggestion.objects.filter(basis=basis).first() if basis else None
    if same is None and isbn:
        same = Suggestion.objects.wanted().filter(isbn=isbn).first()
    return same


def joined(suggestion: Suggestion, by: Cadre, now: datetime) -> Suggested:
    if is_wanted(suggestion) and suggestion.suggested_by_id != by.pk:
        vote(suggestion=suggestion, by=by, now=now)
    return Suggested(suggestion, False)


def is_wanted(suggestion: Suggestion) -> bool:
    return suggestion.state in (SuggestionState.OPEN, SuggestionState.CHOSEN)


def vote(*, suggestion: Suggestion, by: Cadre, now: datetime) -> None:
    """我也想看; twice is once."""
    if suggestion.suggested_by_id == by.pk:
        raise NotAllowed("自己荐购的书已经算您想看，不用再表示。")
    if not is_wanted(suggestion):
        raise IllegalStep(WHAT, suggestion.get_state_display(), "表示想看")
    Vote.objects.bulk_create([Vote(suggestion=suggestion, cadre=by, created_at=now)], ignore_conflicts=True)


def unvote(*, suggestion: Suggestion, by: Cadre) -> None:
    Vote.objects.filter(suggestion=suggestion, cadre=by).delete()


def edit_suggestion(
    *,
    suggestion: Suggestion,
    by: Cadre,
    isbn: str,
    title: str,
    author: str,
    publisher: str,
    area: SubjectArea | None,
    reason: str,
    now: datetime,
) -> None:
    """One's own, as long as nobody decided; from the state of the row that was opened."""
    if suggestion.suggested_by_id != by.pk:
        raise NotAllowed("只有荐购人本人能修改。")
    taken = Suggestion.objects.wanted().filter(isbn=isbn).exclude(pk=suggestion.pk)
    if isbn and taken.exists():
        raise ValueError("已有人荐购这个 ISBN 的书，请到那一条上表示想看。")
    known = Book.objects.filter(isbn=isbn).first() if isbn else None
    same = Suggestion.objects.filter(
        pk=suggestion.pk, state=SuggestionState.OPEN, changed_at=suggestion.changed_at, suggested_by=by
    )
    try:
        with transaction.atomic():
            changed = same.update(
                isbn=isbn, title=title, author=author, publisher=publisher, area=area, reason=reason, book=known,
                changed_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise ValueError("已有人荐购这个 ISBN 的书，请到那一条上表示想看。") from error
    if changed != 1:
        raise Stale(WHAT)


def decide(
    *,
    suggestion: Suggestion,
    action: SuggestionAction,
    by: Cadre,
    now: datetime,
    reason: str = "",
    book: Book | None = None,
    copies: int | None = None,
    price: Decimal | None = None,
) -> SuggestionEvent:
    """The librarians' word on a suggestion in the state in which they saw it; `book` is what was bought, `copies` and
    `price` belong to the buying list."""
    check_librarian(by)
    before = SuggestionState(suggestion.state)
    after = SUGGESTION_TRANSITIONS.get((before, action))
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    reason = reason.strip()
    if action in NEEDS_REASON and not reason:
        raise ValueError("不采购要写明原因，荐购人会看到。")
    columns: dict[str, object] = {"state": after, "reply": reason, "changed_at": now}
    if action == SuggestionAction.BUY:
        bought = book or suggestion.book
        if bought is None:
            raise ValueError("目录里还没有这本书，请先登记馆藏，或填写目录里的 ISBN、索书号或条码。")
        columns["book"] = bought
    if action == SuggestionAction.CHOOSE:
        columns |= {"copies": copies or suggestion.copies, "price": price if price is not None else suggestion.price}
    with transaction.atomic():
        move(suggestion, before, columns)
        event = record(suggestion, action, before, after, by, now, reason)
        detail = "：".join(filter(None, (action.label, reason)))
        record_event(action=AccessAction.READING, actor=by, about=f"荐购 {suggestion}", detail=detail)
        tell([suggestion], action, by, now, reason)
    return event


def settle_suggestions(books: Iterable[Book], *, by: Cadre | None, now: datetime) -> int:
    """What was wanted and came in, by the counter or by a register, is bought; gives the number of suggestions.

    Inside the transaction that brings the copies in; `by` is None for a command.
    """
    came = list(books)
    by_isbn = {book.isbn: book for book in came if book.isbn}
    by_key = {book.pk: book for book in came}

    def brought(book: int | None, isbn: str) -> Book | None:
        return by_key.get(book or 0) or by_isbn.get(isbn)

    rows = Suggestion.objects.wanted().values_list("pk", "book_id", "isbn")
    met = [pk for pk, book, isbn in rows if brought(book, isbn)]
    if not met:
        return 0
    same = Suggestion.objects.wanted().filter(pk__in=met).select_related("suggested_by").order_by("pk")
    settled = list(same.select_for_update(of=("self",)))
    events = []
    for suggestion in settled:
        before, after = suggestion.state, SuggestionState.BOUGHT
        suggestion.book = brought(suggestion.book_id, suggestion.isbn)
        suggestion.state, suggestion.changed_at = after, now
        event = {"from_state": before, "to_state": after, "actor": by, "at": now}
        events.append(SuggestionEvent(suggestion=suggestion, action=SuggestionAction.BUY, **event))
    update_rows(settled, ["state", "book", "changed_at"])
    SuggestionEvent.objects.bulk_create(events)
    detail = f"随馆藏入藏：{'、'.join(each.title for each in settled[:NAMED])}"
    record_event(action=AccessAction.READING, actor=by, about=f"荐购 {len(settled)} 条", detail=detail)
    tell(settled, SuggestionAction.BUY, by, now)
    return len(settled)


def move(suggestion: Suggestion, before: SuggestionState, columns: dict[str, object]) -> None:
    same = Suggestion.objects.filter(pk=suggestion.pk, state=before)
    if same.update(**columns) != 1:
        raise Stale(WHAT)
    for name, value in columns.items():
        setattr(suggestion, name, value)


def record(
    suggestion: Suggestion,
    action: SuggestionAction,
    before: str,
    after: str,
    by: Cadre | None,
    now: datetime,
    reason: str = "",
) -> SuggestionEvent:
    return SuggestionEvent.objects.create(
        suggestion=suggestion, action=action, from_state=before, to_state=after, actor=by, at=now, reason=reason
    )


def tell(
    suggestions: Sequence[Suggestion], action: SuggestionAction, by: Cadre | None, now: datetime, reason: str = ""
) -> None:
    """Who suggested them and who would read them too, but not who decided."""
    people = {suggestion.pk: [suggestion.suggested_by] for suggestion in suggestions}
    for vote in Vote.objects.filter(suggestion__in=people).select_related("cadre"):
        people[vote.suggestion_id].append(vote.cadre)
    letters = [
        Letter(
            recipients=[person for person in people[suggestion.pk] if by is None or person.pk != by.pk],
            subject=f"荐购的{quoted(suggestion.title)}{TOLD[action]}",
            body=reason,
            address=reverse("suggestion", args=[suggestion.pk]),
        )
        for suggestion in suggestions
    ]
    send_letters(letters, now=now)
