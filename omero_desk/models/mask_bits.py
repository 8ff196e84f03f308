"""The bits of masks, which are read once somebody looks at them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.roi_entities import Shape, ShapeChange, ShapeKind, StoredShape
from omero_desk.models.tasks import Tasks

_AT_ONCE: Final = 50
_READ: Final = "read"


class MaskBits(QObject):
    """Bits by the ids of shapes. `arrived`: there are more of them, or some cannot be had."""

    arrived = Signal()

    def __init__(
        self,
        read: Callable[[Sequence[int]], Awaitable[Mapping[int, bytes]]],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read, self._report = read, report
        self._found: dict[int, bytes | None] = {}
        self._wanted: set[int] = set()
        self._tasks = Tasks(report)

    def of(self, shape: Shape | None, stored: StoredShape | None) -> bytes | None:
        """A shape's own bits, or those that the server has of it."""
        if shape is None or shape.bits is not None or stored is None:
            return shape.bits if shape is not None else None
        return self.get(stored.id)

    def get(self, identity: int) -> bytes | None:
        """A mask's bits if they are there; what was never asked for is sent for."""
        if identity not in self._found and identity not in self._wanted:
            self._wanted.add(identity)
            if _READ not in self._tasks:
                self._tasks.start(_READ, self._work())
        return self._found.get(identity)

    async def completed(
        self, changes: Sequence[ShapeChange], former: Callable[[int], StoredShape | None]
    ) -> tuple[list[ShapeChange], list[int]]:
        """What is to be saved, new masks with their bits, and the keys of those whose bits nobody has any more.

        Those that go are read before: undone, a deletion is a new mask. `former` is what the server had by a key.
        Raises GatewayError.
        """
        going = [c.stored.id for c in changes if c.shape is None and c.stored and c.stored.shape.kind == ShapeKind.MASK]
        unread = [identity for identity in going if self._found.get(identity) is None]
        for start in range(0, len(unread), _AT_ONCE):
            self._found.update(await self._read(unread[start : start + _AT_ONCE]))
        whole = [self._with_bits(change, former(change.key)) for change in changes]
        lost = [c.key for c in whole if c.stored is None and _lacks_bits(c.shape)]
        return [change for change in whole if change.key not in lost], lost

    def _with_bits(self, change: ShapeChange, former: StoredShape | None) -> ShapeChange:
        if change.stored is not None or former is None or change.shape is None or not _lacks_bits(change.shape):
            return change
        return replace(change, shape=replace(change.shape, bits=self._found.get(former.id)))

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _work(self) -> None:
        """Fetch what is wanted, some at a time; what cannot be had is reported and not asked for again."""
        while self._wanted:
            ids = sorted(self._wanted)[:_AT_ONCE]
            found: Mapping[int, bytes] = {}
            try:
                found = await self._read(ids)
            except GatewayError as error:
                self._report(error)
            self._found.update({identity: found.get(identity) for identity in ids})
            self._wanted.difference_update(ids)
            self.arrived.emit()


def _lacks_bits(shape: Shape | None) -> bool:
    return shape is not None and shape.kind == ShapeKind.MASK and not shape.bits
