"""Parts of an image that can be exported, at the levels of detail that the server has."""

from __future__ import annotations

from omero_desk.models.exports.exports import Area
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.rasters.viewport import Rect, Viewport
from omero_desk.models.viewer.image import ImageModel


def details(image: ImageModel) -> tuple[tuple[int, int], ...]:
    """Return (width, height) of the levels that the server has, the finest first."""
    info, raster = image.info, image.raster
    if isinstance(raster, TileRaster):
        return tuple((level.width, level.height) for level in raster.pyramid.levels)
    return () if info is None else ((info.size_x, info.size_y),)


def finest_in_view(image: ImageModel, viewport: Viewport) -> int:
    """Return the number of the server's level that the screen shows."""
    return viewport.best_level(details(image))


def area(image: ImageModel, level: int, viewport: Viewport | None) -> Area | None:
    """Return the part of a level that is in view, or all of it without a viewport; None for the whole finest level."""
    sizes = details(image)
    (full_width, full_height), (width, height) = sizes[0], sizes[level]
    rect = Rect(0, 0, width, height) if viewport is None else viewport.in_view(sizes, level)
    if level == 0 and rect == Rect(0, 0, width, height):
        return None
    return Area(level, rect, (full_width / width, full_height / height))
