"""A database of its own for tests that kill processes: made once, set back to its first state at will.

For a script that runs in a process of its own (`fresh_django` must come before any import of models).
"""

import argparse
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from shuxiang.tests.migrated import postgresql_template, sqlite_file

ROOT = Path(__file__).resolve().parents[2]


def fresh_django(server: str, *, migrated: bool = True) -> Path:
    """Points Django at a new folder and, where `server` names one, at a new PostgreSQL database; all migrations are
    applied there unless the caller wants an empty one."""
    folder = Path(tempfile.mkdtemp(prefix="shuxiang-scratch-"))
    (folder / "static").mkdir()  # WhiteNoise warns where there is none
    os.environ["SHUXIANG_DATA"] = str(folder)
    os.environ["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{name_of(folder)}" if server else ""
    if not server:
        del os.environ["DATABASE_URL"]
    os.environ["CELERY_BROKER_URL"] = "filesystem://localhost"
    os.environ["SHUXIANG_STATIC_MANIFEST"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    if server:
        template = f' TEMPLATE "{postgresql_template(server)}"' if migrated else ""
        administer(server, f'CREATE DATABASE "{name_of(folder)}"{template}')
    elif migrated:
        shutil.copy(sqlite_file(), folder / "db.sqlite3")
    import django

    django.setup()
    return folder


def name_of(folder: Path) -> str:
    return folder.name.replace("-", "_").lower()


def administer(server: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


class Scratch:
    """`keep` remembers the database as it is; `set_back` makes it so again. No connection may be open."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server, self.name = folder, server, name_of(folder)

    def keep(self) -> None:
        from django.db import connection

        if self.server:
            connection.close()
            administer(self.server, f'CREATE DATABASE "{self.name}_first" TEMPLATE "{self.name}"')
        else:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            shutil.copy(self.folder / "db.sqlite3", self.folder / "first.sqlite3")

    def set_back(self) -> None:
        if self.server:
            administer(
                self.server,
                f'DROP DATABASE "{self.name}" WITH (FORCE)',
                f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_first"',
            )
            return
        for ending in ("-wal", "-shm"):
            (self.folder / f"db.sqlite3{ending}").unlink(missing_ok=True)
        shutil.copy(self.folder / "first.sqlite3", self.folder / "db.sqlite3")

    def remove(self) -> None:
        if self.server:
            for name in (self.name, f"{self.name}_first"):
                administer(self.server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)


def from_nothing(story: Callable[[], None]) -> None:
    """The frame of a script that brings old tables to the present ones: its only argument is the server, and the story
    meets a database of its own without a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="")
    server = parser.parse_args().server
    scratch = Scratch(fresh_django(server, migrated=False), server)
    try:
        story()
        from django.db import connection

        connection.close()
    finally:
        scratch.remove()


def fork(work: Callable[[], None]) -> int:
    """Starts a child that does the work; gives its pid."""
    if pid := os.fork():
        return pid
    code = 1
    try:
        work()
        from django.db import connection

        connection.close()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def wait(pid: int) -> int:
    """The exit code of a child; negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
