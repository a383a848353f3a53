"""The buying list (选购清单): what was picked in the planner becomes chosen, and waits there until it comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from organization.models import Cadre
from reading.models import SubjectArea, Suggestion
from reading.services.authority import check_librarian
from reading.services.planner import Row
from reading.services.suggesting import decide, suggest
from reading.states import SuggestionAction


@dataclass(frozen=True)
class Picked:
    """`price` is that of one copy, None where nobody knows it yet."""

    row: Row
    copies: int
    price: Decimal | None

    @property
    def sum(self) -> Decimal:
        return self.copies * (self.price or Decimal(0))


@transaction.atomic
def choose(*, picked: Sequence[Picked], by: Cadre, now: datetime) -> list[Suggestion]:
    """列入选购: suggestions become chosen; what else was picked becomes a suggestion of the office first."""
    check_librarian(by)
    chosen = []
    for each in picked:
        row = each.row
        if row.suggestion_id:
            suggestion = Suggestion.objects.get(pk=row.suggestion_id)
        else:
            suggestion = suggest(
                by=by, title=row.title, isbn=row.isbn, author=row.author, publisher=row.publisher, now=now,
                area=SubjectArea.objects.filter(pk=row.area_id or 0).first(), reason="；".join(row.reasons),
                basis=row.basis, more=True,
            ).suggestion  # fmt: skip
        if suggestion.book_id is None and row.book_id is not None:
            Suggestion.objects.filter(pk=suggestion.pk).update(book=row.book_id)
        decide(
            suggestion=suggestion, action=SuggestionAction.CHOOSE, by=by, now=now, copies=each.copies, price=each.price
        )
        chosen.append(suggestion)
    return chosen


def buying_list() -> QuerySet[Suggestion]:
    """What is chosen and not yet in, the oldest first."""
    return Suggestion.objects.chosen().select_related("area", "book").order_by("suggested_at", "pk")
