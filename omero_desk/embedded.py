"""The embedded server, as a process that lives no longer than the application."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from omero_desk.gateway.errors import FailedError
from omero_desk.models.address import ServerAddress
from omero_desk.models.connection import UNKNOWN, Progress

log = logging.getLogger(__name__)

_CODE: Final = str(Path(__file__).parents[1])
_SAYS: Final = "omero_desk.server: "
"""What the line begins with in which the server says, to people, why it cannot start."""
_PATIENCE_MS: Final = 400


class EmbeddedServer(QObject):
    """Runs `python -m omero_desk.server` with `arguments`, on a free port of this computer; `name` is for people.

    `progressed` is what it tells of itself after it is ready; `ready` then holds what it said of how to sign in.
    """

    ended = Signal()
    progressed = Signal(str, float)

    def __init__(self, arguments: Sequence[str], name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.ready: dict[str, Any] = {}
        self._arguments = list(arguments)
        self._process: QProcess | None = None
        self._address: ServerAddress | None = None
        # A server that is started again takes the port that it had, where clients look for it.
        self._port = 0
        self._answered: asyncio.Future[ServerAddress] | None = None
        self._progress: Progress = lambda text, fraction: None
        self._tail: deque[str] = deque(maxlen=40)

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    async def start(self, progress: Progress) -> ServerAddress:
        """The server's address, as soon as its library is ready. Cancelling stops the process.

        Raises FailedError with the process's last words.
        """
        if self._address is not None:
            return self._address
        self.stop()
        self._progress = progress
        progress(f"Starting {self.name}…", UNKNOWN)
        self._answered = asyncio.get_running_loop().create_future()
        self._launch()
        try:
            self._address = await self._answered
        except BaseException:
            self._port = 0
            self.stop()
            raise
        return self._address

    def stop(self) -> None:
        """End the process: asked first, killed if it does not answer soon."""
        process, self._process = self._process, None
        self._address = None
        if process is None:
            return
        process.blockSignals(True)
        process.terminate()
        if not process.waitForFinished(_PATIENCE_MS):
            process.kill()
            process.waitForFinished(_PATIENCE_MS)
        process.deleteLater()

    def _launch(self) -> None:
        self._tail.clear()
        process = QProcess(self)
        process.setProcessEnvironment(_environment())
        process.readyReadStandardOutput.connect(self._read_ready)
        process.readyReadStandardError.connect(self._read_progress)
        process.finished.connect(self._follow_end)
        process.errorOccurred.connect(self._follow_end)
        self._process = process
        process.start(sys.executable, ["-m", "omero_desk.server", *self._arguments, "--port", str(self._port)])

    def _read_ready(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = _line(self._process)
            values = _json(line)
            if "ssl_port" in values:
                self.ready = values
                self._port = int(values["ssl_port"])
                self._answer(ServerAddress(str(values["host"]), self._port))

    def _read_progress(self) -> None:
        if self._process is None:
            return
        self._process.setReadChannel(QProcess.ProcessChannel.StandardError)
        while self._process.canReadLine():
            self._tell(_line(self._process))
        self._process.setReadChannel(QProcess.ProcessChannel.StandardOutput)

    def _tell(self, line: str) -> None:
        values = _json(line)
        if "progress" in values:
            self._tell_progress(str(values.get("message", "")), float(values["progress"]))
        else:
            self._tail.append(line)
            log.info("server: %s", line)

    def _tell_progress(self, text: str, fraction: float) -> None:
        """Whoever waits for the start wants to know how far that is; what comes later is for everybody."""
        if self._address is None:
            self._progress(text, fraction)
        else:
            self.progressed.emit(text, fraction)

    def _answer(self, address: ServerAddress) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(address)

    def _follow_end(self, *_reason: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._read_rest(process)
        detail = "\n".join(self._tail) or process.errorString()
        reason = self._tail[-1].removeprefix(_SAYS) if self._tail and self._tail[-1].startswith(_SAYS) else ""
        process.deleteLater()
        self._address = None
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(FailedError(self._failure(reason), detail))
        else:
            log.warning("the embedded server has ended: %s", detail)
            self.ended.emit()

    def _failure(self, reason: str) -> str:
        text = f"{self.name} could not be started. {reason}".rstrip()
        return text[0].upper() + text[1:]

    def _read_rest(self, process: QProcess) -> None:
        for line in bytes(process.readAllStandardError().data()).decode("utf-8", "replace").splitlines():
            self._tell(line)


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    paths = [_CODE, environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    return environment


def _line(process: QProcess) -> str:
    return bytes(process.readLine().data()).decode("utf-8", "replace").rstrip()


def _json(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
