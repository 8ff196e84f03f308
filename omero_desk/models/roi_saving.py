"""In which portions changed shapes are saved, and what becomes of those that are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Final

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.roi_entities import ShapeChange, StoredShape
from omero_desk.models.roi_source import ReadsRois

BATCH: Final = 200
"""Shapes that are saved in one transaction."""

Outcome = tuple[Mapping[int, StoredShape | None], Mapping[int, GatewayError]]
"""What the server has now, and why it has not taken the others, by their keys."""


async def saved(ref: Ref, changes: Sequence[ShapeChange], source: ReadsRois) -> AsyncIterator[Outcome]:
    """Save changes portion by portion. One shape may be why a whole portion is refused: then each is tried alone."""
    for batch in _batches(changes):
        outcome = await _try(ref, batch, source)
        alone = len(batch) > 1 and any(isinstance(error, FailedError) for error in outcome[1].values())
        if not alone:
            yield outcome
            continue
        for change in batch:
            yield await _try(ref, [change], source)


async def _try(ref: Ref, changes: Sequence[ShapeChange], source: ReadsRois) -> Outcome:
    try:
        return await source.save(ref, changes), {}
    except GatewayError as error:
        return {}, dict.fromkeys((change.key for change in changes), error)


def _batches(changes: Sequence[ShapeChange]) -> Iterator[Sequence[ShapeChange]]:
    """Changes of one sort each: new shapes first, deletions last."""
    for is_stored, is_shape in ((False, True), (True, True), (True, False)):
        sort = [c for c in changes if (c.stored is not None, c.shape is not None) == (is_stored, is_shape)]
        for start in range(0, len(sort), BATCH):
            yield sort[start : start + BATCH]
