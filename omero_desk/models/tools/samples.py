"""The values of single pixels of an image, in as much detail as has been read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omero_desk.models.rasters.raster import Places as Pixels
from omero_desk.models.tools.derived_images import active
from omero_desk.models.viewer.image import ImageModel

Place = tuple[float, float]


@dataclass(frozen=True)
class Samples:
    """The active channels' values, NaN where unknown; each stands for `step` by `step` of the image's pixels."""

    values: dict[int, NDArray[np.float64]]
    step: float = 1.0


def samples(image: ImageModel, places: Sequence[Place]) -> Samples:
    """Return the values at places (x, y) of the plane in view, from the pixels read so far."""
    raster, (inside, pixels) = image.raster, _pixels(image, places)
    if raster is None:
        return Samples({})
    found, level = raster.sample(active(image.settings), image.z, image.t, pixels)
    values = {channel: np.full(len(places), np.nan) for channel in found}
    for channel, each in found.items():
        values[channel][inside] = each
    return Samples(values, raster.sizes[0][0] / raster.sizes[level][0])


def look_at(image: ImageModel, what: str, places: Sequence[Place]) -> None:
    """Have the pixels at these places read, in place of those that the user called `what` wanted before."""
    _, pixels = _pixels(image, places)
    if image.raster is not None:
        image.raster.want(what, active(image.settings), image.z, image.t, pixels)


def _pixels(image: ImageModel, places: Sequence[Place]) -> tuple[NDArray[np.bool_], Pixels]:
    """Return a mask of the places that are on the image, and the pixels (column, row) of those."""
    info = image.info
    size = (info.size_x, info.size_y) if info is not None else (0, 0)
    found = np.floor(np.array(places, float).reshape(-1, 2))
    inside = ((found >= 0) & (found < size)).all(axis=1)
    return inside, found[inside].astype(np.intp)
