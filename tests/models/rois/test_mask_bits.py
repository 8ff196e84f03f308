"""The bits of masks are asked for in portions that a message can take."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.rois import Shape, StoredShape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.rois.mask_bits import PORTION, MaskBits, expected_bytes, portions


def mask(identity: int, side: float) -> StoredShape:
    return StoredShape(identity, 1, 1, Shape(ShapeKind.MASK, (0.0, 0.0, side, side)))


@given(st.lists(st.integers(0, 2 * PORTION), max_size=200))
def test_that_a_portion_is_small_enough_or_one_mask(sizes: list[int]) -> None:
    asked = dict(enumerate(sizes))
    found = list(portions(asked))
    assert [identity for ids in found for identity in ids] == list(asked)
    assert all(len(ids) == 1 or (len(ids) <= 50 and sum(asked[n] for n in ids) <= PORTION) for ids in found)


def test_that_the_size_of_a_mask_is_expected_by_its_pixels() -> None:
    assert expected_bytes(mask(1, 8000).shape) == 8_000_000
    assert expected_bytes(mask(1, math.nan).shape) == 0


async def test_that_large_masks_come_two_at_a_time(qapp: object) -> None:
    asked: list[list[int]] = []

    async def read(ids: Sequence[int]) -> dict[int, bytes]:
        asked.append(list(ids))
        return dict.fromkeys(ids, b"\xff")

    bits = MaskBits(read, lambda _error: None)
    masks = [mask(n, 8000) for n in range(5)]
    for one in masks:
        bits.of(one.shape, one)
    await bits.finished()
    assert asked == [[0, 1], [2, 3], [4]]
    assert [bits.of(one.shape, one) for one in masks] == [b"\xff"] * 5
