"""The pixels of masks, as OMERO stores them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.images import Color
from omero_desk.imaging.composite import Picture

FAINTEST: Final = 0.5
"""The least share of its opacity that a pixel has which stands for many of a mask's, if any of those is on."""
BY_BYTES: Final = 16
"""From so many pixels of a mask along one of the picture's on, eight are counted at once."""
_ONES: Final = np.array([number.bit_count() for number in range(256)], np.uint8)


def mask_bits(bits: bytes, width: int, height: int) -> NDArray[np.bool_]:
    """Return the pixels (height, width) of a mask that has a bit for each, or a byte as some programs write them.

    Pixels that are missing at the end are off.
    """
    size = width * height
    values = np.frombuffer(bits, np.uint8)
    if len(values) < size:
        values = np.unpackbits(values)
    found = np.zeros(size, bool)
    found[: len(values)] = values[:size] != 0
    return found.reshape(height, width)


def mask_picture(
    bits: bytes, width: int, height: int, color: Color, part: tuple[int, int, int, int] | None = None, step: int = 1
) -> Picture:
    """Return a mask as a picture (height, width, 4) in one colour, clear elsewhere; its alpha is not premultiplied.

    `part` is a corner, the width and the height of the part that is wanted, by default the whole. A pixel of the
    picture stands for `step` by `step` of the mask, a power of two, and is as opaque as the share of those that are on;
    but never less than FAINTEST of the colour, so that what is thin can be seen. From BY_BYTES on the ends of a row
    may be up to seven of the mask's pixels off.
    """
    x, y, across, down = part or (0, 0, width, height)
    red, green, blue, alpha = color
    mask = _Bits(np.frombuffer(bits, np.uint8), width, height)
    picture = np.zeros((-(-down // step), -(-across // step), 4), np.uint8)
    columns_of_cell = np.minimum(step, across - np.arange(picture.shape[1]) * step)
    for number, line in enumerate(picture):
        rows = np.arange(y + number * step, min(y + (number + 1) * step, y + down))
        counts = mask.counts(rows, x, across, step)
        shares = np.clip(counts / (columns_of_cell * len(rows)), FAINTEST, 1.0)
        is_on = counts > 0
        line[is_on] = blue, green, red, 0
        line[is_on, 3] = np.rint(alpha * shares[is_on])
    return picture


def mask_sample(
    bits: bytes, width: int, height: int, color: Color, part: tuple[int, int, int, int], step: int
) -> Picture:
    """Return what `mask_picture` does, at once: of every `step` by `step` pixels the one in the middle is taken."""
    x, y, across, down = part
    columns = np.minimum(np.arange(x, x + across, step) + step // 2, x + across - 1)
    rows = np.minimum(np.arange(y, y + down, step) + step // 2, y + down - 1)
    red, green, blue, alpha = color
    picture = np.zeros((len(rows), len(columns), 4), np.uint8)
    picture[_are_on(bits, width * height, rows[:, None] * width + columns)] = blue, green, red, alpha
    return picture


def mask_cost(part: tuple[int, int, int, int], step: int) -> int:
    """Return how many numbers `mask_picture` goes through."""
    _, _, across, down = part
    return across * down // (8 if step >= BY_BYTES else 1)


class _Bits:
    """The pixels of a mask as they are stored: a bit for each, or a byte; those that are missing at the end are off."""

    def __init__(self, values: NDArray[np.uint8], width: int, height: int) -> None:
        self._values, self._width = values, width
        self._has_bytes = len(values) >= width * height

    def counts(self, rows: NDArray[np.int64], x: int, across: int, step: int) -> NDArray[np.int64]:
        """Return how many pixels of these rows are on, in each `step` of `across` columns from `x` on."""
        if self._has_bytes:
            columns = self._bytes(rows * self._width + x, across).astype(bool).sum(0)
            return np.add.reduceat(columns, np.arange(0, across, step))
        starts = rows * self._width + x
        found = self._bytes(starts >> 3, -(-across // 8) + 1)
        if step >= BY_BYTES:
            columns = _ONES[found[:, : -(-across // 8)]].sum(0, dtype=np.int64)
            return np.add.reduceat(columns, np.arange(0, len(columns), step // 8))
        columns = np.zeros(across, np.int64)
        for offset in range(8):  # a row may begin at any bit of a byte
            own = found[(starts & 7) == offset]
            if len(own):
                columns += np.unpackbits(own, axis=1)[:, offset : offset + across].sum(0, dtype=np.int64)
        return np.add.reduceat(columns, np.arange(0, across, step))

    def _bytes(self, starts: NDArray[np.int64], number: int) -> NDArray[np.uint8]:
        """Return `number` bytes from each place on, 0 where there are none."""
        found = np.zeros((len(starts), number), np.uint8)
        for line, start in zip(found, starts.tolist(), strict=True):
            there = self._values[start : start + number]
            line[: len(there)] = there
        return found


def _are_on(bits: bytes, size: int, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pixels of a mask of so many are on, by their numbers."""
    values = np.frombuffer(bits, np.uint8)
    if not len(values):
        return np.zeros(numbers.shape, bool)
    if len(values) >= size:  # a byte for each
        return np.not_equal(values[numbers], 0)
    places = numbers >> 3
    found = values[np.minimum(places, len(values) - 1)] >> (7 - (numbers & 7)).astype(np.uint8) & 1
    known: NDArray[np.bool_] = np.logical_and(found, places < len(values))
    return known
