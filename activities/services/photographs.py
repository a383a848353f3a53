"""Photographs of an activity, and of its sign-in sheets: for who runs it."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Max

from activities.kinds import PhotographKind
from activities.models import Activity, ActivityEvent, Photograph
from activities.services.authority import check_runs
from activities.states import ActivityAction
from organization.models import Cadre
from organization.services.lives import Stale
from organization.services.pictures import take_picture
from organization.services.storing import claim, discard, let_go
from shuxiang.rows import update_rows
from shuxiang.uploads import Refused

MOST = 100
# Pixels of the longer side where many are shown: sharp on a phone in one column, 12 MB for a hundred at most.
SMALL = 480
FULL = f"一次活动最多 {MOST} 张照片，请先去掉不用的。"
WHAT = "活动的照片"


class Added(NamedTuple):
    """`is_new` is False where the same picture was there before."""

    photograph: Photograph
    is_new: bool


class Line(NamedTuple):
    """Where a photograph stands and what is written under it."""

    position: int
    caption: str


def add_photograph(
    *, activity: Activity, upload: File, kind: PhotographKind, by: Cadre, now: datetime, caption: str = ""
) -> Added:
    """The last of them. The same picture sent twice is kept once. Raises NotAllowed, Refused; never within a
    transaction."""
    check_runs(by, activity)
    if activity.photographs.count() >= MOST:
        raise Refused(FULL)
    drawn = take_picture(upload=upload, now=now, small=SMALL)
    assert drawn.small is not None
    names = [drawn.file, drawn.small.name]
    try:
        with transaction.atomic():
            Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)  # one after another
            found = activity.photographs.aggregate(last=Max("position"))
            if activity.photographs.count() >= MOST:
                raise Refused(FULL)
            made = Photograph.objects.create(
                activity=activity, kind=kind, caption=caption, position=(found["last"] or 0) + 1, file=drawn.file,
                original_name=drawn.original_name, size=drawn.size, sha256=drawn.sha256, width=drawn.width,
                height=drawn.height, thumbnail=drawn.small.name, thumbnail_size=drawn.small.size,
                thumbnail_sha256=drawn.small.sha256, uploaded_by=by, created_at=now,
            )  # fmt: skip
            claim(names)
    except IntegrityError:
        discard(names)
        before = activity.photographs.filter(sha256=drawn.sha256).first()
        if before is None:
            raise
        return Added(before, False)
    except Refused:
        discard(names)
        raise
    return Added(made, True)


def arrangement(photographs: Iterable[Photograph]) -> str:
    """What a page shows of them, as a stamp: whoever arranges anything else has not seen what is there now."""
    lines = sorted((each.pk, each.position, each.caption) for each in photographs)
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def arrange(*, activity: Activity, seen: str, lines: Mapping[int, Line], by: Cadre, now: datetime) -> int:
    """Captions and order, of all or some; gives how many changed. `seen` is the arrangement that the page showed.

    Raises NotAllowed, Stale.
    """
    check_runs(by, activity)
    with transaction.atomic():
        Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
        rows = list(activity.photographs.all())
        if arrangement(rows) != seen:
            raise Stale(WHAT)
        wanted = {row.pk: lines.get(row.pk, Line(row.position, row.caption)) for row in rows}
        order = sorted(rows, key=lambda row: (wanted[row.pk].position, row.position, row.pk))
        changed = []
        for position, row in enumerate(order, start=1):
            caption = wanted[row.pk].caption
            if (row.position, row.caption) != (position, caption):
                row.position, row.caption = position, caption
                changed.append(row)
        update_rows(changed, ["position", "caption"])
    return len(changed)


@transaction.atomic
def remove_photograph(*, photograph: Photograph, by: Cadre, now: datetime) -> bool:
    """For good; the record says that one was removed. False where it is gone already. Raises NotAllowed."""
    activity = photograph.activity
    check_runs(by, activity)
    if not Photograph.objects.filter(pk=photograph.pk).delete()[0]:
        return False
    let_go(filter(None, [str(photograph.file), str(photograph.thumbnail)]), now)
    label = PhotographKind(photograph.kind).label
    caption = f"“{photograph.caption}”" if photograph.caption else ""
    ActivityEvent.objects.create(
        activity=activity, action=ActivityAction.EDIT, from_state=activity.state, to_state=activity.state,
        actor=by, at=now, reason=f"去掉{label}{caption}",
    )  # fmt: skip
    return True
