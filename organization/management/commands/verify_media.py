"""`manage.py verify_media`: whether stored files and rows agree; exit status 1 where they do not."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from organization.services.verifying import remove_orphans, verify


class Command(BaseCommand):
    help = "核对存储的文件：逐个比对大小和校验值，查找没有记录的文件"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove-orphans", action="store_true", help="删除一天以前留下的、没有记录的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        for line in found.faults:
            self.stdout.write(line)
        removed = remove_orphans(found.orphans, timezone.now()) if options["remove_orphans"] else []
        left = [name for name in found.orphans if name not in removed]
        for name in left:
            self.stdout.write(f"没有记录的文件：{name}")
        self.stdout.write(
            f"核对 {found.files} 个附件：{len(found.faults)} 处不符，{len(left)} 个文件没有记录，"
            f"删除 {len(removed)} 个，{found.loose} 个待自动清理。"
        )
        if found.faults or left:
            sys.exit(1)
