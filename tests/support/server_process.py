"""The real server for tests: a process of its own, as users run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omero_desk.system import child_process

ROOT_PASSWORD = "omero"
_START_S = 60
AT_WORK = 0.02
"""The share of the processor that a process has even on a busy computer, unless it only waits."""


@dataclass
class ServerProcess:
    """A running server. `place` is the folder it was given, `ready` what it told first, `notes` its lines on stderr."""

    host: str
    ssl_port: int
    tcp_port: int
    pid: int
    place: Path | None
    ports: dict[str, int] = field(default_factory=dict)
    ready: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        """The folder of its library; AssertionError if that was left to the server."""
        assert self.place is not None
        return self.place

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """End it politely and return the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


def server_command(*arguments: str) -> list[str]:
    """Return the command line of a server."""
    return [sys.executable, "-m", "omero_desk.server", *arguments]


def server_environment() -> dict[str, str]:
    """Return the environment that the application gives it, in which the project is found wherever it is run from."""
    return child_process.environment({**os.environ, "PYTHONPATH": ""})


@contextmanager
def running_server(data: Path | None, *arguments: str) -> Iterator[ServerProcess]:
    """Run a server on `data`, on any free ports unless told otherwise; None leaves the place to the server."""
    place = () if data is None else ("--data", str(data))
    ports = () if "--port" in arguments else ("--port", "0")
    process = subprocess.Popen(
        server_command(*place, *ports, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=server_environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    notes: list[str] = []
    reader = threading.Thread(target=lambda: notes.extend(iter(process.stderr.readline, "")), daemon=True)  # type: ignore[union-attr]
    reader.name = "server notes"
    reader.start()
    with _killed_unless_moving(process):
        line = process.stdout.readline()
    server = ServerProcess("", 0, 0, process.pid, data, notes=notes, process=process)
    try:
        assert line, "".join(notes)
        ready = server.ready = json.loads(line)
        server.host, server.ssl_port, server.tcp_port = ready["host"], ready["ssl_port"], ready["tcp_port"]
        server.ports = {key: value for key, value in ready.items() if key.endswith("_port")}
        yield server
    finally:
        server.stop()
        reader.join(10)
        process.stdout.close()
        process.stderr.close()


@contextmanager
def _killed_unless_moving(process: subprocess.Popen[str]) -> Iterator[None]:
    """Kill a process that does not work any more: on a computer that is busy, one that works is waited for."""
    over = threading.Event()
    watch = threading.Thread(target=_kill_when_still, args=(process, over), name="server watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join(10)


def _kill_when_still(process: subprocess.Popen[str], over: threading.Event) -> None:
    worked = work_of(process.pid)
    while not over.wait(_START_S):
        before, worked = worked, work_of(process.pid)
        if worked - before < _START_S * AT_WORK:
            process.kill()


def processor_seconds(pid: int) -> float:
    """Return the processor's time that a process has had; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def work_of(pid: int) -> float:
    """Return the processor's time that a process and those that it started have had, also those that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(map(work_of, children(pid)))


def children(pid: int | str = "self") -> set[int]:
    """Return the processes that this one, or another, has started and that still run.

    Threads may end while they are asked.
    """
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found.update(map(int, path.read_text("ascii").split()))
    return found


def lines_of(notes: Sequence[str]) -> list[str]:
    """Return what a server said to people, without the progress of the demo."""
    return [line.rstrip() for line in notes if not line.startswith("{")]
