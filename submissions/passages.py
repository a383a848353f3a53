"""Passages that two texts share, by fingerprints of their k-grams (winnowing: Schleimer, Wilkerson, Aiken 2003).

Only letters, digits and Han characters are compared, in lower case: other punctuation, blanks and line breaks hide
nothing. Two texts that share LONG such characters in a row share a fingerprint, wherever the passage stands.
"""

import unicodedata
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

GRAM, WINDOW = 12, 13
LONG = GRAM + WINDOW - 1
# Of one k-gram that a text repeats, so many places are looked at; and of all texts so many characters per character.
PLACES, EFFORT = 12, 20
MODULUS, BASE = (1 << 61) - 1, 1_000_003


@dataclass(frozen=True)
class Text:
    """`places` says where in `original` each of the compared characters stands."""

    original: str
    letters: str
    places: Sequence[int]

    @classmethod
    def of(cls, original: str) -> "Text":
        letters, places = [], []
        for place, character in enumerate(original):
            for each in unicodedata.normalize("NFKC", character).casefold():
                if each.isalnum():
                    letters.append(each)
                    places.append(place)
        return cls(original, "".join(letters), places)


@dataclass(frozen=True)
class Piece:
    text: str
    is_shared: bool


def fingerprints(letters: str) -> set[int]:
    """The least hash of every WINDOW k-grams in a row; of a short text the least of what there is."""
    hashes = gram_hashes(letters)
    if len(hashes) <= WINDOW:
        return {min(hashes)} if hashes else set()
    chosen: set[int] = set()
    least: deque[int] = deque()  # places of hashes that can still be the least, their hashes rising
    for place, value in enumerate(hashes):
        while least and hashes[least[-1]] >= value:
            least.pop()
        least.append(place)
        if least[0] <= place - WINDOW:
            least.popleft()
        if place >= WINDOW - 1:
            chosen.add(hashes[least[0]])
    return chosen


def gram_hashes(letters: str) -> list[int]:
    """A rolling hash of each GRAM characters in a row, below 2**61, the same in every process."""
    if len(letters) < GRAM:
        return []
    lead = pow(BASE, GRAM, MODULUS)
    value = 0
    hashes = []
    for place, character in enumerate(letters):
        value = (value * BASE + ord(character)) % MODULUS
        if place >= GRAM:
            value = (value - lead * ord(letters[place - GRAM])) % MODULUS
        if place >= GRAM - 1:
            hashes.append(value)
    return hashes


def shared_spans(one: str, other: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Spans of LONG and more characters that both have, merged, as they stand in the one and in the other.

    A text that repeats itself without end is not looked through to its end.
    """
    known: dict[str, list[int]] = {}
    for place in range(len(one) - GRAM + 1):
        places = known.setdefault(one[place : place + GRAM], [])
        if len(places) < PLACES:
            places.append(place)
    here: list[tuple[int, int]] = []
    there: list[tuple[int, int]] = []
    effort = EFFORT * (len(one) + len(other))
    reached: dict[int, int] = {}  # by diagonal, how far its last passage went in the other text
    for place in range(len(other) - GRAM + 1):
        for start in known.get(other[place : place + GRAM], ()):
            if reached.get(start - place, -1) > place or effort < 0:
                continue
            length = common_length(one, other, start, place)
            effort -= length
            reached[start - place] = place + length
            if length >= LONG:
                here.append((start, start + length))
                there.append((place, place + length))
    return merged(here), merged(there)


def common_length(one: str, other: str, start: int, place: int) -> int:
    length, most = GRAM, min(len(one) - start, len(other) - place)
    while length < most and one[start + length] == other[place + length]:
        length += 1
    return length


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def pieces(text: Text, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """The original cut into what is shared and what is not; together they are the original."""
    found, at = [], 0
    for begin, end in spans:
        first, last = text.places[begin], text.places[end - 1] + 1
        found += [Piece(text.original[at:first], False), Piece(text.original[first:last], True)]
        at = last
    found.append(Piece(text.original[at:], False))
    return [piece for piece in found if piece.text]
