"""A database with all migrations applied, made once for each state of the code and copied from then on.

The tests and the scripts that need databases of their own would else spend half a minute on each. The key is a digest
of migrations, models and settings and of whatever these import: a change there makes a new one.
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELF = Path(tempfile.gettempdir()) / f"shuxiang-migrated-{os.getuid()}"
KEPT = 20


def imported(path: Path) -> Iterator[Path]:
    """The project's own modules that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            module = ROOT / name.replace(".", "/")
            yield from (each for each in (module.with_suffix(".py"), module / "__init__.py") if each.exists())


def key() -> str:
    waiting = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/models/*.py"), *ROOT.glob("*/models.py")]
    waiting.append(ROOT / "shuxiang" / "settings.py")
    found: set[Path] = set()
    while waiting:
        if (path := waiting.pop()) not in found:
            found.add(path)
            waiting += imported(path)
    digest = hashlib.sha256(sys.version.encode())
    for path in [ROOT / "requirements.txt", *sorted(found)]:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:20]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    SHELF.mkdir(mode=0o700, exist_ok=True)
    with (SHELF / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(folder: Path, address: str) -> None:
    """In a process of its own, so that nothing of this one's settings or connections takes part."""
    (folder / "static").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"SHUXIANG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "shuxiang.settings"}
    if address:
        environment["DATABASE_URL"] = address
    asked = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(asked, cwd=ROOT, env=environment, check=True, timeout=1200)


def sqlite_file() -> Path:
    """A migrated SQLite database, to be copied and never opened for writing."""
    found = SHELF / f"{key()}.sqlite3"
    with alone():
        if not found.exists():
            with tempfile.TemporaryDirectory(prefix="shuxiang-migrated-") as folder:
                migrate(Path(folder), "")
                with sqlite3.connect(Path(folder) / "db.sqlite3") as made:
                    made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    made.execute("PRAGMA journal_mode=DELETE")
                shutil.move(Path(folder) / "db.sqlite3", found)
            for old in sorted(SHELF.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
                old.unlink()
    return found


def fill_sqlite(target: sqlite3.Connection) -> None:
    source = sqlite3.connect(f"file:{sqlite_file()}?mode=ro", uri=True)
    source.backup(target)
    source.close()


def postgresql_template(server: str) -> str:
    """The name of a migrated PostgreSQL database on the server, to be given as TEMPLATE."""
    import psycopg

    server = f"{server.rpartition('/')[0]}/postgres"

    name = f"shuxiang_migrated_{key()}"
    with alone(), psycopg.connect(server, autocommit=True) as connection:
        known = "SELECT datname FROM pg_database WHERE datname LIKE 'shuxiang_migrated_%' ORDER BY oid"
        names = [row[0] for row in connection.execute(known)]
        if name not in names:
            connection.execute(f'CREATE DATABASE "{name}_making"')
            try:
                with tempfile.TemporaryDirectory(prefix="shuxiang-migrated-") as folder:
                    migrate(Path(folder), f"{server.rpartition('/')[0]}/{name}_making")
                connection.execute(f'ALTER DATABASE "{name}_making" RENAME TO "{name}"')
            except BaseException:
                connection.execute(f'DROP DATABASE "{name}_making" WITH (FORCE)')
                raise
            for old in names[:-KEPT]:
                connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    return name
