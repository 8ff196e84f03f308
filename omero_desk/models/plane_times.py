"""When the time points of an image were acquired, for who goes through them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.models.image import ImageModel
from omero_desk.models.tasks import Tasks

ReadTimes = Callable[[ImageInfo], Awaitable[Mapping[int, float]]]
"""Seconds from the beginning, by time point; raises GatewayError."""

_READ = "read"


class PlaneTimes(QObject):
    """Reads them once the pixels in view are there. `changed`: they are known, or another time point is in view."""

    changed = Signal()

    def __init__(
        self, image: ImageModel, read: ReadTimes, report: Callable[[BaseException], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._image, self._read = image, read
        self._times: Mapping[int, float] | None = None
        self._tasks = Tasks(report)
        image.arrived.connect(self._begin)
        image.plane_changed.connect(self.changed)

    @property
    def words(self) -> str:
        """When the time point in view was acquired; "" if nobody knows."""
        seconds = (self._times or {}).get(self._image.t)
        return "" if seconds is None else in_words(seconds)

    def close(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    def _begin(self) -> None:
        info = self._image.info
        if info is not None and info.size_t > 1 and self._image.is_complete:
            self._image.arrived.disconnect(self._begin)
            self._tasks.start(_READ, self._take(info))

    async def _take(self, info: ImageInfo) -> None:
        try:
            self._times = await self._read(info)
        except GatewayError:
            return  # the image serves without them
        self.changed.emit()


def in_words(seconds: float) -> str:
    """A time as people say it: 0.5 s, 2:05 min, 1:02:05 h."""
    if abs(seconds) < 60:
        return f"{seconds:.3g} s"
    sign, whole = ("-" if seconds < 0 else ""), round(abs(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{rest:02} h" if hours else f"{sign}{minutes}:{rest:02} min"
