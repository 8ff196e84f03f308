"""What a command is: steps within one transaction, then a response."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.backend import Backend
from omero_desk.server.database.model import Model
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.sessions import Session

Step = Callable[[], None]


@dataclass
class Work:
    """What the steps of a command work with; `check` raises when the command shall stop."""

    backend: Backend
    session: Session
    caller: Caller
    connection: Connection
    check: Callable[[], None]
    context: Mapping[str, str]

    @property
    def model(self) -> Model:
        """The classes of OMERO's model."""
        return self.backend.store.schema.model

    def rights(self) -> Rights:
        """Return what the caller may do."""
        return Rights.load(self.connection, self.caller)

    def events(self) -> EventWriter:
        """Return what logs the changes of the caller."""
        return EventWriter(self.backend.store.schema, self.connection, self.caller)


class Command(ABC):
    """One kind of request at work. Nothing of it is kept unless every step succeeds."""

    in_all_groups: ClassVar[bool] = False
    for_guests: ClassVar[bool] = False

    def __init__(self, request: Any) -> None:
        self.request = request

    @property
    def writes(self) -> bool:
        """Whether the command changes the library."""
        return False

    def look_ahead(self, work: Work) -> None:  # noqa: B027  most commands have nothing to find out
        """Find out what takes long, reading only: nobody who writes waits for that. Raises as the steps do."""

    @abstractmethod
    def begin(self, work: Work) -> Sequence[Step]:
        """Take up the request and return what is to be done; raises CommandError as the steps do."""

    @abstractmethod
    def response(self) -> Any:
        """Return the omero.cmd.Response, once all steps are done."""

    def after_commit(self) -> None:  # noqa: B027  most commands have nothing to do then
        """Do what cannot be taken back."""
