"""Recordings of strangers: measured by decoding, since headers lie, evened in loudness and made into MP3.

MP3 is the one format that every browser plays, also those that were built without AAC.
"""

import math
from array import array
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import av
import av.logging
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter import Graph
from av.stream import Disposition

from shuxiang.media.budget import Budget
from shuxiang.media.problem import Problem
from shuxiang.media.sounds import BROKEN, NO_RECORDING, NO_SOUND, VIDEO, demuxer_of

INCOMPLETE = "录音文件不完整，无法播放，请重新上传。"
TOO_SHORT = "录音不到 1 秒，请重新录音。"
SILENT = "录音似乎没有声音，请试听后再提交。"
MAYBE_CUT = "录音可能不完整，请试听后再提交。"
RATE, BITS_PER_SECOND = 44_100, 96_000
# Halves the encoder's time; speech at this rate sounds the same.
FAST = {"compression_level": "7"}
# Loudness in LUFS that recordings are brought to, the most that one is raised by, and what counts as silence.
LOUDNESS, MOST_GAIN, SILENCE = -18.0, 24.0, -60.0
CEILING = 0.84  # of full scale, -1.5 dB
WINDOW = RATE // 10
MONO = f"sample_rate={RATE}:sample_fmt=s16:channel_layout=mono:time_base=1/{RATE}"
# Frames that are worked on together.
TOGETHER = 40
MAX_PEAKS = 600
RATES, MAX_CHANNELS = range(4_000, 192_001), 8
# Broken packets in a row, and altogether beside the good ones, after which a file is none.
MAX_BROKEN = 200
# Formats that cannot be read without their beginning or end; what the demuxer says where a file just ends.
HEADED = {"mov", "ogg", "matroska", "wav", "flac"}
CUT_SHORT = "prematurely"


av.logging.set_level(av.logging.WARNING)


