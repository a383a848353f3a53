"""The memory of a web process while larger and larger recordings are sent to it.

    python -m submissions.tests.upload_memory [--megabytes 5 50 99]

A line for each, then `megabytes=99 grown=0.1`: by how many megabytes the highest that the process ever took has grown
from the first upload to the last.
"""

import argparse
import os
import random
import sys
from pathlib import Path

from shuxiang.tests.scratch import Scratch, fresh_django
from submissions.tests.site import Site, people, wait_until_served, wav

MEGABYTE = 1024 * 1024


def highest(pid: int) -> float:
    """In megabytes, since it began."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, nargs="+", default=[5, 50, 99])
    sizes = parser.parse_args().megabytes
    port = random.randint(20_000, 32_000)
    scratch = Scratch(fresh_django(""), "")
    try:
        (browser,) = people(1, port)
        site = Site(port, workers=1, programs=["web"])
        try:
            wait_until_served(browser)
            (process,) = site.children("web")
            taken = []
            for size in sizes:
                content = wav(os.urandom(size * MEGABYTE), rate=44_100, channels=2, width=2)
                answer = browser.send("recitation", "audio", f"{size}.wav", content)
                assert answer.status == 201, answer.body.decode()
                taken.append(highest(process))
                sys.stdout.write(f"{size} MB sent, {taken[-1]:.1f} MB taken\n")
        finally:
            site.stop()
        sys.stdout.write(f"megabytes={sizes[-1]} grown={taken[-1] - taken[0]:.1f}\n")
    finally:
        scratch.remove()


if __name__ == "__main__":
    main()
