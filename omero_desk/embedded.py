"""The embedded server, as a process that lives no longer than the application."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections import deque
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
    """Runs `python -m omero_desk.server --demo` on the library in `data`, on a free port of this computer."""

    ended = Signal()

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self._process: QProcess | None = None
        self._address: ServerAddress | None = None
        # A server that is started again takes the port that it had, where clients look for it.
        self._port = 0
        self._ready: asyncio.Future[ServerAddress] | None = None
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
        progress("Starting the demo library…", UNKNOWN)
        self._ready = asyncio.get_running_loop().create_future()
        self._launch()
        try:
            self._address = await self._ready
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
        arguments = ["-m", "omero_desk.server", "--demo", "--port", str(self._port), "--data", str(self._data)]
        process.start(sys.executable, arguments)

    def _read_ready(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = _line(self._process)
            values = _json(line)
            if "ssl_port" in values:
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
            self._progress(str(values.get("message", "")), float(values["progress"]))
        else:
            self._tail.append(line)
            log.info("server: %s", line)

    def _answer(self, address: ServerAddress) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(address)

    def _follow_end(self, *_reason: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._read_rest(process)
        detail = "\n".join(self._tail) or process.errorString()
        reason = self._tail[-1].removeprefix(_SAYS) if self._tail and self._tail[-1].startswith(_SAYS) else ""
        process.deleteLater()
        self._address = None
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(FailedError(f"The demo library could not be started. {reason}".rstrip(), detail))
        else:
            log.warning("the embedded server has ended: %s", detail)
            self.ended.emit()

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
