"""Rooms, corners and shelves as a tree, all of it in memory: an office has some dozens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count

from reading.models import Copy, Picture, Place
from reading.states import CopyState


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
        yield self
        for child in self.children:
            yield from child.all()


class PlaceTree:
    """All places, read in one query."""

    def __init__(self) -> None:
        self.places = {place.pk: place for place in Place.objects.select_related("keeper")}
        self.children: dict[int | None, list[Place]] = defaultdict(list)
        for place in self.places.values():
            self.children[place.parent_id].append(place)

    def within(self, place_id: int) -> list[int]:
        """The place and whatever is inside it."""
        found = [place_id]
        for each in found:
            found += [child.pk for child in self.children[each]]
        return found

    def above(self, place_id: int) -> list[Place]:
        """The places around it, the outermost first."""
        found: list[Place] = []
        parent = self.places[place_id].parent_id
        while parent is not None:
            found.insert(0, self.places[parent])
            parent = self.places[parent].parent_id
        return found

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
        return [Spot(place, depth, children=self.spots(place.pk, depth + 1)) for place in self.children[parent]]


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
    for spot in kept:
        spot.children = in_use(spot.children)
    return kept


def on_the_shelves() -> Iterable[tuple[int, int, int]]:
    """Each place with its titles and copies on the shelf now."""
    rows = Copy.objects.filter(state=CopyState.AVAILABLE).order_by().values("home")
    counted = rows.annotate(titles=Count("book", distinct=True), copies=Count("pk"))
    return counted.values_list("home", "titles", "copies")
