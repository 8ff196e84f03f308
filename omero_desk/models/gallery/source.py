"""The gallery's requests to a server, beside those for thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from omero_desk.entities.objects import Cursor, Page, Ref, Scope
from omero_desk.entities.thumbnails import ImageSize


class ReadsGallery(Protocol):
    """Reads the images of containers."""

    async def images(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        """Return a page of the images below a container. Raises GatewayError."""

    async def sizes(self, image_ids: Sequence[int]) -> dict[int, ImageSize]:
        """Return what images measure in pixels, by their ids. Raises GatewayError."""
