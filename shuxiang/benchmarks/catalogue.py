"""The catalogue's search beside a plain scan of the same texts, and its pages beside the minimal one, in a scratch
database.
"""

import json
from collections.abc import Callable
from statistics import median

from django.core.management.base import CommandError
from django.db import connection

from shuxiang.benchmarks.pages import PLAIN, served, throughput
from shuxiang.benchmarks.processes import run_module
from shuxiang.benchmarks.scratch import scratch_database
from shuxiang.benchmarks.searching import Finding

# A word of two characters that a share of the titles has.
SEARCH = "/books/?q=%E5%AE%A1%E8%AE%A1"
TITLES, SAMPLES, ROUNDS, SECONDS = 200_000, 40, 5, 1.0


def compare_searches(
    titles: int,
    write: Callable[[str], object],
    samples: int = SAMPLES,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
) -> None:
    """Writes a line per kind of query; raises CommandError where the search finds more or less than the scan."""
    with scratch_database() as environment:
        told = run_module("shuxiang.benchmarks.shown_books", str(titles), environment=environment)
        filled, session, book = told.split("\t")
        printed = run_module("shuxiang.benchmarks.searching", str(samples), environment=environment)
        environment["SHUXIANG_STATIC_MANIFEST"] = "off"
        addresses = {"最小页": PLAIN, "/books/": "/books/", "查找": SEARCH, "一本书": f"/books/{book}/"}
        with served(environment) as port:
            rates = measured(port, list(addresses.values()), session, rounds, seconds)
    findings = [Finding(**each) for each in json.loads(printed)]
    write(f"{connection.display_name}，{titles} 种图书；{filled}")
    write("每次查找：总数和第一页，毫秒；先用索引，再逐种查找")
    write("\t".join(["查询", "次数", "查全率", "查准率", "p50", "p95", "逐种 p50", "逐种 p95", "p50 之比", "p95 之比"]))
    for each in findings:
        write(line(each))
    write(f"每秒页数，轮流测 {rounds} 轮，取中位数；与最小页之比")
    for name, rate in zip(addresses, rates, strict=True):
        write(f"{name}\t{rate:.1f}\t{rate / rates[0]:.2f}")
    if any(each.recall < 1 or each.precision < 1 for each in findings):
        raise CommandError("检索结果与逐种查找不一致，见上表。")


def measured(port: int, addresses: list[str], session: str, rounds: int, seconds: float) -> list[float]:
    """Pages a second of each, the middle of the rounds; the first ones, which warm up, do not count."""
    for address in addresses:
        throughput(port, address, session, seconds / 4)
    found = [[throughput(port, address, session, seconds) for address in addresses] for _ in range(rounds)]
    return [median(rates) for rates in zip(*found, strict=True)]


def line(each: Finding) -> str:
    times = [*each.found, *each.scanned]
    ratios = [ours / plain for ours, plain in zip(each.found, each.scanned, strict=True)]
    return "\t".join(
        [each.kind, str(each.queries), f"{each.recall:.3f}", f"{each.precision:.3f}"]
        + [f"{milliseconds:.2f}" for milliseconds in times]
        + [f"{ratio:.2f}" for ratio in ratios]
    )
