"""The least and the greatest values of an image of which nobody counted them (`RawPixelsBean.findMinMax`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.pixels import PixelSource
from omero_desk.server.rendering.quantum import Extremes

if TYPE_CHECKING:
    from omero_desk.server.backend import Backend
    from omero_desk.server.wire.calls import Call

_FOR_PYRAMIDS: Final = ("omero.pixeldata.max_plane_width", "omero.pixeldata.max_plane_height")


def requires_pyramid(backend: Backend, size_x: int, size_y: int) -> bool:
    """Tell whether a plane is too large to be handled as one."""
    width, height = (backend.configuration.number(key) for key in _FOR_PYRAMIDS)
    return size_x * size_y > width * height


def measure(backend: Backend, call: Call, pixels: Any) -> list[Extremes] | None:
    """Return the extremes of each channel's middle plane; None where they are known, or a plane is too large.

    The file is opened in any case: images that cannot be read get no settings.
    """
    channels = pixels.copyChannels()
    with backend.sources.open(call, pixels.id.val) as source:
        is_known = not channels or channels[0].statsInfo is not None
        if is_known or requires_pyramid(backend, source.size_x, source.size_y):
            return None
        return [_extremes(_middle_plane(source, channel)) for channel in range(len(channels))]


def _middle_plane(source: PixelSource, channel: int) -> NDArray[Any]:
    z, t = max(source.size_z - 1, 0) // 2, max(source.size_t - 1, 0) // 2
    return source.region(z, channel, t, 0, 0, source.size_x, source.size_y)


def _extremes(plane: NDArray[Any]) -> Extremes:
    """Return the extremes, without regard to what is no number; OMERO would then show nothing."""
    numbers = plane[~np.isnan(plane)] if plane.dtype.kind == "f" else plane
    return (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
