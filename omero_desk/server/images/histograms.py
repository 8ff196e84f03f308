"""Histograms of planes, as omero-server's RawPixelsBean counts them."""

from __future__ import annotations

from typing import Final

import numpy as np

from omero_desk.server.images.pixel_source import Plane

DEFAULT_BINS: Final = 256
MOST_BINS: Final = 2**20


def extremes(plane: Plane) -> tuple[float, float]:
    """Return the least and the greatest finite value of a plane, (0, 0) if there is none."""
    numbers = plane[np.isfinite(plane)] if plane.dtype.kind == "f" else plane
    return (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)


def histogram(pixels: Plane, least: float, greatest: float, bins: int) -> list[int]:
    """Count pixels in bins of equal width; the greatest value falls into the last one, others outside into none."""
    values = pixels.ravel().astype(np.float64)
    values = values[(values >= least) & (values <= greatest)]
    width = (greatest - least) / bins
    places = np.zeros(values.size, np.int64) if width == 0 else ((values - least) / width).astype(np.int64)
    counts = np.bincount(np.minimum(places, bins - 1), minlength=bins)
    return [int(count) for count in counts]
