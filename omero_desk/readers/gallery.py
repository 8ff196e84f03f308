"""Reads the images of containers, without their thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Cursor, Page, Ref, Scope
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.gateway.images.thumbnails import sizes
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.tree.pages import PAGE
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    from omero_desk.gateway.tree import browse
else:  # used when somebody has signed in, by which time omero is loaded
    browse = LazyModule("omero_desk.gateway.tree.browse")


class GalleryReader:
    """Reads lists of images through the calls of an account."""

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls

    async def images(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        """Return a page of the images below a container, however deep, of at most `limit` after `cursor`."""
        return await self._calls.call(Lane.BROWSING, browse.images, ref, scope, cursor, limit, PAGE)

    async def sizes(self, image_ids: Sequence[int]) -> dict[int, ImageSize]:
        """Return what images measure in pixels, by their ids."""
        return await self._calls.call(Lane.METADATA, sizes, image_ids)
