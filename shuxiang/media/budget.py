"""Processor time of a child: a fixed share, and more for each minute of sound that it has decoded."""

import math
import resource


class Budget:
    def __init__(self, seconds: float, per_minute: float, minutes: int) -> None:
        self.seconds = seconds
        self.per_minute = per_minute
        self.hard = math.ceil(seconds + per_minute * (minutes + 1))
        self.granted = 0

    def set(self) -> None:
        self.grant(0)

    def grant(self, minutes: float) -> None:
        """Moves the limit up to what so many minutes of sound allow; beyond it the kernel ends the process."""
        granted = math.ceil(self.seconds + self.per_minute * minutes)
        if granted > self.granted:
            self.granted = granted
            resource.setrlimit(resource.RLIMIT_CPU, (min(granted, self.hard), self.hard))
