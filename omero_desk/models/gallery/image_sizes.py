"""The sizes of images, read a page at a time for the listed images once they are shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.tasks import TaskOwner, Tasks

PAGE: Final = 1000
_READ: Final = "read"

Read = Callable[[Sequence[int]], Awaitable[dict[int, ImageSize]]]
"""Return the sizes of images by their ids. Raises GatewayError."""


class ImageSizesModel(TaskOwner, QObject):
    """Sizes by image id. `arrived`: more sizes are known; `completed`: all wanted ones are."""

    arrived = Signal()
    completed = Signal()

    def __init__(self, read: Read, report: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._tasks = Tasks(report)
        self._known: dict[int, ImageSize | None] = {}
        self._missing: list[int] = []

    def get(self, image_id: int) -> ImageSize | None:
        """Return the size; None while it is not known, and for an image without pixels."""
        return self._known.get(image_id)

    def want(self, image_ids: Iterable[int]) -> None:
        """Read the unknown sizes of these images, in place of those wanted before."""
        self._missing = self._unknown(image_ids)
        if self._missing:
            self._tasks.start(_READ, self._read_pages())

    def want_more(self, image_ids: Iterable[int]) -> None:
        """Read the unknown sizes of these images, after those wanted before."""
        self._missing += self._unknown(image_ids)
        if self._missing and _READ not in self._tasks:
            self._tasks.start(_READ, self._read_pages())

    def _unknown(self, image_ids: Iterable[int]) -> list[int]:
        return [image for image in image_ids if image not in self._known]

    def reset(self) -> None:
        """Forget all sizes, as another user signed in."""
        self.cancel_all()
        self._known.clear()
        self._missing = []

    async def _read_pages(self) -> None:
        while self._missing:
            page, self._missing = self._missing[:PAGE], self._missing[PAGE:]
            try:
                found = await self._read(page)
            except GatewayError:
                return  # the cells stay empty until the list is shown again
            self._known.update((image, found.get(image)) for image in page)
            self.arrived.emit()
        self.completed.emit()
