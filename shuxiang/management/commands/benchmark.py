"""`manage.py benchmark …`: what a large office would wait for, measured in a scratch database."""

import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shuxiang.benchmarks import catalogue
from shuxiang.benchmarks.catalogue import SAMPLES, TITLES, compare_searches
from shuxiang.benchmarks.compare import compare
from shuxiang.benchmarks.pages import ROUNDS, SECONDS, WORKS, compare_pages
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

        pages = kinds.add_parser("pages", help="作品展示页每秒多少次，与只列 20 行的最小页相比")
        pages.add_argument("--works", type=int, default=WORKS, metavar="N", help=f"作品件数，默认 {WORKS}")

        reading = kinds.add_parser("reading", help="图书检索：查全率、查准率，与逐种查找相比的快慢；图书页每秒多少次")
        reading.add_argument("--titles", type=int, default=TITLES, metavar="N", help=f"图书种数，默认 {TITLES}")
        reading.add_argument(
            "--samples", type=int, default=SAMPLES, metavar="N", help=f"取多少种图书的字词来查，默认 {SAMPLES}"
        )
        for kind, rounds in ((pages, ROUNDS), (reading, catalogue.ROUNDS)):
            kind.add_argument("--rounds", type=int, default=rounds, metavar="N", help=f"轮数，默认 {rounds}")
            kind.add_argument(
                "--seconds", type=float, default=SECONDS, metavar="S", help=f"每轮每页几秒，默认 {SECONDS:g}"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        # Told to stop, it leaves its `with` blocks as after Ctrl-C: no scratch database stays behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        if options["kind"] == "pages":
            if options["works"] < 1 or options["rounds"] < 1 or options["seconds"] <= 0:
                raise CommandError("作品、轮数至少为 1，秒数大于 0，例如 --works 1000")
            compare_pages(options["works"], self.stdout.write, options["rounds"], options["seconds"])
            return
        if options["kind"] == "reading":
            if min(options["titles"], options["samples"], options["rounds"]) < 1 or options["seconds"] <= 0:
                raise CommandError("图书、取样、轮数至少为 1，秒数大于 0，例如 --titles 20000")
            asked = (options[name] for name in ("samples", "rounds", "seconds"))
            compare_searches(options["titles"], self.stdout.write, *asked)
            return
        cadres = options["cadres"]
        if cadres < 2:
            raise CommandError("干部人数至少为 2，例如 --cadres 1000")
        if options["kind"] == "compare":
            compare(cadres, self.stdout.write)
        else:
            self.stdout.write(assess(cadres))
