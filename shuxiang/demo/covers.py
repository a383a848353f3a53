"""Covers of thread-bound books, drawn without any font: cloth, stitches and an emblem."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from math import cos, radians, sin
from random import Random

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 500, 700
FINER = 2  # drawn larger and scaled down, for smooth edges
CREAM, THREAD, SEAL = "#F6EFDE", "#D9C9A3", "#A4282A"

Colour = tuple[int, ...]


@dataclass(frozen=True)
class Cover:
    emblem: str
    cloth: str

    def jpeg(self) -> bytes:
        cloth = ImageColor.getrgb(self.cloth)
        picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), cloth)
        pen = _Pen(ImageDraw.Draw(picture), cloth)
        _weave(pen)
        EMBLEMS[self.emblem](pen)
        _binding(pen)
        stored = BytesIO()
        picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(stored, "JPEG", quality=86, optimize=True)
        return stored.getvalue()


def tinted(colour: Colour, share: float) -> Colour:
    """The colour with that share of cream mixed in."""
    cream = ImageColor.getrgb(CREAM)
    return tuple(round(own + (other - own) * share) for own, other in zip(colour, cream, strict=True))


class _Pen:
    """Draws in points of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw, cloth: Colour) -> None:
        self.draw = draw
        self.cloth = cloth
        self.soft = tinted(cloth, 0.2)
        self.bright = tinted(cloth, 0.42)

    def line(self, points: list[tuple[float, float]], width: float, colour: Colour | str) -> None:
        scaled = [(x * FINER, y * FINER) for x, y in points]
        self.draw.line(scaled, fill=colour, width=max(1, round(width * FINER)), joint="curve")

    def area(self, points: list[tuple[float, float]], colour: Colour | str) -> None:
        self.draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour | str) -> None:
        self.draw.rectangle([left * FINER, top * FINER, right * FINER, bottom * FINER], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour | str) -> None:
        corners = [(x - radius) * FINER, (y - radius) * FINER, (x + radius) * FINER, (y + radius) * FINER]
        self.draw.ellipse(corners, fill=colour)


def _weave(pen: _Pen) -> None:
    colour = tinted(pen.cloth, 0.05)
    for y in range(0, HEIGHT, 4):
        pen.line([(0, y), (WIDTH, y)], 1, colour)


def _binding(pen: _Pen) -> None:
    """Thread along the right edge with four stitches, as in every book bound by hand."""
    pen.box(456, 0, WIDTH, HEIGHT, pen.cloth)
    pen.line([(456, 0), (456, HEIGHT)], 3, THREAD)
    for y in (84, 260, 440, 616):
        pen.line([(456, y), (WIDTH, y)], 3, THREAD)


def _wave(y: float, height: float, length: float, shift: float) -> list[tuple[float, float]]:
    return [(x, y + height * sin(radians((x + shift) * 360 / length))) for x in range(-10, 457, 3)]


def _stream(pen: _Pen) -> None:
    pen.disc(330, 210, 74, pen.bright)
    for row in range(9):
        pen.line(_wave(452 + row * 27, 7 + row, 120 + row * 14, row * 37), 3, pen.soft if row % 3 else pen.bright)


def _moon(pen: _Pen) -> None:
    """A branch in front of the moon."""
    pen.disc(300, 452, 130, pen.soft)
    pen.line([(140, 690), (206, 590), (258, 520), (322, 440), (404, 372)], 8, pen.bright)
    pen.line([(258, 520), (248, 440), (262, 372)], 5, pen.bright)
    pen.line([(322, 440), (392, 448), (436, 428)], 4, pen.bright)
    for x, y in ((404, 372), (262, 372), (248, 430), (436, 428), (350, 412), (372, 446), (290, 474)):
        for turn in range(0, 360, 72):
            pen.disc(x + 10 * cos(radians(turn)), y + 10 * sin(radians(turn)), 7.5, CREAM)
        pen.disc(x, y, 5, SEAL)


def _bamboo(pen: _Pen) -> None:
    for x, width, colour in ((236, 15, pen.soft), (318, 22, pen.bright), (392, 12, pen.soft)):
        for joint in range(0, HEIGHT + 118, 118):
            top = joint + (x % 50)
            pen.box(x - width / 2, top - 112, x + width / 2, top, colour)
            pen.box(x - width / 2 - 2, top + 1, x + width / 2 + 2, top + 3, colour)
    for x, y, side in ((330, 250, 1), (306, 420, -1), (398, 330, -1), (330, 560, 1), (242, 480, -1)):
        for turn, length in ((18, 92), (44, 104), (70, 84)):
            tip = (x + side * length * cos(radians(turn)), y + length * sin(radians(turn)))
            bend = (x + side * length * 0.5 * cos(radians(turn - 9)), y + length * 0.5 * sin(radians(turn - 9)))
            back = (x + side * length * 0.5 * cos(radians(turn + 5)), y + length * 0.5 * sin(radians(turn + 5)))
            pen.area([(x, y), bend, tip, back], pen.bright)


def _furrows(pen: _Pen) -> None:
    """A ploughed field running to the horizon, the sun above it."""
    pen.disc(330, 318, 52, pen.bright)
    pen.box(0, 408, 456, HEIGHT, pen.soft)
    for number in range(-9, 10):
        pen.line([(300 + number * 16, 408), (300 + number * 92, HEIGHT)], 4, pen.bright)
    pen.line([(0, 408), (456, 408)], 4, pen.bright)


def _snow(pen: _Pen) -> None:
    """The lake in snow: one dyke, one pavilion, one boat, and people like grains."""
    pen.area([(150, 470), (236, 410), (300, 448), (376, 386), (456, 440), (456, 470)], pen.soft)
    pen.box(0, 470, 456, HEIGHT, pen.bright)
    pen.line([(0, 470), (456, 470)], 3, CREAM)
    pen.line([(150, 540), (400, 526)], 5, pen.soft)
    pen.area([(300, 504), (326, 484), (352, 504)], CREAM)
    pen.box(310, 504, 342, 528, CREAM)
    pen.area([(180, 610), (252, 610), (238, 622), (194, 622)], CREAM)
    for x in (206, 216, 226):
        pen.disc(x, 605, 3, SEAL)
    random = Random(pen.cloth[0])
    for _ in range(64):
        pen.disc(random.randint(4, 448), random.randint(4, 462), random.choice((1.5, 2, 3)), CREAM)


EMBLEMS: dict[str, Callable[[_Pen], None]] = {
    "stream": _stream,
    "moon": _moon,
    "bamboo": _bamboo,
    "furrows": _furrows,
    "snow": _snow,
}
