"""The least and the greatest value of each channel of an image, and the digest of its planes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Final

import numpy as np

from omero_desk.server.images.pixel_source import PixelSource, Plane

PENDING_SHA1: Final = "Pending..."
"""OMERO's own text for pixels whose digest is not known."""

_MEASURED_BYTES: Final = 2**27
_BAND_BYTES: Final = 2**24

_READ_BYTES: Final = 2**12
"""The bytes that are decoded in the time that it takes to ask for a plane."""

_MOST_READS: Final = _MEASURED_BYTES // _READ_BYTES

Extremes = tuple[float, float]


def measure(source: PixelSource) -> tuple[list[Extremes], str]:
    """Return the extremes of each channel and the SHA-1 of all planes, in the order that OMERO hashes them.

    Of an image too large to be read whole there is no digest, and the extremes are those of the finest level that is
    small enough, else of planes spread evenly over the smallest.
    """
    planes = source.size_z * source.size_t
    sizes = [prod(level) * planes * source.size_c * source.dtype.itemsize for level in source.levels]
    level = next((number for number, size in enumerate(sizes) if size <= _MEASURED_BYTES), len(sizes) - 1)
    if level == 0 and work_of(source) <= _MEASURED_BYTES:
        return _measure_whole(source)
    most = min(planes * _MEASURED_BYTES // sizes[level], _MOST_READS // source.size_c)
    chosen = _spread(planes, max(most, 1))
    share = max(_MEASURED_BYTES // (len(chosen) * source.size_c), 1)
    return [_channel(source, c, level, chosen, share) for c in range(source.size_c)], PENDING_SHA1


def work_of(source: PixelSource) -> int:
    """Return the work of reading all planes, in bytes; each plane counts as some, however small it is."""
    planes = source.size_z * source.size_c * source.size_t
    return planes * max(source.size_x * source.size_y * source.dtype.itemsize, _READ_BYTES)


def _measure_whole(source: PixelSource) -> tuple[list[Extremes], str]:
    digest = hashlib.sha1(usedforsecurity=False)
    found: list[Extremes] = [(np.inf, -np.inf)] * source.size_c
    for t, c, z in product(range(source.size_t), range(source.size_c), range(source.size_z)):
        for band in _bands(source, z, c, t, 0, prod(source.levels[0]) * source.dtype.itemsize):
            digest.update(band.astype(band.dtype.newbyteorder(">"), copy=False).tobytes())
            found[c] = _wider(found[c], band)
    return [_known(each) for each in found], digest.hexdigest()


def _channel(source: PixelSource, c: int, level: int, planes: list[int], share: int) -> Extremes:
    found: Extremes = (np.inf, -np.inf)
    for plane in planes:
        t, z = divmod(plane, source.size_z)
        for band in _bands(source, z, c, t, level, share):
            found = _wider(found, band)
    return _known(found)


def _bands(source: PixelSource, z: int, c: int, t: int, level: int, limit: int) -> Iterator[Plane]:
    """Give a plane in bands of rows; of one larger than `limit` bytes, the middle rows alone."""
    width, height = source.levels[level]
    row = width * source.dtype.itemsize
    rows = min(max(limit // row, 1), height)
    first = (height - rows) // 2
    step = max(_BAND_BYTES // row, 1)
    for top in range(first, first + rows, step):
        yield source.region(z, c, t, 0, top, width, min(step, first + rows - top), level)


def _wider(found: Extremes, band: Plane) -> Extremes:
    """Widen extremes by the finite values of a band."""
    numbers = band[np.isfinite(band)] if band.dtype.kind == "f" else band
    if not numbers.size:
        return found
    return min(found[0], float(numbers.min())), max(found[1], float(numbers.max()))


def _known(found: Extremes) -> Extremes:
    return found if found[0] <= found[1] else (0.0, 0.0)


def _spread(planes: int, most: int) -> list[int]:
    """Return at most `most` numbers of planes, evenly spaced."""
    count = min(planes, most)
    return [(2 * number + 1) * planes // (2 * count) for number in range(count)]
