"""Competition ranking: highest first, equals share a rank, the next is skipped (1, 1, 3)."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def rank(scores: Iterable[tuple[Key, int]]) -> Mapping[Key, int]:
    ranks: dict[Key, int] = {}
    last_score: int | None = None
    last_rank = 0
    for place, (key, score) in enumerate(sorted(scores, key=lambda row: -row[1]), start=1):
        if score != last_score:
            last_score, last_rank = score, place
        ranks[key] = last_rank
    return ranks
