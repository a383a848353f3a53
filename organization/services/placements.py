"""Changing several dated rows of one person at once."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction

from organization.models import PartyMembership, Posting

Span = TypeVar("Span", Posting, PartyMembership)


def rewrite_spans(
    *,
    model: type[Span],
    spans: Sequence[Span],
    deleted: Sequence[Span],
) -> None:
    """Stores new and changed rows, removes deleted ones.

    The database refuses overlaps row by row, so rows that move against each other are taken out
    before they are put back.
    """
    stored = [span.pk for span in [*spans, *deleted] if span.pk is not None]
    with transaction.atomic():
        model._default_manager.filter(pk__in=stored).delete()
        model._default_manager.bulk_create(spans)
