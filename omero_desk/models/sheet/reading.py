"""The rows of a spreadsheet, read a page at a time: first those that are in sight."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.sheet import SheetRow
from omero_desk.models.messages import Message, describe
from omero_desk.models.tasks import TaskOwner, Tasks

PAGE: Final = 1000
"""Images that one call is about."""
_IN_SIGHT: Final = 60
"""Rows that are taken for those in sight before a view has told."""
_READ: Final = "read"

Read = Callable[[Sequence[int], Sequence[int], bool], Awaitable[Mapping[int, SheetRow]]]
"""Return the rows of images by their ids. Raises GatewayError.

The second images will be asked about next: the server may begin with them. What it began with is not to be taken where
the third is true, as something has changed since.
"""


class RowsModel(TaskOwner, QObject):
    """Rows by image id. `arrived` carries the ids of those that are known now; `changed`: it reads, or has failed."""

    arrived = Signal(object)
    changed = Signal()

    def __init__(self, read: Read, report: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._tasks = Tasks(report)
        self.known: dict[int, SheetRow] = {}
        self._stale: set[int] = set()
        self._wanted: Sequence[int] = ()
        self._first: tuple[int, ...] = ()
        self._anew = False
        self.problem: Message | None = None
        self.is_reading = False

    @property
    def missing(self) -> int:
        """How many of the wanted rows are still to be read."""
        return sum(image not in self.known for image in self._wanted) if self.is_reading or self.problem else 0

    def want(self, image_ids: Sequence[int], first: Iterable[int] = ()) -> None:
        """Read what is not known of these images, in place of those wanted before; `first` those that are seen."""
        self._wanted, self._first = image_ids, tuple(first)
        self._go_on()

    def look_at(self, first: Iterable[int]) -> None:
        """Read these first from the next page on."""
        self._first = tuple(first)

    def read_again(self, image_ids: Iterable[int]) -> None:
        """Read rows again that may be others now; what is known of them stays until then."""
        self._anew = True
        self._stale.update(image for image in image_ids if image in self.known)
        if self._stale:
            self._go_on()

    def retry(self) -> None:
        """Read again what could not be read."""
        self._go_on()

    def rest(self) -> None:
        """Read no more for now: nobody looks."""
        self._tasks.cancel_all()
        self._wanted, self.is_reading = (), False

    def clear(self) -> None:
        """Forget all rows."""
        self.rest()
        self.known.clear()
        self._stale.clear()
        self.problem = None

    def _go_on(self) -> None:
        if self._next():
            self.problem, self.is_reading = None, True
            self._tasks.start(_READ, self._read_pages())
            self.changed.emit()

    def _next(self, beside: Sequence[int] = ()) -> list[int]:
        """Return the next page: what is in sight by itself, then what has changed, then all others in their order.

        `beside` are images that are being read already.
        """
        being_read = set(beside)
        page = [image for image in self._first or self._wanted[:_IN_SIGHT] if self._lacks(image)]
        page = [image for image in page if image not in being_read]
        if page:
            return page[:PAGE]
        page = list(islice((image for image in self._stale if image not in being_read), PAGE))
        taken = being_read.union(page)
        for image in self._wanted if len(page) < PAGE else ():
            if len(page) == PAGE:
                break
            if image not in taken and self._lacks(image):
                page.append(image)
        return page

    def _lacks(self, image: int) -> bool:
        return image not in self.known or image in self._stale

    async def _read_pages(self) -> None:
        while page := self._next():
            anew, self._anew = self._anew, False
            following = self._next(page) if len(page) == PAGE else ()  # what is in sight has the server to itself
            try:
                found = await self._read(page, following, anew)
            except GatewayError as error:
                self.problem = describe(error)
                break
            self.known.update((image, found.get(image, SheetRow())) for image in page)
            self._stale.difference_update(page)
            self.arrived.emit(page)
        self.is_reading = False
        self.changed.emit()
