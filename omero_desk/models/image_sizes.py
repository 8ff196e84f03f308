"""How large images are: read a page at a time, for as many as are listed, once somebody wants to see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.thumbnails import ImageSize
from omero_desk.models.tasks import Tasks

PAGE: Final = 1000
_READ: Final = "read"

Read = Callable[[Sequence[int]], Awaitable[dict[int, ImageSize]]]
"""`gateway.thumbnails.sizes` on a lane."""


class ImageSizesModel(QObject):
    """Sizes by image id. `arrived`: some more are known; `completed`: all that were wanted are."""

    arrived = Signal()
    completed = Signal()

    def __init__(self, read: Read, report: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._tasks = Tasks(report)
        self._known: dict[int, ImageSize | None] = {}

    def get(self, image_id: int) -> ImageSize | None:
        """The size; None while it is not known, and for an image without pixels."""
        return self._known.get(image_id)

    def want(self, image_ids: Iterable[int]) -> None:
        """Read the sizes of these that are not known, in place of what was wanted before."""
        missing = [image for image in image_ids if image not in self._known]
        if missing:
            self._tasks.start(_READ, self._read_pages(missing))

    def reset(self) -> None:
        """Another user is there."""
        self.cancel_all()
        self._known.clear()

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _read_pages(self, missing: Sequence[int]) -> None:
        for start in range(0, len(missing), PAGE):
            page = missing[start : start + PAGE]
            try:
                found = await self._read(page)
            except GatewayError:
                return  # the cells stay empty until the list is shown again
            self._known.update((image, found.get(image)) for image in page)
            self.arrived.emit()
        self.completed.emit()
