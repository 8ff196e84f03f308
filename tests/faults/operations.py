"""What a user does while a fault strikes: seven operations, each of which knows its right result."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import AddComment, Author
from omero_desk.entities.objects import AnnotationCounts, Cursor, Page, Ref, Scope
from omero_desk.gateway.annotations import counts as annotation_counts
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from tests.faults.laboratory import PAGE, PAGES, Laboratory

PATIENCE = 0.6
"""Seconds until a call is given up here: what waits for it is a test."""

Due = Callable[[], Awaitable[None]]
"""Awaited by an operation at the moment when the fault is to be armed."""


class Operation:
    """One operation on a manager of its own. `at_rest` says that the fault finds no request to strike at."""

    name = ""
    signs_in = False
    at_rest = False

    def __init__(self, laboratory: Laboratory, service: ServiceManager) -> None:
        self.laboratory = laboratory
        self.library = laboratory.library
        self.service = service

    async def run(self, due: Due) -> None:
        """Do it; raises GatewayError, and AssertionError for a wrong result."""
        raise NotImplementedError

    async def rest(self) -> None:
        """Wait until nothing of it is under way: it goes on after that."""

    def check(self) -> None:
        """Look at the server, past the proxy, after it was done at last."""

    def check_given_back(self) -> None:
        """Look at the server after the manager refused to do it."""

    def scope(self) -> Scope:
        """The lab's group, everybody's data."""
        return Scope(self.library.group)


class SigningIn(Operation):
    """The connection dialog's."""

    name = "sign-in"
    signs_in = True

    async def run(self, due: Due) -> None:
        await due()
        account = await self.service.sign_in(self.laboratory.sign_in())
        assert account.user.id == self.library.ada


class Expanding(Operation):
    """A node's children, all in one page."""

    name = "expanding a node"

    async def run(self, due: Due) -> None:
        await due()
        page = await self.service.call(Lane.BROWSING, children, self.library.dataset, self.scope())
        assert [entity.ref for entity in page.entities] == list(self.library.images)


class Streaming(Operation):
    """Page after page; the fourth meets the fault."""

    name = "streaming the 4th page of 20"

    async def run(self, due: Due) -> None:
        refs: list[Ref] = []
        cursor: Cursor | None = None
        pages = 0
        while pages == 0 or cursor is not None:
            if pages == 3:
                await due()
            page = await self.service.call(Lane.BROWSING, children, self.library.dataset, self.scope(), cursor, PAGE)
            refs += [entity.ref for entity in page.entities]
            cursor, pages = page.next, pages + 1
        assert refs == list(self.library.images)
        assert pages == PAGES


class Counting(Operation):
    """The annotations of all images."""

    name = "counting annotations"

    async def run(self, due: Due) -> None:
        await due()
        refs = self.library.images[:1] + self.library.images[-1:]
        found = await self.service.call(Lane.METADATA, counts, refs)
        assert [found[ref].tags for ref in refs] == [1, 0]


class Writing(Operation):
    """A comment, whose text no other has."""

    name = "a write"

    def __init__(self, laboratory: Laboratory, service: ServiceManager) -> None:
        super().__init__(laboratory, service)
        self.text = str(uuid.uuid4())
        self._write: Any = None

    async def run(self, due: Due) -> None:
        author = Author.of(self.service.account)
        assert author is not None
        if self._write is None:
            self._write = write_of(AddComment(self.library.images[5], self.text), author)
        await due()
        receipt = await self.service.write(Lane.JOBS, self._write)
        assert receipt.annotation_id is not None

    def check(self) -> None:
        assert self.laboratory.admin.comments(self.text) == 1

    def check_given_back(self) -> None:
        assert self.laboratory.admin.comments(self.text) == 0


class Using(Operation):
    """A stateful service: opened, used while the fault strikes, closed."""

    name = "a stateful service in use"

    async def run(self, due: Due) -> None:
        await due()
        assert await self.service.call(Lane.JOBS, use_a_file) == "closed"


class Resting(Operation):
    """Nothing; then a read, as a user who comes back."""

    name = "idle"
    at_rest = True

    async def run(self, due: Due) -> None:
        await due()
        page = await self.service.call(Lane.BROWSING, children, self.library.dataset, self.scope())
        assert len(page.entities) == len(self.library.images)


OPERATIONS = (SigningIn, Expanding, Streaming, Counting, Writing, Using, Resting)


def children(session: LaneSession, ref: Ref, scope: Scope, cursor: Cursor | None = None, limit: int = 1000) -> Page:
    """As the tree asks."""
    return browse.children(session, ref, scope, cursor, limit)


def counts(session: LaneSession, refs: tuple[Ref, ...]) -> dict[Ref, AnnotationCounts]:
    """As the context menu asks."""
    return annotation_counts.counts(session, refs)


def use_a_file(session: LaneSession) -> str:
    """Ask three times of one service."""
    with session.borrow("createRawFileStore") as service:
        for _ in range(3):
            service.activate()
    return "closed"


def impatient(function: Any) -> Any:
    """Let calls of `function` be given up soon."""
    function.patience = PATIENCE
    return function


for _function in (children, counts, use_a_file):
    impatient(_function)
