"""Locks that end with their holder, even with `kill -9`: advisory on PostgreSQL, a locked file elsewhere."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Gives True while this process holds the lock, False at once where another one does."""
    with advisory(name) if connection.vendor == "postgresql" else locked_file(name) as is_held:
        yield is_held


@contextmanager
def advisory(name: str) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        (is_held,) = cursor.fetchone()
    try:
        yield is_held
    finally:
        # A connection that broke has given its locks back.
        if is_held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def locked_file(name: str) -> Iterator[bool]:
    settings.LOCKS_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.LOCKS_DIR / name, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
