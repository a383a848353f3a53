"""Several who do something at one moment: once, or again and again on a database of their own.

A script of races takes `--server postgres://…/postgres` and numbers, and says in its last line what was tried and what
must never be, as name=number; its exit code is 1 where one of the latter is not 0.
"""

import argparse
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from shuxiang.tests.scratch import Scratch, fresh_django

Step = Callable[[], Any]
Scene = Callable[[int], list[Step]]


def at_once(*jobs: Step) -> list[Any]:
    """Each job in a thread of its own, all from one moment on; what each returned or raised."""
    barrier = threading.Barrier(len(jobs), timeout=60)
    results: list[Any] = [None] * len(jobs)

    def work(place: int, job: Step) -> None:
        try:
            barrier.wait()
            results[place] = job()
        except Exception as error:  # noqa: BLE001  # the test looks at it
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


class Arena:
    """What threads compete for. A round is one of its scenes, which gives a step per thread, and is judged at its end.

    `counts` has what became of the steps (done, refused, idle, errors) and what `judge` adds.
    """

    def __init__(self, refusals: Collection[type[Exception]]) -> None:
        self.refusals = tuple(refusals)
        self.now = timezone.now()
        self.counts: Counter[str] = Counter()

    def tick(self) -> datetime:
        """Every step has a moment of its own, as on a clock."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def clear(self) -> None:
        """As it was before the first round."""
        raise NotImplementedError

    def scenes(self) -> list[Scene]:
        raise NotImplementedError

    def judge(self, scene: str, threads: int) -> None:
        """Counts what must never be."""
        raise NotImplementedError

    def take(self, step: Step) -> str:
        try:
            step()
        except self.refusals:
            return "refused"
        except Exception:  # noqa: BLE001 - whatever it was, it is counted and shown
            traceback.print_exc()
            return "errors"
        return "done"


def compete(arena: Arena, rounds: int, threads: int) -> None:
    gate = threading.Barrier(threads + 1, timeout=600)
    steps: list[Step] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        try:
            for _ in range(rounds):
                gate.wait()
                result = arena.take(steps[number]) if number < len(steps) else "idle"
                with lock:
                    arena.counts[result] += 1
                gate.wait()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(threads)]
    for each in workers:
        each.start()
    scenes = arena.scenes()
    for number in range(rounds):
        scene = scenes[number % len(scenes)]
        arena.clear()
        steps[:] = scene(threads)
        gate.wait()
        gate.wait()
        arena.judge(scene.__name__, threads)
    for each in workers:
        each.join()


def options(**numbers: int) -> argparse.Namespace:
    """The server and each number, which is as given here where nobody says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="")
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    return parser.parse_args()


@contextmanager
def scratch_database(server: str) -> Iterator[None]:
    """A migrated database that is gone afterwards; models may be imported within."""
    scratch = Scratch(fresh_django(server), server)
    try:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
    finally:
        connections.close_all()
        scratch.remove()


def tell(numbers: Mapping[str, int], faults: Collection[str]) -> int:
    """Writes the last line; the exit code."""
    sys.stdout.write(" ".join(f"{name}={number}" for name, number in numbers.items()) + "\n")
    return int(any(numbers[name] for name in faults))
