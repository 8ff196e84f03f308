"""Commands: steps within one transaction, then a response."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import omero.cmd
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.backend import Backend
from omero_desk.server.database.model import OmeroModel
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.sessions.table import Session

Step: TypeAlias = Callable[[], None]
RequestT = TypeVar("RequestT", bound=omero.cmd.Request | None)


@dataclass
class Work:
    """The server, the caller and the transaction that the steps of a command work with.

    `check` is to be called now and then: it raises CancelledError when the command has to stop. `context` is that of
    the client's call. `at_step` is told the number of a step that is taken ahead of the transaction.
    """

    backend: Backend
    session: Session
    caller: Caller
    connection: Connection
    check: Callable[[], None]
    context: Mapping[str, str]
    at_step: Callable[[int], None] = lambda number: None

    @property
    def model(self) -> OmeroModel:
        """The classes of OMERO's model."""
        return self.backend.store.schema.model

    def rights(self) -> Rights:
        """Return the rights of the caller."""
        return Rights.load(self.connection, self.caller)

    def events(self) -> EventWriter:
        """Return a new writer of the event that the caller's changes belong to."""
        return EventWriter(self.backend.store.schema, self.connection, self.caller)


class ServerCommand(ABC, Generic[RequestT]):
    """Executes one request. Its changes to the library are kept only if every step succeeds.

    A command `in_all_groups` sees the objects of all groups of its caller, whichever group the call is made in. One
    `for_guests` may be submitted by the guest.
    """

    in_all_groups: bool = False
    for_guests: ClassVar[bool] = False

    def __init__(self, request: RequestT) -> None:
        self.request = request

    @property
    def writes(self) -> bool:
        """True if the command changes the library."""
        return False

    @property
    def announced(self) -> int:
        """The number of steps that a status tells even if the request cannot be begun; 0 where OMERO knows none yet."""
        return 0

    def look_ahead(self, work: Work) -> None:
        """Do what takes long and only reads, before `begin` and its transaction, which keeps others from writing.

        Raises CommandError as the steps do.
        """

    @abstractmethod
    def begin(self, work: Work) -> Sequence[Step]:
        """Check the request and return the steps; raises CommandError as they do."""

    @abstractmethod
    def response(self) -> omero.cmd.Response:
        """Return the response, after the last step."""

    def after_commit(self) -> None:
        """Do what cannot be undone, such as removing files; the changes to the library are committed."""


AnyCommand: TypeAlias = ServerCommand[Any]
"""A command, whatever its request is."""


def request_name(request: omero.cmd.Request | None) -> str:
    """Return the name of a request's class, without its module; "nothing" for no request."""
    return "nothing" if request is None else request.ice_id().rpartition("::")[2]
