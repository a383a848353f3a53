"""Changing several dated rows of one person at once."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction

from organization.models import Cadre, PartyMembership, Posting, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed

Span = TypeVar("Span", Posting, PartyMembership)


def rewrite_spans(
    *,
    model: type[Span],
    cadre: Cadre,
    spans: Sequence[Span],
    deleted: Sequence[Span],
    actor: Cadre,
) -> None:
    """Stores new and changed rows of one person, removes deleted ones. Raises NotAllowed.

    The database refuses overlaps row by row, so rows that move against each other are taken out
    before they are put back; the day on which a row was made stays.
    """
    check_spans(cadre=cadre, spans=spans, deleted=deleted, actor=actor)
    touched = [span.pk for span in [*spans, *deleted] if span.pk is not None]
    with transaction.atomic():
        stored = model._default_manager.filter(pk__in=touched)
        made = dict(stored.values_list("pk", "created_at"))
        stored.delete()
        model._default_manager.bulk_create(spans)
        for span in spans:
            if span.pk in made:
                model._default_manager.filter(pk=span.pk).update(created_at=made[span.pk])


def check_spans(
    *,
    cadre: Cadre,
    spans: Sequence[Posting] | Sequence[PartyMembership],
    deleted: Sequence[Posting] | Sequence[PartyMembership],
    actor: Cadre,
) -> None:
    """Raises NotAllowed unless the actor's office may change these rows of the person.

    Every department that is left or entered must be in the office's scope; somebody who has no posting
    yet is anybody's to place.
    """
    if cadre.pk is not None and cadre.pk == actor.pk:
        raise NotAllowed("不能修改自己的任职和党小组，请由另一位同事修改。")
    scope = work_scope_of(actor)
    if not actor.has_role(Role.OFFICE) or not (scope.everybody or scope.departments):
        raise NotAllowed("只有在任的办公室人员能修改任职和党小组。")
    if scope.everybody:
        return
    placed = cadre.pk is not None and Posting.objects.filter(cadre=cadre).exists()
    if placed and not Cadre.objects.visible_to(actor).filter(pk=cadre.pk).exists():
        raise NotAllowed(f"{cadre} 不在本单位，请由所在单位的办公室修改。")
    postings = [span for span in [*spans, *deleted] if isinstance(span, Posting)]
    known = [posting.pk for posting in postings if posting.pk is not None]
    places = {posting.department_id for posting in postings if posting.department_id is not None}
    places |= set(Posting.objects.filter(pk__in=known).values_list("department_id", flat=True))
    if not places <= set(scope.departments):
        raise NotAllowed("任职涉及外单位的科室，请由上级组织的办公室修改。")
