"""Places as registers and records name them: by code, name or path; those named for the first time are made."""

import unicodedata
from difflib import get_close_matches

from reading.kinds import PlaceKind
from reading.models import Place
from reading.services.place_tree import DEPTH
from shuxiang.workbooks.importing import Named
from shuxiang.workbooks.values import clean_text, shown

Path = tuple[str, ...]

FIRST_ROOM = "阅览室"
NAME_LENGTH = 50
# Should places ever stand in a circle.
DEEPEST = 20
COMPARED = 200
SHELVES = ("架", "柜", "层", "排")


class NoPlace(ValueError):
    """str() is a Chinese reason without a full stop."""


def plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Shelving:
    """The places there are, and those that rows name for the first time, which `store` makes."""

    def __init__(self) -> None:
        self.places = {place.pk: place for place in Place.objects.all()}
        self.paths: dict[Path, Place] = {self.path_of(place): place for place in self.places.values()}
        self.depths = {place.code: len(path) for path, place in self.paths.items()}
        self.codes = {plain(place.code): place for place in self.places.values()}
        self.ends: dict[Path, list[Place]] = {}
        for path, place in self.paths.items():
            self.note(path, place)
        self.found: dict[str, Place] = {}
        self.new: list[Place] = []
        self.created: list[Named] = []

    def path_of(self, place: Place) -> Path:
        names: list[str] = []
        current: Place | None = place
        while current is not None and len(names) < DEEPEST:
            names.append(plain(current.name))
            current = self.places.get(current.parent_id or 0)
        return tuple(reversed(names))

    def told(self, place: Place) -> str:
        """`阅览室/A架`, also of a place that is not stored yet."""
        names: list[str] = []
        current: Place | None = place
        while current is not None and len(names) < DEEPEST:
            names.insert(0, current.name)
            current = current.parent if current.pk is None else self.places.get(current.parent_id or 0)
        return "/".join(names)

    def note(self, path: Path, place: Place) -> None:
        """Under every end of its path."""
        for start in range(len(path)):
            self.ends.setdefault(path[start:], []).append(place)

    def place_of(self, text: str) -> Place:
        """Raises NoPlace. An empty text is the only place there is, or the first room of a new portal."""
        if text not in self.found:
            self.found[text] = self.look_up(text) if text else self.only()
        return self.found[text]

    def known_place(self, text: str) -> Place | None:
        """Without making one. Raises NoPlace."""
        path = tuple(map(plain, filter(None, text.replace("／", "/").split("/"))))
        known = text in self.found or path in self.ends or (len(path) == 1 and path[0] in self.codes)
        return self.place_of(text) if known else None

    def only(self) -> Place:
        open_ones = [place for place in [*self.places.values(), *self.new] if not place.is_closed]
        if len(open_ones) > 1:
            names = "、".join(place.name for place in open_ones[:10])
            raise NoPlace(f"为空，而地点不止一个（{names}），请填写放在哪里")
        return open_ones[0] if open_ones else self.look_up(FIRST_ROOM)

    def look_up(self, text: str) -> Place:
        names = [clean_text(name) for name in unicodedata.normalize("NFKC", text).replace(">", "/").split("/")]
        names = [name for name in names if name]
        if not names or len(names) > DEPTH or any(len(name) > NAME_LENGTH for name in names):
            raise NoPlace(f"“{shown(text)}”不能作地点，请写成“阅览室/A架”的形式，每级最多 {NAME_LENGTH} 个字")
        path = tuple(map(plain, names))
        known = [self.paths[path]] if path in self.paths else self.ends.get(path, [])
        if len(names) == 1 and path[0] in self.codes:
            known = [self.codes[path[0]]]
        if len(known) > 1:
            raise NoPlace(f"“{shown(text)}”有 {len(known)} 处，请写全（如“阅览室/A架”）或写地点编号")
        if not known:
            return self.make(names)
        if known[0].is_closed:
            raise NoPlace(f"“{shown(text)}”已停用，请另选，或先在工作台的“地点”里启用")
        return known[0]

    def make(self, names: list[str]) -> Place:
        parent: Place | None = None
        for depth in range(1, len(names) + 1):
            path = tuple(map(plain, names[:depth]))
            place = self.paths.get(path)
            if place is None and depth == 1 and len(self.ends.get(path, ())) == 1:
                place = self.ends[path][0]
            if place is None:
                around = self.depths[parent.code] if parent is not None else 0
                if around + len(names) - depth + 1 > DEPTH:
                    told = shown("/".join(names))
                    raise NoPlace(f"“{told}”会使地点一层套一层超过 {DEPTH} 层，请改放在外层的地点")
                place = Place(code=self.free_code(), name=names[depth - 1], kind=kind_of(names[depth - 1], parent))
                place.parent = parent
                self.created.append(Named("/".join(names[:depth]), self.near(names[depth - 1])))
                self.new.append(place)
                self.codes[plain(place.code)] = self.paths[path] = place
                self.depths[place.code] = around + 1
                self.note(path, place)
            parent = place
        assert parent is not None
        return parent

    def near(self, name: str) -> str:
        """A name that it may have been meant to be; only among the first, as comparing costs the square of them."""
        if len(self.new) > COMPARED:
            return ""
        existing = [place.name for place in [*self.places.values(), *self.new]][:COMPARED]
        return next(iter(get_close_matches(name, existing, n=1, cutoff=0.6)), "")

    def free_code(self) -> str:
        number = len(self.codes) + 1
        while plain(f"D{number:03}") in self.codes:
            number += 1
        return f"D{number:03}"

    def store(self) -> None:
        """Makes the new places, parents first; inside the caller's transaction."""
        for place in self.new:
            place.parent_id = place.parent.pk if place.parent is not None else None
            place.save(force_insert=True)
            self.places[place.pk] = place
        self.new = []


def kind_of(name: str, parent: Place | None) -> str:
    if name.endswith(SHELVES) or (parent is not None and "角" not in name):
        return PlaceKind.SHELF
    return PlaceKind.CORNER if "角" in name else PlaceKind.ROOM


def place_paths() -> dict[int, str]:
    """`阅览室/A架` by the place's id."""
    places = {place.pk: place for place in Place.objects.all()}
    found = {}
    for place in places.values():
        names, current = [place.name], places.get(place.parent_id or 0)
        while current is not None and len(names) < DEEPEST:
            names.append(current.name)
            current = places.get(current.parent_id or 0)
        found[place.pk] = "/".join(reversed(names))
    return found
