"""Runs one job on one file in a child process with limits on memory, processor time, output and patience."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from shuxiang.uploads import BUSY, Refused

# Address space of a child. With the web process or the worker beside it the whole tree stays below 512 MB.
MEMORY = 380 * 1024 * 1024
# Of the environment a child gets what it needs to start, and neither keys nor addresses.
HANDED_DOWN = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE")


class ChildDied(Exception):
    """The child ended without an answer: out of time or memory, or the file broke its reader."""


class PatienceEnded(ChildDied):
    """The child had not ended when patience did, while its processor's time was not used up."""


@dataclass(frozen=True)
class Limits:
    """`seconds` of processor time, and `seconds_per_minute` more for each minute of sound that was decoded.

    Where `told_busy`, somebody waits for the answer, with the patience of a request, and is told when it ends.
    """

    seconds: float
    seconds_per_minute: float
    told_busy: bool = False
    written: int = 60 * 1024 * 1024
    memory: int = MEMORY


# The two shares of what a file may cost: while a request waits for it, and in the background, which also decides what
# the first leaves open.
AT_ONCE = Limits(seconds=8, seconds_per_minute=0.5, told_busy=True)
IN_BACKGROUND = Limits(seconds=10, seconds_per_minute=1.5)
# The job whose open answers the background finds.
LEFT_OPEN = "check audio"


def run(job: str, source: Path, target: Path | None = None, limits: Limits = AT_ONCE, **other: int) -> dict[str, Any]:
    """What the job found out about `source`; it may write `target`. `other` rules than the settings': sound may last
    so many `minutes`, a picture gets a small copy beside it with a longer side of `small` pixels.

    Raises ChildDied, or Refused: also where patience ended and nobody but the person who waits can begin anew.
    """
    patience = settings.FILE_PATIENCE if limits.told_busy else settings.FILE_PATIENCE_IN_BACKGROUND
    order = {
        "job": job,
        "source": str(source),
        "target": str(target or ""),
        "limits": asdict(limits),
        "parent": os.getpid(),
        "rules": rules() | other,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "shuxiang.media.child"],
            input=json.dumps(order).encode(),
            cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in HANDED_DOWN if name in os.environ},
            capture_output=True,
            timeout=patience,
        )
    except subprocess.TimeoutExpired as error:
        if limits.told_busy and job != LEFT_OPEN:
            raise Refused(BUSY) from error
        raise PatienceEnded(f"{job}: 超过 {patience:g} 秒") from error
    if done.returncode != 0:
        raise ChildDied(f"{job}: 退出码 {done.returncode} {done.stderr[-300:].decode(errors='replace')}")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"])
    facts: dict[str, Any] = answer["facts"]
    return facts


def rules() -> dict[str, int]:
    """The settings that the child, which knows no Django, has to keep."""
    return {
        "minutes": settings.AUDIO_MAX_MINUTES,
        "pixels": settings.IMAGE_MAX_PIXELS,
        "whole_pixels": settings.IMAGE_MAX_WHOLE_PIXELS,
        "side": settings.IMAGE_MAX_SIDE,
        "unzipped": settings.DOCUMENT_MAX_UNZIPPED_BYTES,
        "material": settings.MATERIAL_MAX_UNZIPPED_BYTES,
        "characters": settings.TEXT_MAX_CHARACTERS,
        "small": 0,
    }
