"""The tree's requests to a server."""

from __future__ import annotations

from typing import Protocol

from omero_desk.entities.objects import Cursor, Page, Ref, Scope


class ReadsTree(Protocol):
    """Reads containers."""

    async def children(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        """Return a page of at most `limit` children, those after `cursor`. Raises GatewayError."""
