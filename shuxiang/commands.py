"""What the office's commands have in common: a sentence where the database cannot answer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError


class OfficeCommand(BaseCommand):
    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise CommandError(
                f"数据库不能用（{error}）。新装或升级之后请先运行 manage.py migrate；也可能正被占用，请稍后再试。"
            ) from error
