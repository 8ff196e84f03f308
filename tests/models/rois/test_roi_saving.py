"""Which shapes go in one transaction, and how few tries find the one that a server refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from omero_desk.entities.errors import FailedError, GatewayError, LostError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.rois import Shape, ShapeChange, ShapesReceipt, StoredShape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.rois.saving import BATCH, BATCH_BYTES, MOST_TRIES, saved

IMAGE = Ref(Kind.IMAGE, 1)
MASK_BYTES = BATCH_BYTES // 4


class Library:
    """Takes whole transactions, unless one of its shapes is not to its liking."""

    def __init__(self, refuse: Callable[[int], GatewayError | None] = lambda key: None) -> None:
        self.refuse = refuse
        self.sent: list[tuple[int, ...]] = []

    async def save(self, ref: Ref, changes: Sequence[ShapeChange]) -> ShapesReceipt:
        self.sent.append(tuple(change.key for change in changes))
        for error in filter(None, (self.refuse(change.key) for change in changes)):
            raise error
        stored = {c.key: None if c.shape is None else StoredShape(c.key, c.key, 1, c.shape) for c in changes}
        return ShapesReceipt(ref, stored=stored)


def drawn(count: int) -> list[ShapeChange]:
    return [ShapeChange(key, Shape(ShapeKind.POINT, (key, key)), None) for key in range(count)]


async def outcome(library: Any, changes: Sequence[ShapeChange]) -> tuple[Mapping[int, Any], Mapping[int, GatewayError]]:
    stored: dict[int, Any] = {}
    errors: dict[int, GatewayError] = {}
    async for there, refused in saved(IMAGE, changes, library):
        stored |= there
        errors |= refused
    return stored, errors


def no(key: int) -> GatewayError:
    return FailedError(f"not {key}")


async def test_that_a_thousand_shapes_are_one_transaction_and_sorts_are_not_mixed() -> None:
    library = Library()
    there = StoredShape(1, 1, 1, Shape(ShapeKind.POINT, (1, 1)))
    others = [ShapeChange(5000, None, there), ShapeChange(5001, Shape(ShapeKind.POINT, (2, 2)), there)]
    stored, errors = await outcome(library, [*others, *drawn(BATCH + 1)])
    assert [len(keys) for keys in library.sent] == [BATCH, 1, 1, 1]
    assert library.sent[2:] == [(5001,), (5000,)]
    assert (len(stored), stored[5000], errors) == (BATCH + 3, None, {})


async def test_that_large_masks_are_spread_over_transactions() -> None:
    library = Library()
    mask = Shape(ShapeKind.MASK, (0.0, 0.0, 8.0, 8.0), bits=bytes(MASK_BYTES))
    stored, _ = await outcome(library, [ShapeChange(key, mask, None) for key in range(10)])
    assert [len(keys) for keys in library.sent] == [4, 4, 2]
    assert sorted(stored) == list(range(10))


@pytest.mark.parametrize("bad", [0, 499, 500, 999])
async def test_that_one_bad_shape_is_found_by_halves(bad: int) -> None:
    library = Library(lambda key: no(key) if key == bad else None)
    stored, errors = await outcome(library, drawn(1000))
    assert set(errors) == {bad}
    assert sorted(stored) == [key for key in range(1000) if key != bad]
    assert len(library.sent) <= 2 * 10 + 1


async def test_that_a_server_that_takes_nothing_is_not_asked_for_ever() -> None:
    library = Library(no)
    stored, errors = await outcome(library, drawn(1000))
    assert (stored, len(errors)) == ({}, 1000)
    assert len(library.sent) < MOST_TRIES + 20


async def test_that_a_lost_line_is_not_looked_for_in_halves() -> None:
    library = Library(lambda key: LostError("gone") if key == 3 else None)
    stored, errors = await outcome(library, drawn(10))
    assert (stored, len(errors), len(library.sent)) == ({}, 10, 1)
