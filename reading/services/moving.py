"""Copies that get another home."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from reading.models import Copy, CopyEvent, Place
from reading.models.catalogue import CopyQuerySet
from reading.services.authority import check_librarian
from reading.services.copies import StaleCopy
from reading.states import CopyAction

CHUNK = 500
# So many barcodes stand in the auditor's line.
NAMED = 20


class ClosedPlace(ValueError):
    """Nothing comes to where nothing is kept any more; str() is a Chinese sentence."""


def hold_open(place: Place) -> None:
    """Inside a transaction: whoever closes the place waits, and then finds the copies in it. Raises ClosedPlace."""
    if Place.objects.select_for_update(no_key=True).filter(pk=place.pk, is_closed=False).first() is None:
        raise ClosedPlace(f"“{place.name}”已经停用，请另选一个地点。")


@transaction.atomic
def move_copies(*, copies: CopyQuerySet, to: Place, by: Cadre, now: datetime, reason: str = "") -> int:
    """How many of the stock are at home elsewhere now. Each leaves its event. Raises NotAllowed, ClosedPlace."""
    check_librarian(by)
    hold_open(to)
    stock = copies.in_stock().exclude(home=to).order_by("pk")
    moving = list(stock.select_for_update().values_list("pk", "home", "state"))
    for part in parts(moving):
        Copy.objects.filter(pk__in=[pk for pk, *_ in part]).update(home=to, changed_at=now)
        CopyEvent.objects.bulk_create(
            CopyEvent(
                copy_id=pk,
                action=CopyAction.MOVE,
                actor=by,
                at=now,
                from_state=state,
                to_state=state,
                reason=reason,
                from_place_id=home,
                to_place=to,
            )
            for pk, home, state in part
        )
    if moving:
        some = Copy.objects.filter(pk__in=[pk for pk, *_ in moving[:NAMED]]).order_by("pk")
        named = "、".join(some.values_list("barcode", flat=True)) + ("等" if len(moving) > NAMED else "")
        detail = f"移动 {len(moving)} 册：{named}"
        record_event(action=AccessAction.READING, actor=by, about=f"地点 {to.name}", detail=detail)
    return len(moving)


def move_copy(*, copy: Copy, to: Place, by: Cadre, now: datetime, reason: str = "") -> None:
    """One copy, where it is at home still as the person saw it. Raises NotAllowed, ClosedPlace, StaleCopy."""
    own = Copy.objects.filter(pk=copy.pk, home=copy.home_id)
    if move_copies(copies=own, to=to, by=by, now=now, reason=reason) != 1:
        raise StaleCopy(f"{copy.barcode} 刚被别人移动或办理过，请刷新后核对再办。")


def parts(rows: list[tuple[int, int, str]]) -> Iterable[list[tuple[int, int, str]]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
