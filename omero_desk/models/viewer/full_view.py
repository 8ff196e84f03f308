"""The view of an image at full resolution: in the image's own pixels and not in the screen's."""

from __future__ import annotations

import asyncio
from typing import Final

import numpy as np

from omero_desk.entities.images import ImageInfo
from omero_desk.imaging.composite import Composer, Picture
from omero_desk.models.rasters.raster import Raster, RasterRegion
from omero_desk.models.rasters.viewport import Rect, Viewport
from omero_desk.models.viewer.image import ImageModel

MOST: Final = 2**26
"""Pixels of the largest picture: several copies of it are in memory until it is in its file."""
_BAND: Final = 2**20
"""Pixels that are drawn between two turns of the event loop."""


def rect_in_view(info: ImageInfo, viewport: Viewport) -> Rect:
    """Return the part of the image that is in view, in the image's own pixels."""
    return viewport.in_view(((info.size_x, info.size_y),), 0)


def at_full(info: ImageInfo, viewport: Viewport) -> Viewport:
    """Return the viewport of a canvas that shows the same part at actual size, without margins and as it is stored."""
    rect = rect_in_view(info, viewport)
    x, y = rect.x + rect.width / 2, rect.y + rect.height / 2
    return Viewport(float(rect.width), float(rect.height), 1.0, x, y)


async def full_picture(image: ImageModel, viewport: Viewport) -> Picture:
    """Return the picture (height, width, 4) of what is in view, once all of it has been read. Raises GatewayError."""
    info, raster, settings = image.info, image.raster, image.settings
    assert info is not None and raster is not None
    composer, rect = Composer(info, image.luts), rect_in_view(info, viewport)
    source = raster.independent_view()
    try:
        region = await _all(source, composer.drawn(settings), image.z, image.t, rect)
    finally:
        if source is not raster:
            source.close()
            source.deleteLater()
    picture = np.empty((rect.height, rect.width, 4), np.uint8)
    rows = max(_BAND // max(rect.width, 1), 1)
    for first in range(0, rect.height, rows):
        planes = {channel: plane[first : first + rows] for channel, plane in region.planes.items()}
        band = picture[first : first + rows]
        band[:] = composer.picture(planes, settings, (band.shape[0], band.shape[1]))
        await asyncio.sleep(0)
    return picture


async def _all(raster: Raster, channels: tuple[int, ...], z: int, t: int, rect: Rect) -> RasterRegion:
    """Return a region of the finest level once all of it has been read. Raises GatewayError."""
    more = asyncio.Event()
    raster.arrived.connect(more.set)
    try:
        while True:
            more.clear()
            region = raster.region(channels, z, t, 0, rect)
            if region.problem is not None:
                raise region.problem
            if region.complete:
                return region
            await more.wait()
    finally:
        raster.arrived.disconnect(more.set)
