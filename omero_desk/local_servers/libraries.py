"""The libraries that this computer serves itself: the demo's, and those of folders."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark
from omero_desk.local_servers.embedded_server import EmbeddedServer
from omero_desk.models.connection.address import ServerAddress
from omero_desk.models.connection.connection import Entrance, Progress
from omero_desk.models.translation import translate


class Libraries(QObject):
    """Starts embedded servers, and ends them; `data` is where their libraries are kept.

    `stopped` gives a server that has ended by itself, `progressed` what the server of the open folder is doing.
    """

    stopped = Signal(object)
    progressed = Signal(str, float)

    def __init__(self, data: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._data = data
        self._of_folders: dict[str, EmbeddedServer] = {}
        self._open: EmbeddedServer | None = None
        self.demo = self._server(
            ["--demo", "--private", "--data", str(data / "demo")], translate("Connection", "the demo library")
        )

    def launch(self, *, demo: bool, folder: str) -> None:
        """Start the server that will be asked for first, while there is other work to do: the demo's, or a folder's."""
        if demo:
            self.demo.launch()
        elif folder:
            self._server_of(folder).launch()

    async def start(self, progress: Progress) -> Entrance:
        """Make the demo library ready, and tell how to sign in there. Raises FailedError."""
        return _entrance(self.demo, await self.demo.start(progress))

    async def open_folder(self, folder: str, progress: Progress) -> Entrance:
        """Serve a folder, and tell how to sign in there; others are served until `stop_all_but`. Raises FailedError."""
        server = self._server_of(folder)
        address = await server.start(progress)
        if server is not self._open:
            self._open = server
            self.progressed.emit("", 1.0)  # nothing is known of this one yet
        return _entrance(server, address)

    def stop(self) -> None:
        """End every server."""
        self.stop_all_but(None)

    def stop_all_but(self, address: ServerAddress | None) -> None:
        """End every server but the one at `address`."""
        for server in (self.demo, *self._of_folders.values()):
            if address is None or server.address != address:
                server.stop()

    def _server_of(self, folder: str) -> EmbeddedServer:
        """Return the server of a folder, which is the same by whatever name the folder goes."""
        place = os.path.realpath(folder)
        if place not in self._of_folders:
            arguments = ["--folder", folder, "--private", "--libraries", str(self._data / "folders")]
            name = translate("Connection", "the library of {folder}").format(folder=Path(folder).name or folder)
            server = self._of_folders[place] = self._server(arguments, name)
            server.progressed.connect(lambda text, fraction: self._tell(server, text, fraction))
        return self._of_folders[place]

    def _tell(self, server: EmbeddedServer, text: str, fraction: float) -> None:
        if server is self._open:
            self.progressed.emit(text, fraction)

    def _server(self, arguments: list[str], name: str) -> EmbeddedServer:
        server = EmbeddedServer(arguments, name, self)
        server.ended.connect(lambda: self.stopped.emit(server))
        return server


def _entrance(server: EmbeddedServer, address: ServerAddress) -> Entrance:
    """Return how to sign in to a server that is ready: it has made a password up, and said which file has it."""
    try:
        password = Path(str(server.ready["password_file"])).read_text("utf-8")
    except OSError as error:
        raise FailedError(mark("Connection", "The library cannot be signed in to."), str(error)) from error
    return Entrance(address, str(server.ready["user"]), password)
