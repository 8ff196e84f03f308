"""Saving changed shapes in portions, and finding the one for which the server refuses a portion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Final

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.objects import Ref
from omero_desk.entities.rois import ShapeChange, StoredShape
from omero_desk.models.rois.source import ReadsRois

BATCH: Final = 1000
"""Shapes that are saved in one transaction."""
BATCH_BYTES: Final = 16 << 20
"""Bytes of masks that are saved in one transaction, for a message may not be of any size."""
MOST_TRIES: Final = 60
"""Tries of a portion and its parts; what is left after them is refused for the last reason."""

Outcome = tuple[Mapping[int, StoredShape | None], Mapping[int, GatewayError]]
"""The shapes that the server has now, and the errors of those that it has not taken, by their keys."""


async def saved(ref: Ref, changes: Sequence[ShapeChange], source: ReadsRois) -> AsyncIterator[Outcome]:
    """Save changes portion by portion, and yield what came of each.

    A single shape may be why a whole portion is refused: then its halves are tried. Errors are yielded, not raised.
    """
    for batch in _batches(changes):
        pending, tries = [batch], 0
        while pending:
            part, tries = pending.pop(), tries + 1
            stored, errors = await _try(ref, part, source)
            if not stored and len(part) > 1 and _is_refused(errors) and tries < MOST_TRIES:
                half = len(part) // 2
                pending += part[half:], part[:half]
            else:
                yield stored, errors


async def _try(ref: Ref, changes: Sequence[ShapeChange], source: ReadsRois) -> Outcome:
    try:
        receipt = await source.save(ref, changes)
    except GatewayError as error:
        return {}, dict.fromkeys((change.key for change in changes), error)
    return receipt.stored, {key: FailedError(reason) for key, reason in receipt.refused.items()}


def _is_refused(errors: Mapping[int, GatewayError]) -> bool:
    return any(isinstance(error, FailedError) for error in errors.values())


def _batches(changes: Sequence[ShapeChange]) -> Iterator[Sequence[ShapeChange]]:
    """Yield portions of changes of one sort: new shapes first, deletions last."""
    for is_stored, is_shape in ((False, True), (True, True), (True, False)):
        yield from _portions(
            [c for c in changes if (c.stored is not None, c.shape is not None) == (is_stored, is_shape)]
        )


def _portions(changes: Sequence[ShapeChange]) -> Iterator[Sequence[ShapeChange]]:
    start, size = 0, 0
    for n, change in enumerate(changes):
        size += _bytes(change)
        if n > start and (n - start == BATCH or size > BATCH_BYTES):
            yield changes[start:n]
            start, size = n, _bytes(change)
    if changes:
        yield changes[start:]


def _bytes(change: ShapeChange) -> int:
    return len(change.shape.bits) if change.shape is not None and change.shape.bits else 0
