"""The age of this process, for those that measure how long they took to start."""

from __future__ import annotations

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def report() -> None:
    """Print the seconds since the process began, by the kernel's clock of hundredths."""
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    print(time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / _TICKS, flush=True)


def report_and_end() -> None:
    """Print the seconds since the process began, and end it there and then."""
    report()
    os._exit(0)
