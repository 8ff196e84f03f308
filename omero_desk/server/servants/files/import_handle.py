"""The handle of an import: it works in the background and tells clients of the outcome."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

import Ice
import omero

from omero_desk.server.call import Call
from omero_desk.server.filesets.import_images import enter_images
from omero_desk.server.filesets.imports import Import
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.servants.base import StatefulService

log = logging.getLogger(__name__)

_STEPS: Final = 5
_AT_ONCE: Final = threading.BoundedSemaphore(2)


class _CancelledError(Exception):
    """The client cancelled the import."""


class ImportHandleService(StatefulService):
    """Runs one import. What fails or is cancelled is discarded before anybody is told."""

    def __init__(self, process: Import, request: omero.grid.ImportRequest) -> None:
        super().__init__(process.backend)
        self._process = process
        self._request = request
        self._lock = threading.Lock()
        self._response: omero.cmd.Response | None = None
        self._is_cancelled = self._is_settled = False
        self._callbacks: dict[str, omero.cmd.CmdCallbackPrx] = {}
        self._started = round(time.time() * 1000)
        self._stopped = 0

    def start(self) -> None:
        """Start the import on a thread of its own."""
        name = f"import of fileset {self._process.fileset_id}"
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def getRequest(self, call: Call) -> omero.grid.ImportRequest:
        """Return what is imported."""
        return self._request

    def getResponse(self, call: Call) -> omero.cmd.Response | None:
        """Return the ImportResponse or an ERR; None while it is at work."""
        return self._response

    def getStatus(self, call: Call) -> omero.cmd.Status:
        """Return the progress of the import."""
        return self._status()

    def addCallback(self, call: Call, callback: omero.cmd.CmdCallbackPrx) -> None:
        """Tell the client, over its own connection, when it is over."""
        reply = call.client.connection.createProxy(callback.ice_getIdentity()).ice_oneway()
        proxy = omero.cmd.CmdCallbackPrx.uncheckedCast(reply)
        with self._lock:
            if self._response is None:
                self._callbacks[callback.ice_getIdentity().name] = proxy
                return
        self._tell(proxy)

    def removeCallback(self, call: Call, callback: omero.cmd.CmdCallbackPrx) -> None:
        """Stop telling that client."""
        with self._lock:
            self._callbacks.pop(callback.ice_getIdentity().name, None)

    def cancel(self, call: Call) -> bool:
        """Cancel the import; return False if it is too late."""
        with self._lock:
            self._is_cancelled = self._is_cancelled or not self._is_settled
            return self._is_cancelled

    def _run(self) -> None:
        with _AT_ONCE:
            response = self._import()
        with self._lock:
            self._response, self._stopped = response, round(time.time() * 1000)
            waiting = list(self._callbacks.values())
        for proxy in waiting:
            self._tell(proxy)

    def _import(self) -> omero.cmd.Response:
        place = self._process.uploads[0].place
        try:
            return enter_images(self._process, self.backend.readers.read_image_file(place), self._settle)
        except _CancelledError:
            error = self._error("cancel-called", "The import was cancelled.")
        except ImageFileError as problem:
            error = self._error("error-on-init", str(problem).replace(str(place), place.name))
        except omero.ServerError as problem:
            error = self._error("import-request-failure", problem.message)
        except Exception:  # whatever it was, the client waits for an answer
            log.exception("the import of %s failed", place)
            error = self._error("import-request-failure", "Internal error; the server's log has the details.")
        with self._lock:
            self._is_settled = True
        self._process.discard()
        return error

    def _settle(self) -> None:
        """Mark the import as too late to cancel; raises _CancelledError if it was cancelled before."""
        with self._lock:
            if self._is_cancelled:
                raise _CancelledError
            self._is_settled = True

    def _error(self, name: str, message: str) -> omero.cmd.ERR:
        parameters = {"filename": self._process.uploads[0].path[-1], "message": message}
        return omero.cmd.ERR(category=self._request.ice_id(), name=name, parameters=parameters)

    def _status(self) -> omero.cmd.Status:
        failed = isinstance(self._response, omero.cmd.ERR)
        flags = [omero.cmd.State.FAILURE if failed else omero.cmd.State.SUCCESS] if self._response else []
        if failed and self._is_cancelled:
            flags.append(omero.cmd.State.CANCELLED)
        return omero.cmd.Status(
            category=self._request.ice_id(),
            flags=flags,
            currentStep=0 if self._response is None else _STEPS,
            steps=_STEPS,
            startTime=self._started,
            stopTime=self._stopped,
        )

    def _tell(self, proxy: omero.cmd.CmdCallbackPrx) -> None:
        try:
            proxy.begin_finished(self._response, self._status())
        except Ice.Exception as error:  # the client has gone
            log.info("an import's client could not be told: %s", error)
