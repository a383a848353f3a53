"""`/works/` beside a minimal page through the same server, middleware and base template, in turns."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median

from django.conf import settings
from django.core.management.base import CommandError

from shuxiang.benchmarks.processes import run_module
from shuxiang.benchmarks.scratch import Environment, scratch_database

WORKS = 10_000
ROUNDS, SECONDS, CLIENTS = 15, 1.0, 4
PLAIN, SHOWCASE = "/plain/", "/works/"
# A word of pinyin that a fraction of the titles have, and one that none has.
SEARCHES = {"拼音查找": "/works/?q=liangdi", "查无": "/works/?q=nothingofthekind"}
START = 60


def compare_pages(works: int, write: Callable[[str], object], rounds: int = ROUNDS, seconds: float = SECONDS) -> None:
    """Writes a line per round, then the medians: pages a second of both, and the ratio."""
    with scratch_database() as environment:
        environment["SHUXIANG_STATIC_MANIFEST"] = "off"
        session = run_module("shuxiang.benchmarks.shown_works", str(works), environment=environment)
        with served(environment) as port:
            addresses = (PLAIN, SHOWCASE, *SEARCHES.values())
            for address in addresses:
                throughput(port, address, session, seconds / 4)
            write(f"{works} 件作品；每秒页数，{CLIENTS} 个访客同时，轮流测 {rounds} 轮")
            write("\t".join(["轮", "最小页", "/works/", "比值", *SEARCHES]))
            found = []
            for number in range(1, rounds + 1):
                found.append([throughput(port, address, session, seconds) for address in addresses])
                write(f"{number}\t{line(found[-1])}")
            write(f"中位数\t{line([median(each) for each in zip(*found, strict=True)])}")


def line(rates: list[float]) -> str:
    plain, showcase, *searches = rates
    return "\t".join(
        [f"{plain:.1f}", f"{showcase:.1f}", f"{showcase / plain:.2f}", *(f"{each:.1f}" for each in searches)]
    )


@contextmanager
def served(environment: Environment) -> Iterator[int]:
    """gunicorn as the manual starts it; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "shuxiang.benchmarks.shown_urls:application", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "4", "--log-level", "error",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**environment, "LOG_LEVEL": "ERROR"})
    try:
        began = time.monotonic()
        while not answers(port):
            if server.poll() is not None or time.monotonic() - began > START:
                raise CommandError("测速用的网页服务没有启动，原因见上面的输出。")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def throughput(port: int, address: str, session: str, seconds: float) -> float:
    """Pages a second that all clients together get; raises CommandError at anything but a page."""
    counts: list[int] = []
    wrong: list[int] = []

    def read() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            connection.request("GET", address, headers={"Cookie": f"sessionid={session}"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                wrong.append(response.status)
                return
            count += 1
        connection.close()
        counts.append(count)

    clients = [threading.Thread(target=read) for _ in range(CLIENTS)]
    began = time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if wrong or len(counts) < CLIENTS:
        raise CommandError(f"{address} 没有正常回答：{wrong[0] if wrong else '连接中断'}。")
    return sum(counts) / (time.monotonic() - began)
