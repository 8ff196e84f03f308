"""Draws thumbnails, several at once, for decoding and scaling release Python's global lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import omero.model

from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.rendering.jpeg import as_image, compress
from omero_desk.server.rendering.renderer import render
from omero_desk.server.rendering.scaling import level_for, scale, stride_for
from omero_desk.server.rendering.section import PlaneSection
from omero_desk.server.rendering.settings import settings_of
from omero_desk.server.rendering.thumbnail_rows import Size

_DRAWERS: Final = ThreadPoolExecutor(min(os.cpu_count() or 1, 4), "drawing")


def begin(drawing: Callable[[], bytes]) -> Future[bytes]:
    """Start to make a picture on a worker."""
    return _DRAWERS.submit(drawing)


def draw(
    source: PixelSource,
    pixels: omero.model.Pixels,
    definition: omero.model.RenderingDef,
    size: Size,
    z: int | None = None,
    t: int | None = None,
) -> bytes:
    """Return the picture of a plane, that of the settings if no other is named, as a JPEG file."""
    settings = settings_of(definition, pixels)
    level = level_for(source.levels, *size) if len(source.levels) > 1 else 0
    stride = stride_for(source.levels[level], *size)
    section = PlaneSection(settings.z if z is None else z, settings.t if t is None else t, stride=stride, level=level)
    return compress(scale(as_image(render(settings, source, section)), *size))
