"""A database that exists as long as a `with` block; the office's own is never written to."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

Environment = dict[str, str]


@contextmanager
def scratch_database() -> Iterator[Environment]:
    """The environment of processes that work in it: a new database on DATABASE_URL's server, else an SQLite file."""
    with tempfile.TemporaryDirectory(prefix="shuxiang-benchmark-") as folder:
        environment = {**os.environ, "SHUXIANG_DATA": folder, "PYTHONWARNINGS": "ignore"}
        if connection.vendor != "postgresql":
            yield {**environment, "DATABASE_URL": f"sqlite:///{Path(folder) / 'scratch.sqlite3'}"}
            return
        name = f"shuxiang_benchmark_{os.getpid()}_{secrets.token_hex(6)}"
        administer(f'CREATE DATABASE "{name}"')
        try:
            yield {**environment, "DATABASE_URL": with_database(os.environ["DATABASE_URL"], name)}
        finally:
            administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def administer(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def with_database(url: str, name: str) -> str:
    """The same server and account with another database."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql", path=f"/{name}"))
