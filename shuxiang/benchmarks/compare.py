"""Ours and the yardstick in turns, so that both meet the same machine: medians and their ratio."""

from collections.abc import Callable
from statistics import median

from django.db import connection

from shuxiang.benchmarks.processes import assess, yardstick

RUNS = 3


def compare(cadres: int, write: Callable[[str], object]) -> None:
    """Writes a table: a line per run, then the medians."""
    write(f"{connection.display_name}，{cadres} 名干部，一个季度；每行先算标尺，再算本系统")
    write("次\t标尺（秒）\t本系统（秒）\t倍数\t查询\t内存（MB）")
    pairs = []
    for number in range(1, RUNS + 1):
        pair = float(figures(yardstick(cadres))["yardstick"]), figures(assess(cadres))
        pairs.append((pair[0], float(pair[1]["seconds"])))
        write(f"{number}\t{timings(*pairs[-1])}\t{pair[1]['queries']}\t{pair[1]['rss_mb']}")
    write(f"中位数\t{timings(*(median(each) for each in zip(*pairs, strict=True)))}")


def figures(line: str) -> dict[str, str]:
    """`a=1 b=2` by name."""
    return dict(part.split("=") for part in line.split())


def timings(yardstick: float, ours: float) -> str:
    return f"{yardstick:.2f}\t{ours:.2f}\t{ours / yardstick:.2f}"
