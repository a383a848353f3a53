"""`manage.py index_books`: whether the catalogue's search and order fit its titles, and mends what does not."""

import sys
from argparse import ArgumentParser
from typing import Any

from reading.services import grams
from reading.services.search import compare_index, repair_index
from shuxiang.commands import OfficeCommand


class Command(OfficeCommand):
    help = "核对图书检索和排序：逐种比对检索文字、拼音顺序和索引，补上缺失的、改正过时的"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对不改正；有不符时退出状态为 1")

    def handle(self, *args: Any, **options: Any) -> None:
        found = compare_index() if options["check"] else repair_index()
        done = ("不符", "多余") if options["check"] else ("更新", "清除多余")
        self.stdout.write(f"核对 {found.titles} 种图书：{done[0]} {found.outdated} 种，{done[1]}索引 {found.gone} 条。")
        if not grams.has_index():
            self.stdout.write("没有检索索引（SQLite 缺少 FTS5，或尚未运行 index_books），检索时逐种查找，结果相同。")
        if options["check"] and (found.outdated or found.gone):
            sys.exit(1)
