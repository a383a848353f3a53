"""A process that ends when the one that keeps it has gone, however that went."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with(keeper: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Linux sends `by` to this process when `keeper`, its parent's process id, dies; elsewhere nothing happens.

    Between a process's birth and its command, what the parent had set to hear the signal would swallow it, and of a
    parent that has already gone nobody tells: so the signal gets its plain meaning first, and the parent is looked for.
    """
    if sys.platform == "linux":
        if by != signal.SIGKILL:
            signal.signal(by, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != keeper:
            os.kill(os.getpid(), by)
