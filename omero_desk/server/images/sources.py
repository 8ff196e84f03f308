"""The open image files of a library: a bounded number of them, shared by all who read pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omero_desk.server.images.pixels import PixelSource

if TYPE_CHECKING:
    from omero_desk.server.backend import Backend
    from omero_desk.server.wire.calls import Call


class Sources:
    """Gives the pixels of images to those who may read them. Safe from any thread."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @contextmanager
    def open(self, call: Call, pixels_id: int) -> Iterator[PixelSource]:
        """Give the source of a Pixels object; it stays open at least until the context is left.

        Raises as OMERO does where the caller may not read it, omero.ResourceError where its file is missing or broken.
        """
        raise NotImplementedError
        yield

    def close(self) -> None:
        """Close every file."""
