"""The limits that a worker sets to itself; the system holds it to them, whatever the libraries in it are doing."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

MEMORY_BYTES: Final = 2**30
"""The memory that a worker may need for a file, beyond that of a worker at rest."""

OUT_OF_MEMORY: Final = 77
"""The exit code of a worker that has needed more."""

_SPARE_S: Final = 5
_POLL_S: Final = 0.1


def limit_process() -> None:
    """Bound the memory of this process, and let it write no file. Windows has no such limits."""
    if sys.platform == "win32":
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's affair
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        most = _data_bytes() + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    else:
        _watch_peak()


def limit_task(processor_seconds: float, seconds: float) -> None:
    """Let the system end this process if the task that begins takes longer, by the processor's time or by the clock.

    The clock is a second lock: it goes on when the server, which looks at it too, is gone.
    """
    if sys.platform == "win32":
        return
    most = math.ceil(time.process_time() + processor_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.alarm(math.ceil(seconds) + _SPARE_S)


def lift_task_limit() -> None:
    """Let the process wait for the next task as long as it likes."""
    if sys.platform != "win32":
        signal.alarm(0)


def _data_bytes() -> int:
    """Return the bytes of this process that RLIMIT_DATA counts (proc(5), VmData)."""
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _watch_peak() -> None:
    """End the process once it has needed too much, where the system knows no limit of memory (macOS)."""
    most = _peak_bytes() + MEMORY_BYTES

    def watch() -> None:
        while _peak_bytes() <= most:
            time.sleep(_POLL_S)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=watch, name="memory watch", daemon=True).start()


def _peak_bytes() -> int:
    """Return the most memory that this process has had; macOS counts it in bytes, others in kilobytes."""
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
