"""P7: what a child that reads a file may cost, in memory and in processor time."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image

from activities.tests.media import office
from shuxiang.media import runner
from shuxiang.media.runner import AT_ONCE, IN_BACKGROUND, ChildDied, Limits, PatienceEnded, run
from shuxiang.tests.media_files import RELATIONS, document, run_of, sound
from shuxiang.uploads import Refused

MEGABYTE = 1024 * 1024


def costs(job: str, source: Path, limits: Limits) -> tuple[dict, float, float]:
    """The answer, processor seconds, and megabytes at the highest."""
    order = {
        "job": job, "source": str(source), "target": f"{source}.made", "limits": asdict(limits), "parent": os.getpid(),
        "rules": runner.rules(),
    }  # fmt: skip
    answer = source.with_suffix(".answer")
    with answer.open("wb") as written:  # a pipe would fill, since nobody reads before the end
        child = subprocess.Popen([sys.executable, "-m", "shuxiang.media.child"], stdin=subprocess.PIPE, stdout=written)
    assert child.stdin
    child.stdin.write(json.dumps(order).encode())
    child.stdin.close()
    highest = 0
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        status = Path(f"/proc/{child.pid}/status").read_text()
        if "VmHWM" in status:
            highest = max(highest, int(status.split("VmHWM:")[1].split()[0]))
        time.sleep(0.005)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return json.loads(answer.read_bytes() or b"{}"), usage.ru_utime + usage.ru_stime, highest / 1024


@pytest.mark.linux
def test_what_the_costliest_files_cost(tmp_path):
    """At most 512 MB for everything that a file sets in motion (a web process beside it has about 100), 20 s and
    2 s more per minute of sound."""
    noise = Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000))
    large, plain = Image.new("RGB", (8660, 5770)), Image.new("RGBA", (6000, 4000))
    large.paste(noise), plain.paste(noise)
    large.save(tmp_path / "large.jpg", quality=30, progressive=True)
    plain.save(tmp_path / "plain.png", compress_level=1)
    many = document(tmp_path / "many.docx", "".join(run_of("字") for _ in range(19_000)))
    led = (f'<Relationship Id="r{number}" Type="http://x/slide" Target="{number}.xml"/>' for number in range(180_000))
    packed = tmp_path / "packed.pptx"
    media = {f"ppt/media/{number}.bin": bytes(37_000_000) for number in range(5)}
    packed.write_bytes(office("PPTX", **{"ppt/_rels/a.rels": RELATIONS.format("".join(led))}, **media))
    minute = sound(tmp_path / "minute.wav", 60, rate=44_100)
    for job, source, minutes, said in (
        ("make image", tmp_path / "large.jpg", 0, "facts"),
        ("make image", tmp_path / "plain.png", 0, "facts"),
        ("read docx", many, 0, "facts"),
        ("check office", packed, 0, "facts"),
        ("check audio", minute, 1, "facts"),
        ("make audio", minute, 1, "facts"),
    ):
        limits = IN_BACKGROUND if job == "make audio" else AT_ONCE
        answer, seconds, megabytes = costs(job, source, limits)
        assert said in answer, (job, source.name, answer)
        assert seconds <= 20 + 2 * minutes, (job, source.name, seconds)
        assert megabytes <= 380, (job, source.name, megabytes)


@pytest.fixture
def days_of_sound(tmp_path, settings) -> Path:
    """More than any processor gets through in seconds: 74 hours of silence, of which the disk keeps the beginning."""
    settings.AUDIO_MAX_MINUTES = 10_000
    path, size = tmp_path / "a.wav", 2**32 - 1000
    header = b"RIFF", size + 36, b"WAVEfmt ", 16, 1, 1, 8000, 16_000, 2, 16, b"data", size
    path.write_bytes(struct.pack("<4sI8sIHHIIHH4sI", *header))
    os.truncate(path, 44 + size)
    return path


def test_a_child_that_takes_too_much_of_the_processor_ends(days_of_sound, tmp_path):
    with pytest.raises(ChildDied, match=f"退出码 -({signal.SIGXCPU:d}|{signal.SIGKILL:d}) ") as died:
        run("make audio", days_of_sound, tmp_path / "made", Limits(1, 0))
    assert not isinstance(died.value, PatienceEnded)


def test_a_child_that_takes_too_long_ends(days_of_sound, tmp_path, settings):
    settings.FILE_PATIENCE_IN_BACKGROUND = 0.5
    with pytest.raises(PatienceEnded):
        run("make audio", days_of_sound, tmp_path / "made", Limits(600, 0))


def test_a_child_that_takes_too_much_memory_ends(tmp_path):
    path = sound(tmp_path / "a.wav", 1)
    with pytest.raises((ChildDied, Refused)):
        run("make audio", path, tmp_path / "made", Limits(60, 0, memory=60 * MEGABYTE))


def test_a_good_picture_on_a_busy_server_is_not_called_broken(tmp_path, settings):
    settings.FILE_PATIENCE = 0.01
    path = tmp_path / "a.png"
    Image.new("RGB", (10, 10)).save(path)
    with pytest.raises(Refused, match="服务器正忙"):
        run("make image", path, tmp_path / "made")


def test_a_good_recording_on_a_busy_server_is_left_to_the_background(tmp_path, settings):
    settings.FILE_PATIENCE = 0.01
    with pytest.raises(PatienceEnded):
        run("check audio", sound(tmp_path / "a.wav", 1))


def test_a_request_waits_far_longer_than_a_file_may_cost(settings):
    """The processor's time ends what is too costly; a crowd of others at work ends nothing."""
    assert AT_ONCE.seconds * 7 <= settings.FILE_PATIENCE
