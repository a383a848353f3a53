"""`python -m shuxiang.benchmarks.searching N`: searches the filled catalogue for words of N titles, each with the index
and by a plain scan in turns, and prints what `benchmark reading` writes as a table.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from reading.models import Book
    from reading.models.catalogue import BookQuerySet

PAGE = 20
COMMON = ("研究", "出版社", "审计", "yanjiu", "zg", "ng", "979")


@dataclass(frozen=True)
class Finding:
    """One kind of query; times in milliseconds, of a count and a first page together."""

    kind: str
    queries: int
    recall: float
    precision: float
    found: tuple[float, float]
    scanned: tuple[float, float]


def measure(samples: int) -> list[Finding]:
    from reading.models import Book

    texts = dict(Book.objects.values_list("pk", "search_text"))
    keys = random.Random(samples).sample(sorted(texts), min(samples, len(texts)))
    books = list(Book.objects.filter(pk__in=keys).order_by("pk"))
    return [finding(kind, queries, texts) for kind, queries in asked(books).items()]


def asked(books: Iterable["Book"]) -> dict[str, list[str]]:
    """Queries by kind, each once."""
    from shuxiang.searches import bare, spelled

    kinds: dict[str, list[str]] = {"两字词": [], "单字": [], "全拼": [], "首字母": [], "ISBN": [], "混合": []}
    for book in books:
        title = bare(book.title)
        full, initials = spelled(title)
        kinds["两字词"] += [title[start : start + 2] for start in range(len(title) - 1)]
        kinds["单字"].append(title[0])
        kinds["全拼"] += [full, "".join(spelled(title[:2])[:1])]
        kinds["首字母"] += [initials, initials[:3]]
        kinds["ISBN"] += [book.isbn, book.isbn[-5:]]
        kinds["混合"].append(f"{title[:2]} {full[-4:]} {book.author[:1]}")
    return {kind: sorted(set(queries)) for kind, queries in {**kinds, "常见词": COMMON}.items()}


def finding(kind: str, queries: list[str], texts: dict[int, str]) -> Finding:
    from reading.models import Book
    from reading.services.search import found_by
    from shuxiang.searches import words_of

    hits = right = wanted = 0
    times: list[tuple[float, float]] = []
    for query in queries:
        words = words_of(query)
        books = Book.objects.all()
        truth = {key for key, text in texts.items() if all(word in text for word in words)}
        given = set(found_by(books, query).values_list("pk", flat=True))
        hits, right, wanted = hits + len(given), right + len(given & truth), wanted + len(truth)
        times.append((timed(lambda: found_by(books, query)), timed(lambda: scan(books, words))))  # noqa: B023 - at once
    ours, plain = zip(*times, strict=True)
    return Finding(kind, len(queries), share(right, wanted), share(right, hits), middle(ours), middle(plain))


def scan(books: "BookQuerySet", words: Iterable[str]) -> "BookQuerySet":
    for word in words:
        books = books.filter(search_text__contains=word)
    return books


def timed(search: Callable[[], "BookQuerySet"]) -> float:
    """A count and the first page, as a list shows them."""
    began = time.perf_counter()
    books = search()
    books.count()
    list(books.values_list("pk", "title")[:PAGE])
    return (time.perf_counter() - began) * 1000


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def middle(times: Iterable[float]) -> tuple[float, float]:
    """p50 and p95."""
    every = list(times)
    return (median(every), quantiles(every, n=20, method="inclusive")[-1] if len(every) > 1 else every[0])


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(f"{json.dumps([asdict(each) for each in measure(int(sys.argv[1]))])}\n")
