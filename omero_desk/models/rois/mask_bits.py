"""The bits of masks, which are read when a mask is first shown or saved."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.rois import Shape, ShapeChange, StoredShape
from omero_desk.models.tasks import TaskOwner, Tasks

_AT_ONCE: Final = 50
PORTION: Final = 16 * 2**20
"""Bytes that are asked for at once if each pixel has a bit: a message takes 256 MB, and some have a byte for each."""
_READ: Final = "read"


class MaskBits(TaskOwner, QObject):
    """Bits by the ids of shapes. `arrived`: some have been read, or cannot be."""

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
        self._wanted: dict[int, int] = {}
        self._tasks = Tasks(report)

    def of(self, shape: Shape | None, stored: StoredShape | None) -> bytes | None:
        """Return a shape's own bits, or those that the server has of it; None while they are not there."""
        if shape is None or shape.bits is not None or stored is None:
            return shape.bits if shape is not None else None
        return self.get(stored.id, expected_bytes(stored.shape))

    def get(self, identity: int, size: int = 0) -> bytes | None:
        """Return a mask's bits if they are there; else they are requested, once. `size` is how many bytes they have."""
        if identity not in self._found and identity not in self._wanted:
            self._wanted[identity] = size
            if _READ not in self._tasks:
                self._tasks.start(_READ, self._work())
        return self._found.get(identity)

    async def completed(
        self, changes: Sequence[ShapeChange], former: Callable[[int], StoredShape | None]
    ) -> tuple[list[ShapeChange], list[int]]:
        """Return the changes to save, new masks with their bits, and the keys of masks whose bits are lost.

        The bits of masks to be deleted are read before, for a deletion that is undone later makes a new mask. `former`
        gives what the server had by a key. Raises GatewayError.
        """
        going = [c.stored for c in changes if c.shape is None and c.stored and c.stored.shape.form.is_mask]
        unread = {one.id: expected_bytes(one.shape) for one in going if self._found.get(one.id) is None}
        for ids in portions(unread):
            self._found.update(await self._read(ids))
        whole = [self._with_bits(change, former(change.key)) for change in changes]
        lost = [c.key for c in whole if c.stored is None and _lacks_bits(c.shape)]
        return [change for change in whole if change.key not in lost], lost

    def _with_bits(self, change: ShapeChange, former: StoredShape | None) -> ShapeChange:
        if change.stored is not None or former is None or change.shape is None or not _lacks_bits(change.shape):
            return change
        return replace(change, shape=replace(change.shape, bits=self._found.get(former.id)))

    async def _work(self) -> None:
        """Read what was requested, some at a time; what cannot be read is reported and not tried again."""
        while self._wanted:
            ids = next(portions(dict(sorted(self._wanted.items()))))
            found: Mapping[int, bytes] = {}
            try:
                found = await self._read(ids)
            except GatewayError as error:
                self._report(error)
            self._found.update({identity: found.get(identity) for identity in ids})
            for identity in ids:
                del self._wanted[identity]
            self.arrived.emit()


def expected_bytes(shape: Shape) -> int:
    """Return how many bytes a mask's bits have by its size, 0 if that is not known."""
    pixels = math.prod(shape.numbers[2:]) if shape.numbers else 0.0
    return math.ceil(pixels / 8) if math.isfinite(pixels) else 0


def portions(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield the ids of masks by how many may be asked for at once: few enough to be taken by one message."""
    ids, total = list[int](), 0
    for identity, size in sizes.items():
        if ids and (len(ids) == _AT_ONCE or total + size > PORTION):
            yield ids
            ids, total = [], 0
        ids.append(identity)
        total += size
    if ids:
        yield ids


def _lacks_bits(shape: Shape | None) -> bool:
    return shape is not None and shape.form.is_mask and not shape.bits
