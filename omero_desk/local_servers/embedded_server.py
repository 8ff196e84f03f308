"""The embedded server, as a process that lives no longer than the application."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark
from omero_desk.local_servers.server_words import said
from omero_desk.models.connection.address import ServerAddress
from omero_desk.models.connection.connection import UNKNOWN, Progress
from omero_desk.models.translation import translate
from omero_desk.system import child_process

log = logging.getLogger(__name__)

_SAYS: Final = "omero_desk.server: "
"""The beginning of the line in which the server tells people why it cannot start."""
_PATIENCE_MS: Final = 400
_LONGEST_SILENCE_MS: Final = 300_000
"""A server that is not ready yet, and says nothing for so long, hangs: what takes long tells how far it is."""

_HANGS: Final = mark("Connection", "{name} could not be started: it has said nothing for {minutes} minutes.")


class EmbeddedServer(QObject):
    """Runs `python -m omero_desk.server` with `arguments`, on a free port of this computer; `name` is for people.

    `progressed` is what the server tells of itself once it is ready; `ready` then holds how to sign in, as it said.
    """

    ended = Signal()
    progressed = Signal(str, float)

    def __init__(self, arguments: Sequence[str], name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.ready: dict[str, object] = {}
        self._arguments = list(arguments)
        self._process: QProcess | None = None
        self._ahead: QProcess | None = None
        self._address: ServerAddress | None = None
        # A server that is started again takes the port that it had, where clients look for it.
        self._port = 0
        self._answered: asyncio.Future[ServerAddress] | None = None  # while `start` waits
        self._end: FailedError | None = None
        self.silence = QTimer(self, singleShot=True, interval=_LONGEST_SILENCE_MS)
        self.silence.timeout.connect(self._give_up)
        self._progress: Progress = lambda text, fraction: None
        self._tail: deque[str] = deque(maxlen=40)

    @property
    def running(self) -> bool:
        """True while there is a process."""
        return self._process is not None or self._ahead is not None

    @property
    def address(self) -> ServerAddress | None:
        """The place where the server answers, None before it is ready."""
        return self._address

    def launch(self) -> None:
        """Start the process ahead of `start`, which will listen to what it has said by then."""
        if not self.running:
            self._ahead = self._launched()

    async def start(self, progress: Progress) -> ServerAddress:
        """Return the server's address, as soon as its library is ready. Cancelling stops the process.

        Raises FailedError with the process's last words, also if it has ended right after it was ready, and if `stop`
        was called meanwhile.
        """
        if self._address is not None:
            return self._address
        process, self._ahead = self._ahead, None
        if process is None:
            self.stop()
            process = self._launched()
        self._progress = progress
        progress(translate("Connection", "Starting {name}…").format(name=self.name), UNKNOWN)
        self._answered = answered = asyncio.get_running_loop().create_future()
        self._end = None
        self._listen_to(process)
        try:
            address: ServerAddress = await answered
            if self._end is not None:
                raise self._end
        except BaseException:
            self._leave(answered)
            raise
        self._answered, self._address = None, address
        return address

    def _leave(self, answered: asyncio.Future[ServerAddress]) -> None:
        """End what `start` began, unless it was begun anew meanwhile."""
        if self._answered is answered:
            self._answered, self._port = None, 0
            self.stop()

    def stop(self) -> None:
        """End the process: asked first, killed if it does not answer soon. Whoever waits for it gets a FailedError."""
        self.silence.stop()
        answered, self._answered = self._answered, None
        if answered is not None:
            self._fail(answered, self._failure("", ""))
        processes = [each for each in (self._process, self._ahead) if each is not None]
        self._process = self._ahead = self._address = None
        for process in processes:
            process.blockSignals(True)
            process.terminate()
            if not process.waitForFinished(_PATIENCE_MS):
                process.kill()
                process.waitForFinished(_PATIENCE_MS)
            process.deleteLater()

    def _launched(self) -> QProcess:
        process = QProcess(self)
        process.setProcessEnvironment(_environment())
        program, *first = child_process.command("omero_desk.server")
        process.start(program, [*first, *self._arguments, "--port", str(self._port)])
        return process

    def _listen_to(self, process: QProcess) -> None:
        """Read what a process says, and what it has said before."""
        self._tail.clear()
        self._process = process
        self.silence.start()
        process.readyReadStandardOutput.connect(self._read_ready)
        process.readyReadStandardError.connect(self._read_progress)
        process.finished.connect(self._follow_end)
        process.errorOccurred.connect(self._follow_end)
        self._read_progress()
        self._read_ready()
        if process.state() is QProcess.ProcessState.NotRunning:
            self._follow_end()

    def _read_ready(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = _line(self._process)
            values = _json(line)
            if {"host", "ssl_port"} <= values.keys():
                self.ready = values
                self._port = int(str(values["ssl_port"]))
                self._answer(ServerAddress(str(values["host"]), self._port))

    def _read_progress(self) -> None:
        if self._process is None:
            return
        self._process.setReadChannel(QProcess.ProcessChannel.StandardError)
        while self._process.canReadLine():
            self._tell(_line(self._process))
        self._process.setReadChannel(QProcess.ProcessChannel.StandardOutput)

    def _tell(self, line: str) -> None:
        if self.silence.isActive():
            self.silence.start()
        values = _json(line)
        if "progress" in values:
            self._tell_progress(str(values.get("message", "")), float(str(values["progress"])))
        else:
            self._tail.append(line)
            log.info("server: %s", line)

    def _tell_progress(self, text: str, fraction: float) -> None:
        """Tell the caller of `start` how far it is; what comes later is for everybody."""
        text = said(text)
        if self._address is None:
            self._progress(text, fraction)
        else:
            self.progressed.emit(text, fraction)

    def _answer(self, address: ServerAddress) -> None:
        self.silence.stop()
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(address)

    def _give_up(self) -> None:
        """End a process that hangs before it is ready."""
        if self._answered is not None:
            minutes = self.silence.interval() // 60_000
            self._fail(self._answered, FailedError(_HANGS, "\n".join(self._tail), name=self._title, minutes=minutes))

    def _fail(self, answered: asyncio.Future[ServerAddress], error: FailedError) -> None:
        """Have `start` raise an error, even if it was answered and has not gone on yet."""
        self._end = error
        if not answered.done():
            answered.set_exception(error)

    def _follow_end(self, *_reason: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._read_rest(process)
        detail = "\n".join(self._tail) or process.errorString()
        reason = self._tail[-1].removeprefix(_SAYS) if self._tail and self._tail[-1].startswith(_SAYS) else ""
        process.deleteLater()
        self._address = None
        self.silence.stop()
        if self._answered is not None:
            self._fail(self._answered, self._failure(reason, detail))
        else:
            log.warning("the embedded server has ended: %s", detail)
            self.ended.emit()

    def _failure(self, reason: str, detail: str) -> FailedError:
        if reason:
            text = mark("Connection", "{name} could not be started. {reason}")
            return FailedError(text, detail, name=self._title, reason=reason)
        return FailedError(mark("Connection", "{name} could not be started."), detail, name=self._title)

    @property
    def _title(self) -> str:
        return self.name[0].upper() + self.name[1:]

    def _read_rest(self, process: QProcess) -> None:
        for line in bytes(process.readAllStandardError().data()).decode("utf-8", "replace").splitlines():
            self._tell(line)


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in child_process.environment().items():
        environment.insert(name, value)
    return environment


def _line(process: QProcess) -> str:
    return bytes(process.readLine().data()).decode("utf-8", "replace").rstrip()


def _json(line: str) -> dict[str, object]:
    try:
        values = json.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
