"""The one way in which a copy's state changes: a row of the state table, by compare-and-set, with its event.

Who may do it is for the calling service to check.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from reading.models import Copy, CopyEvent, Place
from reading.states import COPY_TRANSITIONS, IN_STOCK, CopyAction, CopyState
from shuxiang.periods import shanghai_date, written

# Loans and holds tell these, and know who; an event would keep the name for ever.
TOLD_ELSEWHERE = {CopyAction.LEND, CopyAction.RETURN, CopyAction.SET_ASIDE, CopyAction.RELEASE}
# What the auditor is told of public property. With whom a lost copy was, no reason may tell for ever.
AUDITED = {CopyAction.LOSE, CopyAction.FIND, CopyAction.WITHDRAW, CopyAction.RESTORE}


class StaleCopy(Exception):
    """The copy is no longer as the person saw it, or never allowed this; str() is a Chinese sentence."""


@transaction.atomic
def change_state(
    *, copy: Copy, action: CopyAction, by: Cadre | None, now: datetime, reason: str = "", **columns: Any
) -> CopyState:
    """The state after. `columns` are stored with it; `left_on` follows from the state. Raises StaleCopy."""
    before = CopyState(copy.state)
    after = COPY_TRANSITIONS.get((before, action))
    if after is None:
        raise StaleCopy(f"{copy.barcode} 现在是“{before.label}”，不能办理“{action.label}”。")
    columns |= {"state": after, "changed_at": now}
    seen = Copy.objects.filter(pk=copy.pk, state=before)
    if after in IN_STOCK:
        columns["left_on"] = None
    else:
        columns["left_on"] = left = copy.left_on or shanghai_date(now)
        if left < copy.acquired_on:
            raise StaleCopy(
                f"{copy.barcode} 的入藏日期是 {written(copy.acquired_on)}，在今天之后，不能办理“{action.label}”；"
                "请先更正入藏日期。"
            )
        seen = seen.filter(acquired_on__lte=left)
    if seen.update(**columns) != 1:
        raise StaleCopy(f"{copy.barcode} 刚被别人办理过，请刷新后核对再办。")
    if action not in TOLD_ELSEWHERE:
        record(copy=copy, action=action, by=by, now=now, before=before, after=after, reason=reason)
    if action in AUDITED:
        said = "" if before == CopyState.ON_LOAN else reason.strip()
        detail = "：".join(filter(None, (action.label, said)))
        record_event(action=AccessAction.READING, actor=by, about=str(copy), detail=detail)
    for name, value in columns.items():
        setattr(copy, name, value)
    return after


def record(
    *,
    copy: Copy,
    action: CopyAction,
    by: Cadre | None,
    now: datetime,
    after: str,
    before: str = "",
    reason: str = "",
    from_place: Place | None = None,
    to_place: Place | None = None,
) -> CopyEvent:
    return CopyEvent.objects.create(
        copy=copy,
        action=action,
        actor=by,
        at=now,
        from_state=before,
        to_state=after,
        reason=reason.strip(),
        from_place=from_place,
        to_place=to_place,
    )
