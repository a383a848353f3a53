"""Twenty people hand in recordings while a web process and a worker are killed every two seconds.

    python -m submissions.tests.upload_kills [--uploads 100] [--server postgres://…/postgres]

Whoever gets no answer sends the file again, as a browser does. Last line: `uploads=100 acknowledged=100 kills=21
errors=0 works=100 missing=0 unready=0 faults=0 orphans=0 loose=0`: answers with a status of 500, drafts that were made,
acknowledged uploads without their row, those that never became playable, what `verify_media` finds, and what is left
after the sweeper.
"""

import argparse
import hashlib
import queue
import random
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from uuid import uuid4

from shuxiang.tests.hostile_media import Browser
from shuxiang.tests.scratch import Scratch, fresh_django
from submissions.tests.site import WORKERS, Site, people, wait_until_served, wav

CLIENTS, EVERY, PATIENCE = 20, 2, 1800


class Killer(threading.Thread):
    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site, self.kills, self.ended = site, 0, threading.Event()

    def run(self) -> None:
        """The workers by turns; gunicorn replaces its own."""
        while not self.ended.wait(EVERY):
            worker = WORKERS[self.kills % len(WORKERS)]
            self.site.kill_child("web")
            self.site.kill(worker)
            self.site.start(worker)
            self.kills += 1

    def end(self) -> None:
        self.ended.set()
        self.join()


class Client(threading.Thread):
    """Takes one number after another and sends its recording until it is acknowledged."""

    def __init__(self, browser: Browser, numbers: "queue.Queue[int]", kept: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.browser, self.numbers, self.kept, self.errors = browser, numbers, kept, 0

    def run(self) -> None:
        with suppress(queue.Empty):
            while True:
                number = self.numbers.get_nowait()
                content = wav(random.Random(number).randbytes(16_000), rate=8_000, channels=1, width=1)
                self.kept[self.acknowledged(f"{number}.wav", content)] = hashlib.sha256(content).hexdigest()

    def acknowledged(self, name: str, content: bytes) -> str:
        token = str(uuid4())
        while True:
            with suppress(OSError, HTTPException):
                answer = self.browser.send("recitation", "audio", name, content, token)
                if answer.status == 201:
                    return answer.said["file"]["id"]
                if answer.status < 500:
                    raise AssertionError(answer.body.decode())
                self.errors += 1
            time.sleep(0.2)


def hand_in(uploads: int, site: Site, browsers: list[Browser]) -> tuple[dict[str, str], str]:
    """What was acknowledged, by its key with its digest; the numbers that can be told now."""
    numbers: queue.Queue[int] = queue.Queue()
    for number in range(uploads):
        numbers.put(number)
    kept: dict[str, str] = {}
    killer = Killer(site)
    clients = [Client(browser, numbers, kept) for browser in browsers]
    for each in (killer, *clients):
        each.start()
    until = time.monotonic() + PATIENCE
    for client in clients:
        client.join(max(0, until - time.monotonic()))
    killer.end()
    errors = sum(client.errors for client in clients)
    return kept, f"uploads={uploads} acknowledged={len(kept)} kills={killer.kills} errors={errors}"


def outcome(kept: dict[str, str]) -> str:
    from django.utils import timezone

    from organization.models import LooseFile
    from organization.services.storing import sweep
    from organization.services.verifying import verify
    from submissions.models import Attachment, Submission

    until = time.monotonic() + PATIENCE
    while Attachment.objects.waiting().exists() and time.monotonic() < until:
        time.sleep(1)
    sweep(timezone.now() + timedelta(hours=2))
    stored = {str(pk): (sha256, state) for pk, sha256, state in Attachment.objects.values_list("pk", "sha256", "state")}
    missing = sum(stored.get(key, ("", ""))[0] != sha256 for key, sha256 in kept.items())
    unready = sum(state != "ready" for _, state in stored.values())
    found = verify()
    return (
        f"works={Submission.objects.count()} missing={missing} unready={unready} faults={len(found.faults)}"
        f" orphans={len(found.orphans)} loose={LooseFile.objects.count()}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--server", default="")
    options = parser.parse_args()
    port = random.randint(20_000, 32_000)
    folder = fresh_django(options.server)
    scratch = Scratch(folder, options.server)
    try:
        browsers = people(CLIENTS, port)
        site = Site(port, workers=2)
        try:
            wait_until_served(browsers[0])
            kept, told = hand_in(options.uploads, site, browsers)
            line = f"{told} {outcome(kept)}"
        finally:
            site.stop()
        sys.stdout.write(f"{line}\n")
    finally:
        from django.db import connection

        connection.close()
        scratch.remove()


if __name__ == "__main__":
    main()
