"""What is in view of an image, in the image's own pixels and not in the screen's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import numpy as np

from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.imaging.composite import Composer, Picture
from omero_desk.models.image import ImageModel
from omero_desk.models.raster import Raster, Region
from omero_desk.models.viewport import Rect, Viewport

MOST: Final = 2**26
"""Pixels of the largest picture: it is in memory several times until it is in its file."""
_BAND: Final = 2**20
"""Pixels that are drawn before the window has its turn again."""


def rect_in_view(info: ImageInfo, viewport: Viewport) -> Rect:
    """The part of the image that is in view, in its own pixels."""
    return viewport.in_view(((info.size_x, info.size_y),), 0)


def at_full(info: ImageInfo, viewport: Viewport) -> Viewport:
    """The viewport of a canvas that has a pixel for each of the image's in view, and nothing around them."""
    rect = rect_in_view(info, viewport)
    place = {"x": rect.x + rect.width / 2, "y": rect.y + rect.height / 2}
    return replace(viewport, width=float(rect.width), height=float(rect.height), zoom=1.0, **place)


async def full_picture(image: ImageModel, viewport: Viewport) -> Picture:
    """The picture (height, width, 4) of what is in view now, once all of it is there. Raises GatewayError."""
    info, raster, settings = image.info, image.raster, image.settings
    assert info is not None and raster is not None
    composer, rect = Composer(info, image.luts), rect_in_view(info, viewport)
    apart = raster.apart()
    try:
        region = await _all(apart, composer.drawn(settings), image.z, image.t, rect)
    finally:
        if apart is not raster:
            apart.close()
            apart.deleteLater()
    picture = np.empty((rect.height, rect.width, 4), np.uint8)
    rows = max(_BAND // max(rect.width, 1), 1)
    for first in range(0, rect.height, rows):
        planes = {channel: plane[first : first + rows] for channel, plane in region.planes.items()}
        band = picture[first : first + rows]
        band[:] = composer.picture(planes, settings, (band.shape[0], band.shape[1]))
        await asyncio.sleep(0)
    return picture


async def _all(raster: Raster, channels: tuple[int, ...], z: int, t: int, rect: Rect) -> Region:
    """A region of the finest level, waited for."""
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
