"""Programs that are kept running: started again when they die, ended all together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KEEPER = """
import sys
from pathlib import Path
from shuxiang.processes import keep_running
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
deaf = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]
programs = {"甲": sleep, "乙": deaf if "deaf" in sys.argv else sleep}
keep_running(programs, Path(sys.argv[1]), lambda line: print(line, flush=True))
"""
ROOT = Path(__file__).resolve().parents[2]


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(condition, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def keep(tmp_path):
    started = []

    def start(*arguments: str) -> subprocess.Popen:
        keeper = subprocess.Popen(
            [sys.executable, "-c", KEEPER, str(tmp_path / "log"), *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(keeper)
        until(lambda: len(children(keeper.pid)) == 2)
        return keeper

    yield start
    for keeper in started:
        keeper.kill()
        keeper.wait()
        keeper.stdout.close()


pytestmark = pytest.mark.linux


def test_what_is_killed_starts_again_and_is_named(keep, tmp_path):
    keeper = keep()
    first, second = children(keeper.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(children(keeper.pid)) == 2 and first not in children(keeper.pid))
    assert second in children(keeper.pid)
    assert keeper.stdout.readline() == f"甲意外停止，正在重新启动，原因见 {tmp_path / 'log'}。\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_end_with_the_keeper(keep, number):
    keeper = keep()
    both = children(keeper.pid)
    keeper.send_signal(number)
    assert keeper.wait(timeout=20) == 0
    assert keeper.stdout.read() == ("正在停止……\n" if number == signal.SIGINT else "")
    assert [is_gone(pid) for pid in both] == [True, True]


def test_all_end_when_the_keeper_is_killed(keep):
    keeper = keep()
    both = children(keeper.pid)
    keeper.kill()
    until(lambda: all(is_gone(pid) for pid in both))


def test_all_end_when_the_keeper_is_killed_while_it_starts_them(tmp_path):
    """At any moment of the start, the one between a program's birth and its command included."""
    for number in range(20):
        keeper = subprocess.Popen([sys.executable, "-c", KEEPER, str(tmp_path / "log")], cwd=ROOT)
        until(lambda keeper=keeper: children(keeper.pid))
        time.sleep(number / 1000)
        both = children(keeper.pid)
        keeper.kill()
        keeper.wait()
        until(lambda both=both: all(is_gone(pid) for pid in both))


def test_what_does_not_listen_is_killed(keep):
    keeper = keep("deaf")
    both = children(keeper.pid)
    time.sleep(0.5)
    keeper.terminate()
    assert keeper.wait(timeout=30) == 0
    assert [is_gone(pid) for pid in both] == [True, True]
