"""Reads containers and what is in them, on the lane for browsing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Cursor, Page, Ref, Scope
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.tree.pages import PAGE
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    from omero_desk.gateway.tree import browse
else:  # used when somebody has signed in, by which time omero is loaded
    browse = LazyModule("omero_desk.gateway.tree.browse")


class TreeReader:
    """Reads the tree through the calls of an account."""

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls

    async def children(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        """Return a page of at most `limit` children after `cursor`; the usual page is sent for ahead."""
        return await self._calls.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit, PAGE)
