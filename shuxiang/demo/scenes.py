"""Pictures of readings, drawn without any font or face: a room, its people as shapes, what is on the table."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from math import cos, radians, sin
from random import Random

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1200, 800
SMALL = (480, 320)
FINER = 2  # drawn larger and scaled down, for smooth edges
FLOOR, WOOD, PAPER, SCREEN = "#C9B79C", "#8B6B4A", "#F6EFDE", "#FBFAF5"
CLOTHES = ("#3E5C76", "#6B4E3D", "#3B6B5B", "#7A3B3F", "#4A4E69", "#8A6D3B", "#2E3A4B", "#5A6F54")
SKIN, HAIR = "#D9B08C", "#33291F"


@dataclass(frozen=True)
class Scene:
    """`seed` decides who wears what; the same scene is always the same picture."""

    view: str
    wall: str
    seed: int

    def jpegs(self) -> tuple[bytes, bytes]:
        """The picture, and a small one for lists."""
        picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), ImageColor.getrgb(self.wall))
        VIEWS[self.view](_Pen(ImageDraw.Draw(picture)), Random(self.seed))
        whole = picture.reduce(FINER)
        return _stored(whole), _stored(whole.resize(SMALL, Image.Resampling.LANCZOS))


def _stored(picture: Image.Image) -> bytes:
    stored = BytesIO()
    picture.save(stored, "JPEG", quality=84, optimize=True)
    return stored.getvalue()


class _Pen:
    """Draws in points of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw

    def box(self, left: float, top: float, right: float, bottom: float, colour: str, round_by: float = 0) -> None:
        corners = [left * FINER, top * FINER, right * FINER, bottom * FINER]
        self.draw.rounded_rectangle(corners, radius=round_by * FINER, fill=colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        corners = [(x - across) * FINER, (y - down) * FINER, (x + across) * FINER, (y + down) * FINER]
        self.draw.ellipse(corners, fill=colour)

    def area(self, points: list[tuple[float, float]], colour: str) -> None:
        self.draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour)


def _from_behind(pen: _Pen, x: float, y: float, size: float, random: Random) -> None:
    """Shoulders and the back of a head."""
    pen.oval(x, y + size * 2.1, size * 1.35, size * 1.3, random.choice(CLOTHES))
    pen.box(x - size * 0.3, y + size * 0.6, x + size * 0.3, y + size * 1.2, SKIN)
    pen.oval(x, y, size * 0.78, size * 0.95, HAIR)


def _facing(pen: _Pen, x: float, y: float, size: float, random: Random) -> None:
    pen.oval(x, y + size * 2.2, size * 1.35, size * 1.4, random.choice(CLOTHES))
    pen.box(x - size * 0.28, y + size * 0.5, x + size * 0.28, y + size * 1.2, SKIN)
    pen.oval(x, y - size * 0.12, size * 0.8, size * 0.95, HAIR)
    pen.oval(x, y + size * 0.18, size * 0.62, size * 0.72, SKIN)


def _open_book(pen: _Pen, x: float, y: float, size: float) -> None:
    for side in (-1, 1):
        pen.area([(x, y), (x + side * size, y - size * 0.22), (x + side * size, y + size * 0.4), (x, y + size * 0.6)],
                 PAPER)  # fmt: skip
    pen.area([(x - 2, y), (x + 2, y), (x + 2, y + size * 0.6), (x - 2, y + size * 0.6)], WOOD)


def _shelves(pen: _Pen, left: float, top: float, right: float, rows: int, random: Random) -> None:
    pen.box(left - 12, top - 12, right + 12, top + rows * 104, WOOD)
    for row in range(rows):
        base = top + row * 104 + 88
        pen.box(left, base - 88, right, base, "#5E452F")
        x = left + 6
        while x < right - 30:
            width, height = random.randint(12, 26), random.randint(58, 82)
            pen.box(x, base - height, x + width, base, random.choice(CLOTHES))
            pen.box(x + 3, base - height + 12, x + width - 3, base - height + 18, PAPER)
            x += width + random.choice((1, 1, 1, 9))


def _lecture(pen: _Pen, random: Random) -> None:
    """Rows of listeners before a screen, somebody at the lectern."""
    pen.box(0, 560, WIDTH, HEIGHT, FLOOR)
    pen.box(300, 70, 900, 400, "#6B5E49", 6)
    pen.box(312, 82, 888, 388, SCREEN)
    for place, width in enumerate((360, 470, 420, 300)):
        pen.box(350, 130 + place * 58, 350 + width, 150 + place * 58, "#C7BBA3", 4)
    _facing(pen, 1010, 300, 44, random)
    pen.area([(940, 400), (1080, 400), (1064, 600), (956, 600)], WOOD)
    for row in range(3):
        count, y, size = 6 + row, 520 + row * 92, 36 + row * 9
        for place in range(count):
            x = WIDTH * (place + 0.5) / count + random.randint(-12, 12) + row % 2 * 20
            _from_behind(pen, x, y, size, random)


def _round_table(pen: _Pen, random: Random) -> None:
    """People around a long table, an open book before each."""
    _shelves(pen, 60, 80, 1140, 3, random)
    pen.box(0, 520, WIDTH, HEIGHT, FLOOR)
    for x in range(170, 1100, 145):
        _facing(pen, x, 350 + random.randint(-8, 8), 44, random)
    pen.oval(600, 580, 520, 120, WOOD)
    pen.oval(600, 568, 520, 116, "#A98561")
    for x in range(200, 1060, 145):
        _open_book(pen, x, 545, 42)
    for x in range(250, 1000, 175):
        _from_behind(pen, x, 650, 56, random)


def _corner(pen: _Pen, random: Random) -> None:
    """One reads aloud by the window, some listen."""
    pen.box(90, 70, 560, 420, PAPER)
    pen.box(104, 84, 546, 406, "#BFD6DE")
    pen.oval(420, 170, 44, 44, "#F3E3B3")
    pen.area([(104, 406), (230, 270), (330, 360), (430, 300), (546, 406)], "#8FAE93")
    pen.box(318, 70, 332, 420, PAPER)
    _shelves(pen, 700, 90, 1130, 4, random)
    pen.box(0, 560, WIDTH, HEIGHT, FLOOR)
    pen.box(520, 400, 680, 640, WOOD, 16)
    _facing(pen, 600, 330, 56, random)
    pen.box(528, 520, 672, 620, "#4A4E69", 24)
    _open_book(pen, 600, 480, 60)
    for turn in range(200, 341, 28):
        _from_behind(pen, 600 + 470 * cos(radians(turn)), 590 - 110 * sin(radians(turn)), 54, random)


VIEWS: dict[str, Callable[[_Pen, Random], None]] = {"lecture": _lecture, "table": _round_table, "corner": _corner}
