"""The least and the greatest values of an image without statistics (`RawPixelsBean.findMinMax`)."""

from __future__ import annotations

import numpy as np
import omero.model

from omero_desk.server.configuration import Configuration
from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.images.sources import requires_pyramid
from omero_desk.server.rendering.quantum import Extremes


def measure(configuration: Configuration, source: PixelSource, pixels: omero.model.Pixels) -> list[Extremes] | None:
    """Return the extremes of each channel's middle plane; None where they are known, or a plane is too large."""
    channels = pixels.copyChannels()
    is_known = not channels or channels[0].statsInfo is not None
    if is_known or requires_pyramid(configuration, source.size_x, source.size_y, source.dtype):
        return None
    return [_extremes(_middle_plane(source, channel)) for channel in range(len(channels))]


def _middle_plane(source: PixelSource, channel: int) -> Plane:
    z, t = max(source.size_z - 1, 0) // 2, max(source.size_t - 1, 0) // 2
    return source.region(z, channel, t, 0, 0, source.size_x, source.size_y)


def _extremes(plane: Plane) -> Extremes:
    """Return the extremes without NaN, with which OMERO would show nothing."""
    numbers = plane[~np.isnan(plane)] if plane.dtype.kind == "f" else plane
    return (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
