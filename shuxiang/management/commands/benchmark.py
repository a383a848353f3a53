"""`manage.py benchmark …`: what a large office would wait for, measured in a scratch database."""

import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shuxiang.benchmarks.compare import compare
from shuxiang.benchmarks.processes import assess

CADRES = 100_000
KINDS = {"assess": "计算一个季度，给出耗时、查询次数和内存", "compare": "同上，与标尺先后各算三次，给出倍数"}


class Command(BaseCommand):
    help = "测速：在临时数据库中建立虚构数据，算完即删，不动正式数据"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="项目")
        for name, text in KINDS.items():
            kind = kinds.add_parser(name, help=text)
            kind.add_argument("--cadres", type=int, default=CADRES, metavar="N", help=f"干部人数，默认 {CADRES}")

    def handle(self, *args: Any, **options: Any) -> None:
        cadres = options["cadres"]
        if cadres < 2:
            raise CommandError("干部人数至少为 2，例如 --cadres 1000")
        # Told to stop, it leaves its `with` blocks as after Ctrl-C: no scratch database stays behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        if options["kind"] == "compare":
            compare(cadres, self.stdout.write)
        else:
            self.stdout.write(assess(cadres))
