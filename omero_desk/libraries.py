"""The libraries that this computer serves itself: the demo's, and that of one folder at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.embedded import EmbeddedServer
from omero_desk.gateway.errors import FailedError
from omero_desk.models.address import ServerAddress
from omero_desk.models.connection import Entrance, Progress

_DEMO_NAME: Final = "the demo library"


class Libraries(QObject):
    """Starts embedded servers, and ends them; `data` is where their libraries are kept.

    `stopped` gives a server that has ended by itself, `progressed` what the folder's server is doing.
    """

    stopped = Signal(object)
    progressed = Signal(str, float)

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self._folder = ""
        self._of_folder: EmbeddedServer | None = None
        self.demo = self._server(["--demo", "--data", str(data / "demo")], _DEMO_NAME)

    async def start(self, progress: Progress) -> ServerAddress:
        """Make the demo library ready. Raises FailedError."""
        return await self.demo.start(progress)

    async def open_folder(self, folder: str, progress: Progress) -> Entrance:
        """Serve a folder, in place of another one, and tell how to sign in there. Raises FailedError."""
        server = self._server_of(folder)
        address = await server.start(progress)
        try:
            password = Path(server.ready["password_file"]).read_text("utf-8")
        except OSError as error:
            raise FailedError("The folder's library cannot be signed in to.", str(error)) from error
        return Entrance(address, str(server.ready["user"]), password)

    def stop(self) -> None:
        """End every server."""
        self.demo.stop()
        if self._of_folder is not None:
            self._of_folder.stop()

    def _server_of(self, folder: str) -> EmbeddedServer:
        if self._of_folder is not None and self._folder == folder:
            return self._of_folder
        if self._of_folder is not None:
            self._of_folder.stop()
            self._of_folder.deleteLater()
        arguments = ["--folder", folder, "--libraries", str(self._data / "folders")]
        server = self._of_folder = self._server(arguments, f"the library of {Path(folder).name or folder}")
        self._folder = folder
        self.progressed.emit("", 1.0)  # nothing is known of this one yet
        server.progressed.connect(self.progressed)
        return server

    def _server(self, arguments: list[str], name: str) -> EmbeddedServer:
        server = EmbeddedServer(arguments, name, self)
        server.ended.connect(lambda: self.stopped.emit(server))
        return server
