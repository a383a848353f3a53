"""Sounds for a microphone that is none: Chromium plays the file into it, again and again."""

import math
import random
import struct
import wave
from pathlib import Path

RATE = 48_000
SYLLABLE = 0.28


def speech(second: float) -> float:
    """Syllables with pauses between the clauses, as loud as somebody who speaks into a telephone."""
    if second % 2.4 > 1.9:
        return 0.0005 * random.uniform(-1, 1)
    shape = math.sin(math.pi * (second % SYLLABLE) / SYLLABLE) ** 2
    tone = sum(math.sin(2 * math.pi * 160 * n * second) / n for n in (1, 2, 3, 5))
    return 0.22 * shape * tone


def silence(second: float) -> float:
    return 0.0


def shouting(second: float) -> float:
    return max(-1.0, min(1.0, speech(second) * 12))


def write(path: Path, sound, seconds: float = 7.2) -> Path:
    samples = [round(32_767 * sound(n / RATE)) for n in range(int(RATE * seconds))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path
