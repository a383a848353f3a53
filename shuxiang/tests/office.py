"""An office that `make demo` serves, for tests that meet it from outside."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from shuxiang.tests.scratch import ROOT


class Office:
    """Web, worker and clock over a folder of its own; `passwords` once it answers."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "manage.py", "demo", "--port", str(self.port)]
        self.demo = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            self.until(self.answers, 600)
        except BaseException:
            self.stop()
            raise

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/login/", timeout=5).status == 200
        except OSError:
            return False

    def until(self, condition: Callable[[], bool], seconds: float) -> float:
        """How long the condition took to come about."""
        began = time.monotonic()
        while not condition():
            assert self.demo.poll() is None, "the demo has ended"
            assert time.monotonic() - began < seconds, "it did not come about in time"
            time.sleep(0.1)
        return time.monotonic() - began

    @property
    def passwords(self) -> dict[str, tuple[str, str]]:
        """工号 and password by role."""
        logins = json.loads((self.folder / "demo" / "logins.json").read_text())
        return {login["role"]: (login["number"], login["password"]) for login in logins}

    def stop(self) -> None:
        self.demo.terminate()
        self.demo.wait(30)
        while self.folder.exists():  # whoever ends last takes files of the database along
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(self.folder)
