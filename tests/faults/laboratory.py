"""A library on a real server behind a fault proxy, and an administrator who has a line of her own to it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import Glacier2
import omero
import omero.callbacks
import omero.cmd
from omero.rtypes import rstring

from omero_desk.entities.objects import Kind, Ref, SignIn
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.faults.proxy import FaultProxy
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

USER = PASSWORD = "ada"
PAGE = 10
PAGES = 20
HOUR_MS = 3_600_000
_STATEFUL = ("RawFileStore", "RawPixelsStore", "ThumbnailStore", "RenderingEngine", "Search", "Exporter", "JobHandle")


@dataclass(frozen=True)
class Library:
    """What the library holds: a dataset of 20 pages of images, the first of which has a tag; by their ids."""

    group: int
    other_group: int
    ada: int
    dataset: Ref
    images: tuple[Ref, ...]


def furnish(folder: Path) -> Library:
    """Make a library; ada, whose password is her name, is in two groups and works in the first."""
    store = Store(folder)
    try:
        with store.write() as connection:
            group = create_group(store.schema, connection, "lab", "rwra--")
            other = create_group(store.schema, connection, "other", "rwra--")
            names = {"first_name": "Ada", "last_name": "Lab"}
            ada = create_user(store.schema, connection, USER, groups=[group, other], password=PASSWORD, **names)
            writer = LibraryWriter(store, connection, ada, group)
            (dataset,) = writer.named("Dataset", "Dataset")
            images = writer.named("Image", *(f"Image{n:03}" for n in range(1, PAGE * PAGES + 1)))
            writer.link("DatasetImageLink", [dataset] * len(images), images)
            writer.link("ImageAnnotationLink", images[:1], writer.add("TagAnnotation", {"textValue": "mitosis"}))
    finally:
        store.close()
    refs = tuple(Ref(Kind.IMAGE, image) for image in images)
    return Library(group, other, ada, Ref(Kind.DATASET, dataset), refs)


class Admin:
    """Root, on the server itself and past the proxy. Every method blocks."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self._client: Any = None

    def close(self) -> None:
        """End root's session."""
        if self._client is not None:
            self._client.closeSession()
            self._client = None

    def set(self, key: str, value: object) -> None:
        """Change one of the server's settings."""
        self._factory().getConfigService().setConfigValue(key, str(value))

    def get(self, key: str) -> str:
        """Read one of the server's settings."""
        value: str = self._factory().getConfigService().getConfigValue(key)
        return value

    def let_an_hour_pass(self) -> None:
        """Let every session idle out, root's own too."""
        self.set("desk.faults.clock", int(self.get("desk.faults.clock")) + HOUR_MS)
        self.abandon()

    def abandon(self) -> None:
        """Let go of a line that is dead."""
        if self._client is not None:
            self._client.__del__()
            self._client = None

    def kill(self, uuid: str) -> None:
        """End a session, whoever shares it."""
        service = self._factory().getSessionService()
        session = omero.model.SessionI()
        session.uuid = rstring(uuid)
        while service.closeSession(session) > 0:
            pass

    def change_password(self, user: str, password: str) -> None:
        """Give a user another password."""
        self._factory().getAdminService().changeUserPassword(user, rstring(password))

    def set_member(self, user: int, group: int, *, member: bool) -> None:
        """Put a user into a group, or out of it."""
        service = self._factory().getAdminService()
        change = service.addGroups if member else service.removeGroups
        change(omero.model.ExperimenterI(user, False), [omero.model.ExperimenterGroupI(group, False)])

    def give(self, kind: str, identity: int, user: int) -> None:
        """Make somebody else the owner of an object."""
        request = omero.cmd.Chown2(targetObjects={kind: [identity]}, userId=user)
        handle = self._factory().submit(request, {"omero.group": "-1"})
        waiting = omero.callbacks.CmdCallbackI(self._client, handle)
        waiting.loop(100, 100)
        response = waiting.getResponse()
        waiting.close(True)
        assert not isinstance(response, omero.cmd.ERR), response

    def comments(self, text: str) -> int:
        """How often an object bears a comment with this text."""
        query = (
            "select count(l.id) from ImageAnnotationLink l join l.child a"
            " where a.class = CommentAnnotation and a.textValue = :text"
        )
        rows = self._projection(query, omero.sys.ParametersI().addString("text", text))
        return int(rows[0][0].val)

    def rows(self, query: str) -> list[list[Any]]:
        """The rows of a projection as plain Python, of all groups."""
        return [[value.val for value in row] for row in self._projection(query, None)]

    def open_services(self, uuid: str) -> list[str]:
        """The stateful services that are open in a session; none if it is over."""
        client = omero.client(host=self._server.host, port=self._server.ssl_port)
        try:
            factory = client.joinSession(uuid)
            factory.detachOnDestroy()
            names: list[str] = factory.activeServices()
        except Glacier2.PermissionDeniedException:
            return []  # it is over
        finally:
            client.__del__()
        return [name for name in names if name.endswith(_STATEFUL)]

    def _projection(self, query: str, parameters: Any) -> list[list[Any]]:
        rows: list[list[Any]] = self._factory().getQueryService().projection(query, parameters, {"omero.group": "-1"})
        return rows

    def _factory(self) -> Any:
        if self._client is None:
            self._client = omero.client(host=self._server.host, port=self._server.ssl_port)
            self._client.createSession("root", ROOT_PASSWORD)
        return self._client.getSession()


class Laboratory:
    """Server, proxy and administrator; a context manager. The server's port stays, however often it is restarted."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.library = furnish(folder)
        self.password = PASSWORD
        self._arguments = ("--set", "desk.faults=", *arguments)
        self._stack = ExitStack()
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.server = self._running.enter_context(running_server(self.folder, *self._arguments))
        self.admin = Admin(self.server)
        self.proxy = self._stack.enter_context(FaultProxy(self.server.host, self.server.ssl_port))
        return self

    def __exit__(self, *exception: object) -> None:
        self.admin.close()
        self._running.close()
        self._stack.close()

    def sign_in(self) -> SignIn:
        """What the connection dialog would hand over."""
        return SignIn(self.proxy.host, self.proxy.port, USER, self.password, "lab")

    def tidy(self) -> None:
        """Undo what faults have changed."""
        self.proxy.heal()
        self.password = PASSWORD
        self.admin.set("desk.faults", "")
        self.admin.set("desk.sessions.maximum", 0)
        self.admin.change_password(USER, PASSWORD)
        self.admin.set_member(self.library.ada, self.library.group, member=True)

    def kill(self) -> None:
        """End the server as a power cut does."""
        self.admin.abandon()
        self.server.kill()

    def start_again(self) -> None:
        """Start the server on the same library and port."""
        self._running.close()
        port = str(self.server.ssl_port)
        self.server = self._running.enter_context(running_server(self.folder, "--port", port, *self._arguments))
        self.admin = Admin(self.server)

    def change_certificate(self) -> None:
        """Throw the server's certificate away; it makes another when it starts."""
        (self.folder / "server.pem").unlink()