class Recording:
    """The sound of a file, frame by frame, to its limit; says afterwards what it met."""

    def __init__(self, source: Path, rules: dict[str, int], budget: Budget) -> None:
        self.source, self.rules, self.budget = source, rules, budget
        self.seconds = 0.0
        self.stated = 0.0
        self.good = self.broken = 0
        self.is_short = False

    def frames(self) -> Iterator[AudioFrame]:
        name = demuxer_of(self.source)
        options = {"protocol_whitelist": "file"}
        with av.logging.Capture() as said:
            yield from self._tried(name, options)
            if not self.good and name == "mov":  # where the header lies about its times, the edit list hides all
                yield from self._tried(name, {**options, "ignore_editlist": "1"})
            self.is_short = any(CUT_SHORT in message for _, _, message in said)
        self._check()

    def _tried(self, name: str, options: dict[str, str]) -> Iterator[AudioFrame]:
        try:
            with av.open(str(self.source), format=name, options=options) as container:
                yield from self._decoded(container, self._stream(container))
        except (av.error.FFmpegError, ValueError, OSError) as error:
            if not self.seconds:
                raise Problem(INCOMPLETE if name in HEADED else BROKEN) from error
            self.broken += 1

    def _stream(self, container: InputContainer) -> AudioStream:
        if any(not stream.disposition & Disposition.attached_pic for stream in container.streams.video):
            raise Problem(VIDEO)
        if not container.streams.audio:
            raise Problem(NO_SOUND)
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        if container.duration is not None and container.duration > 0:
            self.stated = container.duration / av.time_base
        return stream

    def _decoded(self, container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
        limit = self.rules["minutes"] * 60
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                self.broken += 1
                if self.broken > MAX_BROKEN and self.broken > self.good:
                    raise Problem(NO_RECORDING) from None
                continue
            for frame in frames:
                if frame.sample_rate not in RATES or len(frame.layout.channels) not in range(1, MAX_CHANNELS + 1):
                    raise Problem(BROKEN)
                self.good += 1
                self.seconds += frame.samples / frame.sample_rate
                self.budget.grant(self.seconds / 60)
                if self.seconds > limit + 1:
                    raise Problem(f"录音时长超过 {self.rules['minutes']} 分钟上限，请剪短后重新选择。")
                yield frame

    def _check(self) -> None:
        if not self.good:
            raise Problem(NO_SOUND if not self.broken else INCOMPLETE)
        if self.broken > self.good:
            raise Problem(NO_RECORDING)
        if self.seconds < 1:
            raise Problem(TOO_SHORT)

    @property
    def is_cut(self) -> bool:
        missing = self.stated - self.seconds
        return (
            self.is_short or self.broken > 1 or (missing > 1 and missing > 0.05 * self.seconds and self.stated < 86_400)
        )


class Evened:
    """Frames of one kind as mono of one rate, a second each, which costs less than thousands of small ones."""

    def __init__(self, frame: AudioFrame) -> None:
        self.kind = kind_of(frame)
        self.graph = chained(
            ("abuffer", f"sample_rate={frame.sample_rate}:sample_fmt={frame.format.name}"
             f":channel_layout={layout_of(frame)}:time_base=1/{frame.sample_rate}"),
            ("aformat", f"sample_fmts=s16:sample_rates={RATE}:channel_layouts=mono"),
            ("asetnsamples", f"n={RATE}:p=0"),
        )  # fmt: skip
        self.pushed = self.position = 0

    def __call__(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """None ends it."""
        if frame is not None:
            frame.pts, frame.time_base = self.position, Fraction(1, frame.sample_rate)
            self.position += frame.samples
            self.pushed += 1
        self.graph.push(frame)
        if frame is None or self.pushed % TOGETHER == 0:
            yield from pulled(self.graph)


def kind_of(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, layout_of(frame), frame.sample_rate


def layout_of(frame: AudioFrame) -> str:
    """By its name, or where the file gives no sense of it, by the number of channels."""
    name = frame.layout.name
    return f"{frame.layout.nb_channels}c" if " " in name else name


def chained(*steps: tuple[str, str]) -> Graph:
    graph = Graph()
    nodes = [graph.add(name, options) for name, options in steps] + [graph.add("abuffersink")]
    for before, after in pairwise(nodes):
        before.link_to(after)
    graph.configure()
    return graph


def pulled(graph: Graph) -> Iterator[AudioFrame]:
    with suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            frame = graph.pull()
            assert isinstance(frame, AudioFrame)
            yield frame


def mono(recording: Recording) -> Iterator[AudioFrame]:
    """The whole recording as mono of one rate, its time counted anew; some files change their kind on the way."""
    position = 0
    for each in evened_parts(recording):
        each.pts, each.time_base = position, Fraction(1, RATE)
        position += each.samples
        yield each


def evened_parts(recording: Recording) -> Iterator[AudioFrame]:
    evened: Evened | None = None
    for frame in recording.frames():
        if evened is None or evened.kind != kind_of(frame):
            if evened is not None:
                yield from evened(None)
            evened = Evened(frame)
        yield from evened(frame)
    if evened is not None:
        yield from evened(None)


def check(source: Path, target: Path, rules: dict[str, int], budget: Budget) -> dict[str, Any]:
    """Duration and faults, as fast as it can be decoded."""
    recording = Recording(source, rules, budget)
    for _ in recording.frames():
        pass
    return {"duration_ms": round(recording.seconds * 1000), "notice": MAYBE_CUT if recording.is_cut else ""}


def make(source: Path, target: Path, rules: dict[str, int], budget: Budget) -> dict[str, Any]:
    """Measures in a first pass, writes the MP3 in a second."""
    recording = Recording(source, rules, budget)
    windows, loudness = measured(recording)
    silent = loudness <= SILENCE
    gain = 0.0 if silent else min(LOUDNESS - loudness, MOST_GAIN)
    write(Recording(source, rules, budget), target, gain)
    notices = [SILENT] if silent else []
    if recording.is_cut:
        notices.append(MAYBE_CUT)
    return {
        "duration_ms": round(recording.seconds * 1000),
        "peaks": peaks_of(windows, silent),
        "notice": "".join(notices),
    }


def measured(recording: Recording) -> tuple[list[int], float]:
    """The loudest sample of every tenth of a second, and the loudness of the whole (EBU R 128)."""
    graph = chained(("abuffer", MONO), ("ebur128", "metadata=1"))
    windows: list[int] = []
    metered: AudioFrame | None = None
    for frame in mono(recording):
        samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])
        windows += [loudest(samples[first : first + WINDOW]) for first in range(0, len(samples), WINDOW)]
        graph.push(frame)
        metered = last(pulled(graph), metered)
    loudness = metered.metadata.get("lavfi.r128.I") if metered is not None else None
    return windows, float(loudness) if loudness else -math.inf


def last(frames: Iterator[AudioFrame], otherwise: AudioFrame | None) -> AudioFrame | None:
    found = otherwise
    for frame in frames:
        found = frame
    return found


def loudest(samples: "array[int]") -> int:
    return max(max(samples), -min(samples))


def peaks_of(windows: list[int], silent: bool) -> list[int]:
    """At most MAX_PEAKS numbers from 0 to 100, the loudest place of the recording at 100."""
    count = min(len(windows), MAX_PEAKS)
    if silent or not any(windows):
        return [0] * count
    edges = [len(windows) * number // count for number in range(count + 1)]
    top = max(windows)
    return [round(100 * max(windows[first:last]) / top) for first, last in pairwise(edges)]


def write(recording: Recording, target: Path, gain: float) -> None:
    graph = chained(
        ("abuffer", MONO),
        ("volume", f"{gain:.2f}dB:precision=float"),
        ("alimiter", f"limit={CEILING}:level=disabled:attack=5:release=50"),
        ("aformat", f"sample_fmts=s16p:sample_rates={RATE}:channel_layouts=mono"),
    )
    with av.open(str(target), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BITS_PER_SECOND, options=FAST)
        for frame in chain(mono(recording), [None]):
            graph.push(frame)
            for even in pulled(graph):
                container.mux(stream.encode(even))
        container.mux(stream.encode(None))
