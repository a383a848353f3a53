"""A few programs kept running together: what dies starts again, and all of them end with this one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shuxiang.lifeline import end_with

LOOK = 0.2
# Seconds before a start after a program died: at first almost at once, then more slowly.
PAUSES = (0.5, 2, 5, 10)
STEADY = 60
# Seconds in which a program may end by itself before it is killed.
GRACE = 10


@dataclass
class Program:
    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0, init=False)
    due: float = field(default=0, init=False)
    deaths: int = field(default=0, init=False)

    def start(self) -> None:
        """In a session of its own: Ctrl-C reaches the keeper alone, and the group can be ended as a whole."""
        self.started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True, preexec_fn=partial(end_with, os.getpid())
            )

    def kill(self) -> None:
        """Ends the whole group at once, also what a dead program left behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self) -> None:
        """Sets the time of the next start."""
        self.kill()
        self.process = None
        lived = time.monotonic() - self.started
        self.deaths = 1 if lived > STEADY else self.deaths + 1
        self.due = time.monotonic() + PAUSES[min(self.deaths, len(PAUSES)) - 1]


def keep_running(programs: Mapping[str, Sequence[str]], log: Path, say: Callable[[str], None]) -> None:
    """Runs the commands (by Chinese name) until Ctrl-C, SIGTERM or a closed terminal; then ends them all.

    What they print goes into `log`; `say` hears of those that died, and that Ctrl-C was heard.
    """
    kept = [Program(name, command, log) for name, command in programs.items()]
    heard = 0

    def stop(number: int, frame: object) -> None:
        nonlocal heard
        heard = number

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        while not heard:
            for program in kept:
                if program.process is not None and not program.is_running:
                    program.bury()
                    say(f"{program.name}意外停止，正在重新启动，原因见 {log}。")
                elif program.process is None and time.monotonic() >= program.due:
                    program.start()
            time.sleep(LOOK)
        if heard == signal.SIGINT:
            say("正在停止……")
    finally:
        end(kept)


def end(programs: Sequence[Program]) -> None:
    for program in programs:
        if program.process is not None:
            program.process.terminate()
    deadline = time.monotonic() + GRACE
    while any(program.is_running for program in programs) and time.monotonic() < deadline:
        time.sleep(LOOK)
    for program in programs:
        program.kill()
