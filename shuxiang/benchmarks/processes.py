"""One measurement each, on freshly made data in a scratch database; every step in a process of its own."""

import subprocess
import sys
from collections.abc import Mapping

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from shuxiang.benchmarks.scratch import scratch_database


def assess(cadres: int) -> str:
    """`seconds=… queries=… rss_mb=…` of assessing one quarter."""
    with scratch_database() as environment:
        run_module("shuxiang.benchmarks.county", str(cadres), environment=environment)
        return run_module("shuxiang.benchmarks.assessment", environment=environment)


def yardstick(cadres: int) -> str:
    """`yardstick=… entries=…` of the hand-written SQL on the same kind of database."""
    with scratch_database() as environment:
        dsn = ["--dsn", environment["DATABASE_URL"]] if connection.vendor == "postgresql" else []
        return run_module("shuxiang.benchmarks.yardstick", "--cadres", str(cadres), *dsn, environment=environment)


def run_module(name: str, *arguments: str, environment: Mapping[str, str]) -> str:
    """The last line that a module prints; its process ends with this one."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", name, *arguments],
            env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise CommandError("测速没有完成，原因见上面的输出。") from error
    return done.stdout.strip().rpartition("\n")[2]
