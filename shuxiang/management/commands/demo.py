"""`make demo`: an invented office, brought in through its registers, assessed, exported and served."""

import json
import os
import secrets
import shutil
import socket
import sys
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from activities.models import Activity
from organization.models import Cadre, Department
from organization.passwords import first_password
from organization.roles import ADMINISTRATORS
from organization.services.accounts import open_account
from shuxiang.demo import DEMO_AGENCY, DEMO_PEOPLE, write_registers
from shuxiang.demo_activities import arrange_activities
from shuxiang.demo_reading import furnish_reading_room, open_reading_room
from shuxiang.demonstration import hand_in_manuscripts
from shuxiang.locks import locked_file
from shuxiang.periods import Quarter, Year
from shuxiang.processes import keep_running


@dataclass
class Login:
    role: str
    number: str
    name: str
    password: str


class Command(BaseCommand):
    help = "演示：建立虚构单位的数据并启动门户"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="只准备数据，不启动")
        parser.add_argument("--reset", action="store_true", help="删除演示数据")

    def handle(self, *args: Any, **options: Any) -> None:
        with locked_file("demo") as is_alone:
            if not is_alone:
                raise CommandError(
                    f"{settings.DATA_DIR} 里的演示正在运行，请先到启动它的窗口按 Ctrl-C 停止。"
                    "要同时开两个，请另选文件夹：SHUXIANG_DATA=文件夹 make demo PORT=8001"
                )
            try:
                self.run(options)
            except KeyboardInterrupt as error:
                raise CommandError("已停止，再次运行 make demo 继续。") from error

    def run(self, options: dict[str, Any]) -> None:
        self.folder: Path = settings.DATA_DIR / "demo"
        self.ready = self.folder / "logins.json"
        if options["reset"]:
            self.reset()
            return
        if not options["no_serve"]:
            self.check_port(options["port"])
        if not self.is_demo() or (not self.folder.exists() and Department.objects.exists()):
            raise CommandError(f"{settings.DATA_DIR} 里已有正式数据，演示请另选文件夹：SHUXIANG_DATA=文件夹 make demo")
        today = timezone.localdate()
        if not self.ready.exists():
            self.prepare(today)
        self.announce(today, options)
        if not options["no_serve"]:
            call_command("collectstatic", interactive=False, verbosity=0)
            self.serve(options["port"])

    def reset(self) -> None:
        if not self.folder.exists():
            raise CommandError(f"{settings.DATA_DIR} 里没有演示数据，没有删除任何东西。")
        if not self.is_demo():
            raise CommandError(f"{settings.DATA_DIR} 里是正式数据，没有删除任何东西。")
        for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "secret_key"):
            (settings.DATA_DIR / name).unlink(missing_ok=True)
        for folder in (self.folder, settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.BROKER_DIR, settings.LOCKS_DIR):
            shutil.rmtree(folder, ignore_errors=True)
        self.stdout.write("演示数据已删除，运行 make demo 重新开始。")

    def is_demo(self) -> bool:
        """Whether the office in the database is the invented one, or there is none yet."""
        call_command("migrate", verbosity=0)
        root = Department.objects.filter(parent=None).first()
        return root is None or root.name == DEMO_AGENCY

    def check_port(self, port: int) -> None:
        if not 1024 <= port <= 65535:
            raise CommandError("端口要在 1024 和 65535 之间，例如 make demo PORT=8001")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(f"端口 {port} 已被占用，请换一个：make demo PORT={port + 1}") from error

    def prepare(self, today: date) -> None:
        """Every step may be repeated, so an interrupted start goes on where it stopped."""
        self.stdout.write("正在准备演示数据……")
        self.folder.mkdir(parents=True, exist_ok=True)
        registers = [self.folder / f"{name}.xlsx" for name in ("花名册", "作品登记", "活动签到", "图书")]
        if not all(path.exists() for path in registers):
            write_registers(self.folder, today)
        roster, submissions, attendance, books = registers
        call_command("import_roster", roster, agency=DEMO_AGENCY, stdout=self.stdout)
        call_command("import_submissions", submissions, stdout=self.stdout)
        call_command("import_attendance", attendance, stdout=self.stdout)
        furnish_reading_room(now=timezone.now())
        call_command("import_books", books, stdout=self.stdout)
        hand_in_manuscripts(now=timezone.now())
        open_reading_room(now=timezone.now())
        arrange_activities(now=timezone.now())
        for period in [*self.quarters(today), Year(today.year)]:
            call_command("assess", str(period), verbosity=0)
        self.stdout.write("五个季度和本年度已计算。")
        self.write_logins([*self.staff_logins(), *self.organiser_logins(today), *self.administrator_logins()])

    def quarters(self, today: date) -> list[Quarter]:
        """The current quarter and the four before it, oldest first."""
        found = [Quarter.of(today)]
        while len(found) < 5:
            found.insert(0, found[0].previous)
        return found

    def staff_logins(self) -> list[Login]:
        return [
            self.log_in_for(person.role, Cadre.objects.get(employee_number=person.number)) for person in DEMO_PEOPLE
        ]

    def organiser_logins(self, today: date) -> list[Login]:
        """Of the next activity that is run by nobody who has another log-in here."""
        known = [person.number for person in DEMO_PEOPLE]
        coming = Activity.objects.coming(today).standing().filter(organiser__isnull=False)
        following = coming.exclude(organiser__employee_number__in=known).by_time().first()
        if following is None or following.organiser is None:
            return []
        return [self.log_in_for(f"组织人（{following.title}）", following.organiser)]

    def administrator_logins(self) -> list[Login]:
        logins = []
        for place, role in enumerate(ADMINISTRATORS, start=1):
            number = f"ADMIN{place}"
            cadre = Cadre.objects.filter(employee_number=number).first()
            cadre = cadre or open_account(cadre=Cadre(employee_number=number, name=role.value), role=role)
            logins.append(self.log_in_for(role, cadre))
        return logins

    def log_in_for(self, role: str, cadre: Cadre) -> Login:
        password = first_password()
        cadre.set_password(password)
        cadre.must_change_password = False
        cadre.save(update_fields=["password", "must_change_password"])
        return Login(role, cadre.employee_number, cadre.name, password)

    def write_logins(self, logins: list[Login]) -> None:
        draft = self.folder / f"logins.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1))
        draft.replace(self.ready)

    def announce(self, today: date, options: dict[str, Any]) -> None:
        for quarter in self.quarters(today)[-2:]:
            workbook = self.folder / f"考核表-{quarter}.xlsx"
            if not workbook.exists():
                call_command("assess", str(quarter), verbosity=0)
                call_command("export_appraisal", str(quarter), workbook, stdout=self.stdout)
        self.stdout.write(f"\n{DEMO_AGENCY}（虚构，人员均为杜撰）\n")
        for login in json.loads(self.ready.read_text()):
            cadre = Cadre.objects.get(employee_number=login["number"])
            password = login["password"] if cadre.check_password(login["password"]) else "（密码已修改）"
            self.stdout.write(f"  {login['role']}　工号 {login['number']}　密码 {password}　{login['name']}")
        self.stdout.write(f"\n考核表：{self.folder / f'考核表-{Quarter.of(today).previous}.xlsx'}")
        if not options["no_serve"]:
            self.stdout.write(
                f"门户地址：http://127.0.0.1:{options['port']}/　按 Ctrl-C 停止，再次运行 make demo 继续。"
            )
        self.stdout.flush()

    def serve(self, port: int) -> None:
        """Web, worker and clock: each is started again when it dies, and Ctrl-C ends all three."""
        web = ["gunicorn", "shuxiang.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        # A worker that the end meets while it starts does not hear it: the master ends it after five seconds.
        web += ["--threads", "4", "--log-level", "warning", "--graceful-timeout", "5", "--no-control-socket"]
        celery = ["celery", "--app", "shuxiang", "--quiet"]
        worker = ["worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        clock = ["beat", "--loglevel", "WARNING", "--pidfile", ""]
        programs = {"网页服务": web, "计算进程": [*celery, *worker], "定时进程": [*celery, *clock]}
        folder = Path(sys.executable).parent
        os.chdir(settings.BASE_DIR)
        commands = {name: [str(folder / command[0]), *command[1:]] for name, command in programs.items()}
        keep_running(commands, self.folder / "运行日志.txt", self.say)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
