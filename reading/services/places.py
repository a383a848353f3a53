"""Rooms, corners and shelves: opened, described, closed, emptied."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from django.db import connection, transaction

from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from reading.models import Copy, Furniture, Place, Stocktake
from reading.services.authority import check_librarian
from reading.services.moving import move_copies
from reading.services.place_tree import DEPTH, PlaceTree

PLACES_LOCK = 7_420_260_011


class StalePlace(Exception):
    """Somebody else changed the place meanwhile; str() is a Chinese sentence."""


class WrongPlace(ValueError):
    """What was entered cannot be so; `field` names the form's field, str() says in Chinese what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class PlaceFacts:
    code: str
    name: str
    kind: str
    parent: Place | None = None
    location: str = ""
    keeper: Cadre | None = None
    opening_hours: str = ""
    description: str = ""
    position: int = 0
    is_closed: bool = False

    @classmethod
    def of(cls, place: Place) -> Self:
        return cls(**{name: getattr(place, name) for name in cls.__dataclass_fields__})

    def columns(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Piece:
    """One row of furniture."""

    name: str
    quantity: int = 1
    note: str = ""


def lock_places() -> None:
    """Inside a transaction: the tree changes one by one. On SQLite every writing transaction waits anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLACES_LOCK])


@transaction.atomic
def add_place(*, facts: PlaceFacts, pieces: Sequence[Piece] = (), by: Cadre) -> Place:
    """Raises NotAllowed, WrongPlace."""
    check_librarian(by)
    lock_places()
    check_facts(facts, None)
    place = Place.objects.create(**facts.columns())
    furnish(place, pieces)
    return place


@transaction.atomic
def change_place(
    *,
    place: Place,
    seen: datetime,
    facts: PlaceFacts,
    pieces: Sequence[Piece] | None = None,
    by: Cadre,
    now: datetime,
) -> None:
    """`seen` is the place's `changed_at` on the page that was filled in; without `pieces` its furniture stays.

    Raises NotAllowed, WrongPlace, StalePlace."""
    check_librarian(by)
    lock_places()
    check_facts(facts, place)
    was_closed = Place.objects.filter(pk=place.pk, is_closed=True).exists()
    if Place.objects.filter(pk=place.pk, changed_at=seen).update(**facts.columns(), changed_at=now) != 1:
        raise StalePlace("这个地点刚被别人修改过。下面是您填写的，请对照现在的内容改好再保存。")
    if facts.is_closed:
        check_empty(place)
    if facts.is_closed != was_closed:
        record_closing(facts, by)
    if pieces is not None:
        place.furniture.all().delete()
        furnish(place, pieces)


def record_closing(place: PlaceFacts | Place, by: Cadre) -> None:
    about, detail = f"地点 {place.code} {place.name}", "停用" if place.is_closed else "启用"
    record_event(action=AccessAction.READING, actor=by, about=about, detail=detail)


def furnish(place: Place, pieces: Sequence[Piece]) -> None:
    Furniture.objects.bulk_create(Furniture(place=place, **asdict(piece)) for piece in pieces)


def check_facts(facts: PlaceFacts, place: Place | None) -> None:
    same = Place.objects.filter(code=facts.code).first()
    if same is not None and same != place:
        raise WrongPlace("code", "已有相同编号的地点，请换一个编号。")
    if facts.parent is None:
        return
    check_depth(PlaceTree(), facts.parent.pk, place)
    if not facts.is_closed and Place.objects.filter(pk=facts.parent.pk, is_closed=True).exists():
        raise WrongPlace("parent", f"“{facts.parent.name}”已经停用，请另选一个地点。")


def check_depth(tree: PlaceTree, parent: int, place: Place | None) -> None:
    """Where a place stands already it may stay, however deep that is."""
    around = [*(each.pk for each in tree.above(parent)), parent]
    if place is not None and place.pk in around:
        raise WrongPlace("parent", "一个地点不能放在它自己或它里面的地点之内，请另选。")
    if place is not None and tree.places[place.pk].parent_id == parent:
        return
    levels = 1 if place is None else max(tree.levels(place.pk).values())
    if len(around) + levels > DEPTH:
        raise WrongPlace(
            "parent", f"地点一层套一层最多 {DEPTH} 层，放在“{tree.places[parent].name}”里就超过了，请另选。"
        )


def check_empty(place: Place) -> None:
    """Inside the transaction that closes it."""
    copies = Copy.objects.in_stock().filter(home=place).count()
    if copies:
        raise WrongPlace("is_closed", f"这里还有 {copies} 册馆藏，请先把它们移到别的地点，再停用。")
    inside = Place.objects.in_use().filter(parent=place).count()
    if inside:
        raise WrongPlace("is_closed", f"这里面还有 {inside} 个在用的地点，请先停用它们，或改到别处。")
    if Stocktake.objects.open().filter(place=place).exists():
        raise WrongPlace("is_closed", "这里的盘点还没有结束，请先完成盘点，再停用。")


@transaction.atomic
def empty_place(*, place: Place, to: Place, by: Cadre, now: datetime, reason: str = "") -> int:
    """Moves all copies of the stock to another place, and gives their number.

    Raises NotAllowed, ClosedPlace, WrongPlace.
    """
    if place.pk == to.pk:
        raise WrongPlace("to", "目的地就是这里，请另选一个地点。")
    own = Copy.objects.in_stock().filter(home=place)
    return move_copies(copies=own, to=to, by=by, now=now, reason=reason)
