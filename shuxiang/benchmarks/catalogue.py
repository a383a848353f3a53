"""The catalogue's search beside a plain scan of the same texts, in a scratch database."""

import json
from collections.abc import Callable

from django.core.management.base import CommandError
from django.db import connection

from shuxiang.benchmarks.processes import run_module
from shuxiang.benchmarks.scratch import scratch_database
from shuxiang.benchmarks.searching import Finding

TITLES, SAMPLES = 200_000, 40


def compare_searches(titles: int, write: Callable[[str], object], samples: int = SAMPLES) -> None:
    """Writes a line per kind of query; raises CommandError where the search finds more or less than the scan."""
    with scratch_database() as environment:
        filled = run_module("shuxiang.benchmarks.shown_books", str(titles), environment=environment)
        printed = run_module("shuxiang.benchmarks.searching", str(samples), environment=environment)
    findings = [Finding(**each) for each in json.loads(printed)]
    write(f"{connection.display_name}，{titles} 种图书；{filled}")
    write("每次查找：总数和第一页，毫秒；先用索引，再逐种查找")
    write("\t".join(["查询", "次数", "查全率", "查准率", "p50", "p95", "逐种 p50", "逐种 p95", "p50 之比", "p95 之比"]))
    for each in findings:
        write(line(each))
    if any(each.recall < 1 or each.precision < 1 for each in findings):
        raise CommandError("检索结果与逐种查找不一致，见上表。")


def line(each: Finding) -> str:
    times = [*each.found, *each.scanned]
    ratios = [ours / plain for ours, plain in zip(each.found, each.scanned, strict=True)]
    return "\t".join(
        [each.kind, str(each.queries), f"{each.recall:.3f}", f"{each.precision:.3f}"]
        + [f"{milliseconds:.2f}" for milliseconds in times]
        + [f"{ratio:.2f}" for ratio in ratios]
    )
