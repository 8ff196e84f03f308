"""The times at which an image's time points were acquired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.images import ImageInfo
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewer.image import ImageModel

ReadTimes = Callable[[ImageInfo], Awaitable[Mapping[int, float]]]
"""Returns seconds since the acquisition began, by time point; raises GatewayError."""

_READ = "read"


class PlaneTimes(QObject):
    """Reads an image's times once the pixels in view have been read.

    `changed` is emitted when the times are known, and when another time point comes into view.
    """

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
        """The time at which the plane in view was acquired, as text; "" if it is not known."""
        seconds = (self._times or {}).get(self._image.t)
        return "" if seconds is None else in_words(seconds)

    def close(self) -> None:
        """Cancel reading."""
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
            return  # the image can be viewed without them
        self.changed.emit()


def in_words(seconds: float) -> str:
    """Return a time span as text: 0.5 s, 2:05 min, 1:02:05 h."""
    if abs(seconds) < 60:
        return f"{seconds:.3g} s"
    sign, whole = ("-" if seconds < 0 else ""), round(abs(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{rest:02} h" if hours else f"{sign}{minutes}:{rest:02} min"
