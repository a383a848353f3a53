import unicodedata
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organization.roles import ADMINISTRATORS, Role
from organization.services.administrators import create_administrator

ROLES = "、".join(ADMINISTRATORS)


class Command(BaseCommand):
    help = "建立一名管理员：没有任职，只有一个管理角色"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="工号")
        parser.add_argument("name", metavar="姓名")
        parser.add_argument("--role", required=True, metavar="角色", help=ROLES)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["role"] not in ADMINISTRATORS:
            raise CommandError(f"没有“{options['role']}”这种管理员，--role 请用其中之一：{ROLES}。")
        number, name = (unicodedata.normalize("NFKC", options[key]).strip() for key in ("number", "name"))
        try:
            cadre, password = create_administrator(
                employee_number=number, name=name, role=Role(options["role"]), now=timezone.now()
            )
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        self.stdout.write(f"已建立{options['role']} {cadre}。首次登录密码：{password}")
        self.stdout.write("密码只显示这一次，请当面交给本人；首次登录后必须修改。")
