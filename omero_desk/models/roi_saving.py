"""In which portions changed shapes are saved, and what becomes of those that are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Final

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.roi_entities import ShapeChange, StoredShape
from omero_desk.models.roi_source import ReadsRois

BATCH: Final = 1000
"""Shapes that are saved in one transaction."""
BATCH_BYTES: Final = 16 << 20
"""Bytes of masks that are: a message has its limits."""
MOST_TRIES: Final = 60
"""A portion is tried in parts so often; whatever is left then is refused for the reason that was given last."""

Outcome = tuple[Mapping[int, StoredShape | None], Mapping[int, GatewayError]]
"""What the server has now, and why it has not taken the others, by their keys."""


async def saved(ref: Ref, changes: Sequence[ShapeChange], source: ReadsRois) -> AsyncIterator[Outcome]:
    """Save changes portion by portion. One shape may be why a whole portion is refused: then its halves are tried."""
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
    """Changes of one sort each: new shapes first, deletions last."""
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
