"""An image that the server is still preparing: its thumbnail is shown, and its pixels are asked for again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from omero_desk.entities.errors import GatewayError, NotReadyError
from omero_desk.entities.images import ImageInfo
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewer.image import ImageModel

SOONEST_S: Final = 2.0
LATEST_S: Final = 60.0
"""Bounds of the server's own `back_off`, the time until the pixels are asked for again."""


class Preparation(QObject):
    """Gives an image its thumbnail as a `stand_in` while its pixels are not ready, and asks for them again."""

    def __init__(
        self,
        image: ImageModel,
        read: Callable[[ImageInfo], Awaitable[bytes]],
        report: Callable[[BaseException], object],
    ) -> None:
        super().__init__(image)
        self._image, self._read = image, read
        self._tasks = Tasks(report)
        self._problem: GatewayError | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask_again)
        for changed in (image.failed, image.arrived):
            changed.connect(self._follow)

    def close(self) -> None:
        """Stop asking, and cancel reading."""
        self._again.stop()
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _follow(self) -> None:
        problem, before = self._image.problem, self._problem
        if problem is None and self._image.is_complete:
            self._image.stand_in = b""
        if problem is before:
            return
        self._problem = problem
        if isinstance(problem, NotReadyError):
            self._again.start(round(min(max(problem.back_off, SOONEST_S), LATEST_S) * 1000))
            self._show_thumbnail()
        else:
            self._again.stop()

    def _ask_again(self) -> None:
        if self._image.problem is self._problem:
            self._image.retry()

    def _show_thumbnail(self) -> None:
        info = self._image.info
        if info is not None and not self._image.stand_in and "read" not in self._tasks:
            self._tasks.start("read", self._take(info))

    async def _take(self, info: ImageInfo) -> None:
        try:
            self._image.set_stand_in(await self._read(info))
        except GatewayError:
            return  # the image has a problem already, which is shown
