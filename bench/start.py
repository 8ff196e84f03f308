"""`./run bench start`: from the start of a process to what it paints, and what it takes at rest.

The demo library is made by the first start and known to the later ones. At rest nobody touches window or server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.results import print_table, save
from tests.support.server_process import children, processor_seconds

REPEATS = 11
_WITH_LIBRARY: Final = 5
_SETTLING_S: Final = 10
_RESTING_S: Final = 60
_MB: Final = 2**20
_EMPTY: Final = ["bench.paint_empty"]
_PROGRAMS = {
    "empty": _EMPTY,
    "window": ["bench.paint_desk", "window"],
    "dialog": ["bench.paint_desk", "dialog"],
}
Row = tuple[str, str, str, str]


def main() -> None:
    """Measure starts, with a library too, and the processes at rest; some two minutes."""
    starts = run()
    with tempfile.TemporaryDirectory() as home:
        print("Making the demo library…", flush=True)
        made = _seconds(["bench.paint_desk", "demo"], home)
        _await_ended_servers(home)
        signed_in = []
        for _ in range(_WITH_LIBRARY):
            signed_in.append(_seconds(["bench.paint_desk", "demo"], home))
            _await_ended_servers(home)
        print("Watching it at rest…", flush=True)
        resting = _resting(home)
    found = {**starts, "first demo": made, "signed in": median(signed_in)}
    table = [*rows(starts), *_library_rows(found), *_resting_rows(resting)]
    print_table(table)
    save("start", {"starts": found, "resting": resting, "table": table})


def run() -> dict[str, float]:
    """The median seconds of several starts of each; taken in turn, so that all see the same machine."""
    seconds: dict[str, list[float]] = {what: [] for what in _PROGRAMS}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(REPEATS):
            for what, program in _PROGRAMS.items():
                seconds[what].append(_seconds(program, home))
    return {what: median(measured) for what, measured in seconds.items()}


def rows(starts: dict[str, float]) -> list[Row]:
    """The table of starts without a library."""

    def row(name: str, what: str, aim: str) -> Row:
        detail = f"{starts[what]:.2f} s against {starts['empty']:.2f} s"
        return f"Start of the process to {name}", f"{starts[what] / starts['empty']:.2f} x an empty window", aim, detail

    return [row("a painted window", "window", "1.5 x"), row("the painted sign-in dialog", "dialog", "2 x")]


def _seconds(program: list[str], home: str) -> float:
    """Return the age of a process, as it says when it has painted."""
    ended = subprocess.run(_command(program), env=_environment(home), capture_output=True, text=True, check=True)
    return float(ended.stdout)


def _resting(home: str) -> dict[str, Any]:
    """Return the memory of window, server and workers after a while, and their processor's time over a minute."""
    process = subprocess.Popen(
        _command(["bench.paint_desk", "resting"]), env=_environment(home), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(_SETTLING_S)
        (server,) = children(process.pid)
        parts = {"window": [process.pid], "server": [server], "workers": sorted(children(server))}
        before = {name: sum(map(processor_seconds, pids)) for name, pids in parts.items()}
        time.sleep(_RESTING_S)
        return {
            name: {
                "memory": sum(map(_resident, pids)),
                "processor": sum(map(processor_seconds, pids)) - before[name],
            }
            for name, pids in parts.items()
        }
    finally:
        process.kill()
        process.wait()


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _await_ended_servers(home: str) -> None:
    """Wait until no server keeps the library: one ends when the window that started it is gone."""
    while subprocess.run(["pgrep", "-f", f"omero_desk.server.*{home}"], capture_output=True, check=False).stdout:
        time.sleep(0.1)


def _command(program: list[str]) -> list[str]:
    return [sys.executable, "-m", *program]


def _environment(home: str) -> dict[str, str]:
    return {**os.environ, "OMERO_DESK_HOME": home}


def _library_rows(found: dict[str, float]) -> list[Row]:
    detail = f"{found['signed in'] / found['empty']:.1f} x an empty window, the limit; a new process each time"
    return [
        ("Start of the process to the painted rows of the demo library", f"{found['signed in']:.2f} s", "1 s", detail),
        ("The same the first time, when the library is made", f"{found['first demo']:.1f} s", "10 s", ""),
    ]


def _resting_rows(resting: dict[str, Any]) -> list[Row]:
    return [
        (
            f"At rest, signed in to the demo library: the {name}",
            f"{one['memory'] / _MB:.0f} MB",
            "",
            f"{one['processor'] / _RESTING_S:.2%} of a core over {_RESTING_S} s",
        )
        for name, one in resting.items()
    ]
