"""The server's end of one worker process."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from omero_desk.server.workers.frames import BrokenFrameError, Message, receive, send
from omero_desk.server.workers.limits import OUT_OF_MEMORY

MODULE: Final = "omero_desk.server.workers"
_CODE: Final = Path(__file__).parents[3]
_PIPE_BYTES: Final = 2**20
_END_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """The time that a task may take: of the processor, and by the clock, which also counts waiting for a disk."""

    processor: float
    clock: float


class WorkerLostError(Exception):
    """The process has ended in the middle of a task."""


class NotStartedError(Exception):
    """The process has ended before it could do anything."""


class TooLongError(Exception):
    """The task took more than so many `seconds`, of the processor or by the clock."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class TooMuchMemoryError(Exception):
    """The task needed more memory than it may."""


class Worker:
    """A process that does one task at a time. Raises OSError if it cannot be started.

    `began` is the moment of time.monotonic at which its task began, None while it has none.
    """

    def __init__(self, module: str = MODULE) -> None:
        self._process = subprocess.Popen(
            module_command(module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=_PIPE_BYTES,
            cwd=_CODE if _CODE.is_dir() else None,
            env=module_environment(),
        )
        self._patience = Patience(0, 0)
        self._is_overdue = False
        self._is_ready = False
        self.began: float | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """False once the process has ended."""
        return self._process.poll() is None

    def ask(self, task: str, arguments: object, patience: Patience) -> tuple[Message, bytearray]:
        """Let the worker do a task; return its answer.

        Raises TooLongError, TooMuchMemoryError or WorkerLostError if the process has ended over it, NotStartedError if
        it never began to work.
        """
        self._patience, self.began = patience, time.monotonic()
        request = {"task": task, "arguments": arguments, "processor": patience.processor, "seconds": patience.clock}
        try:
            send(self._in, request)
            if not self._is_ready:
                receive(self._out)
                self._is_ready = True
            return receive(self._out)
        except (BrokenFrameError, OSError, ValueError) as error:
            raise self._reason() from error
        finally:
            self.began = None

    def kill_if_overdue(self, now: float) -> None:
        """End the process if its task has taken too long by the clock."""
        began = self.began
        if began is not None and now - began > self._patience.clock:
            self._is_overdue = True
            self._process.kill()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        for each in (self._process.stdin, self._process.stdout):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.close()

    @property
    def _in(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _out(self) -> BufferedReader:
        assert isinstance(self._process.stdout, BufferedReader)
        return self._process.stdout

    def _reason(self) -> Exception:
        """Return why the process has ended; it is ended if it has only said what is no message."""
        try:
            code = self._process.wait(_END_S if self._process.poll() is None else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return WorkerLostError("it said what is no message")
        if self._is_overdue:
            return TooLongError(self._patience.clock)
        if os.name == "posix" and code == -signal.SIGXCPU:
            return TooLongError(self._patience.processor)
        if code == OUT_OF_MEMORY:
            return TooMuchMemoryError()
        if not self._is_ready:
            return NotStartedError(f"it ended with {code}")
        return WorkerLostError(f"it ended with {code}")


def module_command(module: str) -> list[str]:
    """Return the command line of a worker; a frozen program holds no interpreter, and runs its modules itself."""
    how = "--run-module" if getattr(sys, "frozen", False) else "-m"
    return [sys.executable, how, module]


def module_environment() -> Mapping[str, str]:
    """Return the environment of a worker: our code on Python's path, and one thread where libraries start many."""
    paths = (str(_CODE), os.environ.get("PYTHONPATH", ""))
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **one, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
