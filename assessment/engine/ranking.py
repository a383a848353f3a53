"""Competition ranking: highest first, equals share a rank, the next is skipped (1, 1, 3)."""

from collections.abc import Hashable, Iterable, Mapping
from operator import itemgetter
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def rank(scores: Iterable[tuple[Key, int]]) -> Mapping[Key, int]:
    ranks: dict[Key, int] = {}
    first_places: dict[int, int] = {}
    for place, (key, score) in enumerate(sorted(scores, key=itemgetter(1), reverse=True), start=1):
        ranks[key] = first_places.setdefault(score, place)
    return ranks
