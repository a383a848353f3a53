"""One job on one file, in a process of its own: `python -m shuxiang.media.child`, the order on standard input.

Standard output gets one line of JSON: `facts`, or what is `refused` and why. Anything else is a broken file.
"""

import json
import resource
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from shuxiang.lifeline import end_with
from shuxiang.media.budget import Budget
from shuxiang.media.problem import Problem

JOBS = {
    "check audio": ("audio", "check"),
    "check office": ("office", "check"),
    "make audio": ("audio", "make"),
    "make image": ("images", "make"),
    "read docx": ("documents", "read"),
    "read text": ("texts", "read"),
}
TOO_MUCH = "文件过于庞大或内容异常，无法处理。请换一个文件，或联系办公室。"


def main() -> dict[str, Any]:
    order = json.load(sys.stdin)
    limits = order["limits"]
    end_with(order["parent"], signal.SIGKILL)
    budget = Budget(limits["seconds"], limits["seconds_per_minute"], order["rules"]["minutes"])
    for kind, limit in ((resource.RLIMIT_AS, limits["memory"]), (resource.RLIMIT_FSIZE, limits["written"])):
        resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    budget.set()
    room, name = JOBS[order["job"]]
    try:
        job = getattr(import_module(f"shuxiang.media.{room}"), name)
        return {"facts": job(Path(order["source"]), Path(order["target"]), order["rules"], budget)}
    except Problem as problem:
        return {"refused": str(problem)}
    except MemoryError:
        return {"refused": TOO_MUCH}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()) + "\n")
