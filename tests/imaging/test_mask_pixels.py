"""Masks at any size on the screen: no pixel of the screen shows what the mask has not, nor loses what it has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from omero_desk.imaging.mask_pixels import BY_BYTES, FAINTEST, mask_picture, mask_sample

ALPHA = 200
COLOR = (255, 0, 0, ALPHA)


def stored(mask: NDArray[np.bool_], as_bytes: bool) -> bytes:
    return mask.astype(np.uint8).tobytes() if as_bytes else np.packbits(mask.ravel()).tobytes()


def shares(mask: NDArray[np.bool_], step: int) -> NDArray[np.float64]:
    """The share of each cell that is on."""
    height, width = mask.shape
    cells = [[mask[y : y + step, x : x + step].mean() for x in range(0, width, step)] for y in range(0, height, step)]
    return np.array(cells)


MASKS = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(lambda shape: arrays(bool, shape))


@given(MASKS, st.sampled_from([1, 2, 4, 8]), st.booleans(), st.data())
def test_that_a_pixel_is_as_opaque_as_its_share_of_the_mask(
    mask: NDArray[np.bool_], step: int, as_bytes: bool, data: st.DataObject
) -> None:
    height, width = mask.shape
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    across, down = data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y))
    drawn = mask_picture(stored(mask, as_bytes), width, height, COLOR, (x, y, across, down), step)[..., 3]
    right = shares(mask[y : y + down, x : x + across], step)
    right = np.where(right > 0, np.maximum(right, FAINTEST), 0) * ALPHA
    assert np.abs(drawn - right).max() <= 0.5


@pytest.mark.parametrize("step", [1, 2, 8, BY_BYTES, 64])
@pytest.mark.parametrize("width", [640, 643])
def test_that_a_line_of_one_pixel_does_not_vanish(step: int, width: int) -> None:
    mask = np.zeros((512, width), bool)
    mask[:, 100] = mask[301] = True
    drawn = mask_picture(stored(mask, False), width, 512, COLOR, None, step)[..., 3]
    assert (drawn[:, [100 // step]] >= FAINTEST * ALPHA).mean() > 0.9 if step < BY_BYTES else drawn.any(1).all()
    assert (drawn[301 // step] >= FAINTEST * ALPHA).all()
    assert drawn[0, -1] == 0


@given(MASKS, st.integers(0, 200))
def test_that_bits_that_are_missing_are_off(mask: NDArray[np.bool_], kept: int) -> None:
    height, width = mask.shape
    bits = np.packbits(mask.ravel())[:kept]
    there = np.unpackbits(bits)[: mask.size].astype(bool)
    known = np.zeros(mask.size, bool)
    if len(bits) < mask.size:  # else it would be a byte for each
        known[: len(there)] = there
        drawn = mask_picture(bits.tobytes(), width, height, COLOR)[..., 3]
        assert ((drawn > 0) == known.reshape(mask.shape)).all()


def test_that_a_sample_is_as_large_as_the_picture() -> None:
    mask = np.ones((37, 53), bool)
    for step in (1, 2, 16):
        part = (11, 5, 40, 31)
        whole = mask_picture(stored(mask, False), 53, 37, COLOR, part, step)
        assert (mask_sample(stored(mask, False), 53, 37, COLOR, part, step) == whole).all()
