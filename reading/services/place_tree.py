"""Rooms, corners and shelves as a tree, all of it in memory: an office has some dozens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count

from reading.models import Copy, Picture, Place
from reading.states import CopyState

# So many places stand one inside another: a building, a floor, a room, a bookcase, a shelf.
DEPTH = 5


@dataclass
class Spot:
    """One place in the tree. `titles` and `copies` are on its own shelves now, `inside` on those of all within it."""

    place: Place
    depth: int = 0
    titles: int = 0
    copies: int = 0
    inside: int = 0
    picture: Picture | None = None
    children: list["Spot"] = field(default_factory=list)

    def all(self) -> Iterator["Spot"]:
        waiting = [self]
        while waiting:
            spot = waiting.pop()
            yield spot
            waiting += reversed(spot.children)


class PlaceTree:
    """All places, read in one query. Should they ever stand in a circle, each is met once."""

    def __init__(self) -> None:
        self.places = {place.pk: place for place in Place.objects.select_related("keeper")}
        self.children: dict[int | None, list[Place]] = defaultdict(list)
        for place in self.places.values():
            self.children[place.parent_id].append(place)

    def levels(self, place_id: int) -> dict[int, int]:
        """The place, 1, and whatever is inside it, from the outermost inwards."""
        found = {place_id: 1}
        waiting = [place_id]
        for each in waiting:
            for child in self.children[each]:
                if child.pk not in found:
                    found[child.pk] = found[each] + 1
                    waiting.append(child.pk)
        return found

    def within(self, place_id: int) -> list[int]:
        """The place and whatever is inside it."""
        return list(self.levels(place_id))

    def above(self, place_id: int) -> list[Place]:
        """The places around it, the outermost first."""
        found: dict[int, Place] = {}
        parent = self.places[place_id].parent_id
        while parent is not None and parent not in found:
            found[parent] = self.places[parent]
            parent = found[parent].parent_id
        return list(reversed(found.values()))

    def path(self, place_id: int) -> str:
        return " › ".join(place.name for place in [*self.above(place_id), self.places[place_id]])

    def choices(self, *, closed_too: bool = False) -> list[tuple[int, str]]:
        """Places in use, or all, with their paths, in the order of the tree."""
        spots = (spot.place for spot in self.in_order() if closed_too or not spot.place.is_closed)
        return [(place.pk, self.path(place.pk)) for place in spots]

    def in_order(self) -> Iterator[Spot]:
        for top in self.spots(None, 0):
            yield from top.all()

    def spots(self, parent: int | None, depth: int) -> list[Spot]:
        tops = [Spot(place, depth) for place in self.children[parent]]
        met = {parent, *(spot.place.pk for spot in tops)}
        waiting = list(tops)
        for spot in waiting:
            inside = [place for place in self.children[spot.place.pk] if place.pk not in met]
            spot.children = [Spot(place, spot.depth + 1) for place in inside]
            met.update(place.pk for place in inside)
            waiting += spot.children
        return tops


def spots_shown(*, closed_too: bool) -> list[Spot]:
    """The outermost places with all inside them, their photographs and what stands on their shelves now."""
    tree = PlaceTree()
    tops = tree.spots(None, 0) if closed_too else in_use(tree.spots(None, 0))
    spots = {spot.place.pk: spot for top in tops for spot in top.all()}
    for home, titles, copies in on_the_shelves():
        if home in spots:
            spots[home].titles, spots[home].copies = titles, copies
    for picture in Picture.objects.filter(place__isnull=False):
        spot = spots.get(picture.place_id or 0)
        if spot is not None and spot.picture is None:
            spot.picture = picture
    for spot in spots.values():
        spot.inside = sum(each.copies for each in spot.all())
    return tops


def in_use(spots: list[Spot]) -> list[Spot]:
    kept = [spot for spot in spots if not spot.place.is_closed]
    waiting = list(kept)
    for spot in waiting:
        spot.children = [child for child in spot.children if not child.place.is_closed]
        waiting += spot.children
    return kept


def on_the_shelves() -> Iterable[tuple[int, int, int]]:
    """Each place with its titles and copies on the shelf now."""
    rows = Copy.objects.filter(state=CopyState.AVAILABLE).order_by().values("home")
    counted = rows.annotate(titles=Count("book", distinct=True), copies=Count("pk"))
    return counted.values_list("home", "titles", "copies")
