"""What of one image is as long and as wide as what is in view of another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.imaging.lengths import in_metres, ratio
from omero_desk.models.viewport import Viewport


def have_lengths(images: Iterable[ImageInfo | None]) -> bool:
    """Whether it is known of every image how large its pixels are."""
    return all(image is not None and in_metres(image.physical_x) is not None for image in images)


def same_lengths(viewport: Viewport, seen: ImageInfo, other: ImageInfo) -> Viewport:
    """The view of `other` that shows the same lengths as `viewport` of `seen`, if they lie middle on middle."""
    larger = ratio(seen.physical_x, other.physical_x)
    x = other.size_x / 2 + (viewport.x - seen.size_x / 2) * larger
    y = other.size_y / 2 + (viewport.y - seen.size_y / 2) * larger
    return replace(viewport, zoom=viewport.zoom / larger, x=x, y=y)
