"""Files that are handed out with an activity, a theme or a call."""

from datetime import datetime
from typing import Any, NamedTuple

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from activities.models import Activity, ActivityEvent, Call, Material, Theme
from activities.services.authority import check_keeps_materials
from activities.services.material_files import take_material
from activities.states import ActivityAction
from organization.models import Cadre
from organization.services.storing import claim, discard, let_go
from shuxiang.typography import shorten
from shuxiang.uploads import Refused

MOST = 50
TITLE_LENGTH = 100
# Of a title in the record of an activity, in Chinese characters.
NAMED = 60
FULL = f"最多 {MOST} 份材料，请先去掉不用的。"
Owner = Activity | Theme | Call


class Added(NamedTuple):
    """`is_new` is False where the same file was there before."""

    material: Material
    is_new: bool


def materials_of(owner: Owner) -> QuerySet[Material]:
    return Material.objects.filter(**column_of(owner))


def column_of(owner: Owner) -> dict[str, Owner]:
    return {owner._meta.model_name or "": owner}


def add_material(*, owner: Owner, upload: File, by: Cadre, now: datetime, title: str = "") -> Added:
    """Named by its file where there is no title. The same file sent twice is kept once.

    Raises NotAllowed, Refused; never within a transaction.
    """
    check_keeps_materials(by, owner)
    if materials_of(owner).count() >= MOST:
        raise Refused(FULL)
    kept = take_material(upload=upload, now=now)
    name = kept.stored.name
    try:
        with transaction.atomic():
            lock(owner)
            if materials_of(owner).count() >= MOST:
                raise Refused(FULL)
            made = Material.objects.create(
                title=title or title_from(kept.original_name), file=name, original_name=kept.original_name,
                format=kept.format, size=kept.stored.size, sha256=kept.stored.sha256, uploaded_by=by, created_at=now,
                **column_of(owner),
            )  # fmt: skip
            claim([name])
            record(owner, f"加上材料“{shorten(made.title, NAMED)}”", by, now)
    except IntegrityError:
        discard([name])
        before = materials_of(owner).filter(sha256=kept.stored.sha256).first()
        if before is None:
            raise
        return Added(before, False)
    except Refused:
        discard([name])
        raise
    return Added(made, True)


def lock(owner: Owner) -> None:
    """One after another adds to it. On SQLite every writing transaction waits anyway."""
    rows: QuerySet[Any] = type(owner)._default_manager.select_for_update(no_key=True)
    rows.get(pk=owner.pk)


def title_from(original_name: str) -> str:
    stem, dot, _ = original_name.rpartition(".")
    return (stem if dot and stem.strip() else original_name).strip()[:TITLE_LENGTH]


@transaction.atomic
def remove_material(*, material: Material, by: Cadre, now: datetime) -> bool:
    """For good; the record keeps its name. False where it is gone already. Raises NotAllowed."""
    owner = material.owner
    check_keeps_materials(by, owner)
    if not Material.objects.filter(pk=material.pk).delete()[0]:
        return False
    let_go([str(material.file)], now)
    record(owner, f"去掉材料“{shorten(material.title, NAMED)}”", by, now)
    return True


def record(owner: Owner, what: str, by: Cadre, now: datetime) -> None:
    """In the record of an activity; themes have none, and the one of a call is of its rules."""
    if isinstance(owner, Activity):
        state = Activity.objects.values_list("state", flat=True).get(pk=owner.pk)
        ActivityEvent.objects.create(
            activity=owner, action=ActivityAction.EDIT, from_state=state, to_state=state, actor=by, at=now, reason=what
        )
