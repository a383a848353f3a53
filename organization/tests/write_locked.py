"""Logging in while somebody else holds the write lock of the SQLite database for 8 seconds.

    python -m organization.tests.write_locked

Last line: `failed=200 in=302 page=200 out=302 events=3 seconds=8.4`.
"""

import sqlite3
import sys
import threading
import time
from pathlib import Path

from shuxiang.tests.scratch import fresh_django

PASSWORD, HELD = "Lanting-3-yue", 8


def hold(path: Path, held: threading.Event) -> None:
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    held.set()
    time.sleep(HELD)
    lock.execute("ROLLBACK")
    lock.close()


def locked(path: Path) -> threading.Thread:
    held = threading.Event()
    thread = threading.Thread(target=hold, args=(path, held))
    thread.start()
    held.wait()
    return thread


def main() -> None:
    folder = fresh_django("")
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.test import Client

    from organization.models import AccessEvent, Cadre

    call_command("migrate", verbosity=0)
    Cadre.objects.create(employee_number="A1", name="甲", password=make_password(PASSWORD))
    client = Client(headers={"host": "localhost"})
    started = time.monotonic()
    thread = locked(folder / "db.sqlite3")
    failed = client.post("/login/", {"username": "A1", "password": "wrong"}).status_code
    thread.join()
    seconds = time.monotonic() - started
    thread = locked(folder / "db.sqlite3")
    entered = client.post("/login/", {"username": "A1", "password": PASSWORD}).status_code
    thread.join()
    page = client.get("/me/").status_code
    thread = locked(folder / "db.sqlite3")
    left = client.post("/logout/").status_code
    thread.join()
    events = AccessEvent.objects.count()
    sys.stdout.write(f"failed={failed} in={entered} page={page} out={left} events={events} seconds={seconds:.1f}\n")


if __name__ == "__main__":
    main()
