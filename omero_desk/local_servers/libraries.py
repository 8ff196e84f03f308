"""The libraries that this computer serves itself: the demo's, and that of one folder at a time."""

from __future__ import annotations

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

    `stopped` gives a server that has ended by itself, `progressed` what the folder's server is doing.
    """

    stopped = Signal(object)
    progressed = Signal(str, float)

    def __init__(self, data: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._data = data
        self._folder = ""
        self._of_folder: EmbeddedServer | None = None
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
        """Serve a folder, in place of another one, and tell how to sign in there. Raises FailedError."""
        server = self._server_of(folder)
        address = await server.start(progress)
        return _entrance(server, address)

    def stop(self) -> None:
        """End every server."""
        self.stop_all_but(None)

    def stop_all_but(self, address: ServerAddress | None) -> None:
        """End every server but the one at `address`."""
        for server in (self.demo, self._of_folder):
            if server is not None and (address is None or server.address != address):
                server.stop()

    def _server_of(self, folder: str) -> EmbeddedServer:
        if self._of_folder is not None and self._folder == folder:
            return self._of_folder
        if self._of_folder is not None:
            self._of_folder.stop()
            self._of_folder.deleteLater()
        arguments = ["--folder", folder, "--private", "--libraries", str(self._data / "folders")]
        name = translate("Connection", "the library of {folder}").format(folder=Path(folder).name or folder)
        server = self._of_folder = self._server(arguments, name)
        self._folder = folder
        self.progressed.emit("", 1.0)  # nothing is known of this one yet
        server.progressed.connect(self.progressed)
        return server

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
