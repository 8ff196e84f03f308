"""Which parts of an image can be exported, and in which detail."""

from __future__ import annotations

from omero_desk.models.exports import Area
from omero_desk.models.image import ImageModel
from omero_desk.models.tile_raster import TileRaster
from omero_desk.models.viewport import Rect, Viewport


def details(image: ImageModel) -> tuple[tuple[int, int], ...]:
    """(width, height) of the levels that the server has, the finest first."""
    info, raster = image.info, image.raster
    if isinstance(raster, TileRaster):
        return raster.sizes
    return () if info is None else ((info.size_x, info.size_y),)


def finest_in_view(image: ImageModel, viewport: Viewport) -> int:
    """The number of the level that the screen shows, of those that the server has."""
    return viewport.best_level(details(image))


def area(image: ImageModel, level: int, viewport: Viewport | None) -> Area | None:
    """What is in view of a level, or without a viewport all of it; None for all of the image's own pixels."""
    sizes = details(image)
    (full_width, full_height), (width, height) = sizes[0], sizes[level]
    rect = Rect(0, 0, width, height) if viewport is None else viewport.in_view(sizes, level)
    if level == 0 and rect == Rect(0, 0, width, height):
        return None
    return Area(level, rect, (full_width / width, full_height / height))
