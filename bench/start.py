"""From the start of a process to a painted window, ours and an empty one in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from statistics import median

REPEATS = 11

_PROGRAMS = {
    "empty": ["bench.paint_empty"],
    "window": ["bench.paint_desk", "window"],
    "dialog": ["bench.paint_desk", "dialog"],
}


def run() -> dict[str, float]:
    """The median seconds of several starts of each; taken in turn, so that all see the same machine."""
    seconds: dict[str, list[float]] = {what: [] for what in _PROGRAMS}
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "OMERO_DESK_HOME": home}
        for _ in range(REPEATS):
            for what, program in _PROGRAMS.items():
                command = [sys.executable, "-m", *program]
                ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
                seconds[what].append(float(ended.stdout))
    return {what: median(measured) for what, measured in seconds.items()}
