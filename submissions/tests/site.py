"""The portal for scripts that kill parts of it: gunicorn, two workers and the clock over the scratch database."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from shuxiang.lifeline import end_with
from shuxiang.tests.hostile_media import Browser
from shuxiang.tests.scratch import ROOT

START = 120
WORKERS = ("worker1", "worker2")
ALL = ("web", *WORKERS, "clock")
# What is killed every few seconds has to start from what is loaded: on a busy machine it would never get ready.
PRELOADED = multiprocessing.get_context("forkserver")
PRELOADED.set_forkserver_preload(["shuxiang.wsgi", "shuxiang.celery", "celery.bin.worker", "celery.apps.worker"])


class Site:
    """Each program leads a process group of its own; nothing of it outlives the script, however that ends."""

    def __init__(self, port: int, *, workers: int, programs: Iterable[str] = ALL) -> None:
        web = ["gunicorn", "shuxiang.wsgi:application", "--bind", f"127.0.0.1:{port}", "--preload"]
        web += ["--workers", str(workers), "--threads", "2", "--timeout", "600"]
        celery = ["celery", "--app", "shuxiang", "--quiet"]
        self.commands = {
            "web": [*web, "--log-level", "critical", "--no-control-socket"],
            "clock": [*celery, "beat", "--loglevel", "CRITICAL", "--pidfile", ""],
        }
        self.running: dict[str, subprocess.Popen[bytes] | BaseProcess] = {}
        for name in programs:
            self.start(name)

    def start(self, name: str) -> None:
        if name in WORKERS:
            self.running[name] = process = PRELOADED.Process(target=work, args=(name,), daemon=True)
            process.start()
            return
        command = [str(Path(sys.executable).parent / self.commands[name][0]), *self.commands[name][1:]]
        follow = partial(end_with, os.getpid(), signal.SIGKILL)
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL, preexec_fn=follow
        )

    def children(self, name: str) -> list[int]:
        """Of its main process, which starts another for each that dies."""
        pid = self.running[name].pid
        try:
            return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
        except FileNotFoundError:
            return []

    def kill_child(self, name: str) -> None:
        """One of them, at random."""
        for child in random.sample(found := self.children(name), min(1, len(found))):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def kill(self, name: str) -> None:
        process = self.running[name]
        if isinstance(process, BaseProcess):
            process.kill()
            process.join()
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in self.running:
            self.kill(name)


def work(name: str) -> None:
    from shuxiang.celery import app

    end_with(os.getppid(), signal.SIGKILL)
    warnings.simplefilter("ignore")
    app.worker_main(
        ["--quiet", "worker", "--loglevel", "CRITICAL", "--without-gossip", "--without-mingle", "--hostname", name]
    )


def people(count: int, port: int) -> list[Browser]:
    """Signed in, of a portal that is migrated for them."""
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from organization.seeds import seed_roles
    from organization.tests.factories import CadreFactory

    call_command("migrate", verbosity=0)
    seed_roles(Group)
    found = []
    for _ in range(count):
        client = Client()
        client.force_login(CadreFactory())
        found.append(Browser(f"http://127.0.0.1:{port}", client.cookies["sessionid"].value))
    connection.close()
    return found


def wait_until_served(browser: Browser) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        with suppress(OSError):
            if browser.ask("GET", "/me/").status == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the portal did not start")


def wav(samples: bytes, *, rate: int, channels: int, width: int) -> bytes:
    def number(value: int, size: int = 4) -> bytes:
        return value.to_bytes(size, "little")

    frame = channels * width
    kind = number(1, 2) + number(channels, 2) + number(rate) + number(rate * frame) + number(frame, 2)
    head = b"WAVEfmt " + number(16) + kind + number(8 * width, 2) + b"data" + number(len(samples))
    return b"RIFF" + number(len(head) + len(samples)) + head + samples
