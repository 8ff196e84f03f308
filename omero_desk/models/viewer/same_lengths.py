"""Views of several images at the same physical scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.units import in_metres
from omero_desk.imaging.lengths import ratio
from omero_desk.models.rasters.viewport import Viewport


def have_lengths(images: Iterable[ImageInfo | None]) -> bool:
    """True if the pixel size of every image is known."""
    return all(image is not None and in_metres(image.physical_x) is not None for image in images)


def same_lengths(viewport: Viewport, seen: ImageInfo, other: ImageInfo) -> Viewport:
    """Return the view of `other` at the same physical scale as `viewport` of `seen`, the images' middles aligned."""
    larger = ratio(seen.physical_x, other.physical_x)
    x = other.size_x / 2 + (viewport.x - seen.size_x / 2) * larger
    y = other.size_y / 2 + (viewport.y - seen.size_y / 2) * larger
    return replace(viewport, zoom=viewport.zoom / larger, x=x, y=y)
