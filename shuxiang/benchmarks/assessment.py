"""`python -m shuxiang.benchmarks.assessment`: assesses the filled county once, in a process that did nothing before."""

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.db import connection

from shuxiang.benchmarks.county import QUARTER

NOW = datetime(2024, 4, 20, tzinfo=UTC)


class QueryCount:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


def peak_memory_mb() -> int:
    """The largest resident size of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure() -> str:
    from assessment.services import assess

    connection.ensure_connection()
    count = QueryCount()
    with connection.execute_wrapper(count):
        start = time.perf_counter()
        assess(period=QUARTER, now=NOW)
        seconds = time.perf_counter() - start
    return f"seconds={seconds:.2f} queries={count.queries} rss_mb={peak_memory_mb()}"


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(f"{measure()}\n")
