"""Thumbnails drawn, several at once: decoding and scaling hold no lock of Python's."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from omero_desk.server.images.sources import Sources
from omero_desk.server.rendering.jpeg import as_image, compress
from omero_desk.server.rendering.renderer import render
from omero_desk.server.rendering.scaling import level_for, scale, stride_for
from omero_desk.server.rendering.section import Section
from omero_desk.server.rendering.settings import settings_of
from omero_desk.server.rendering.thumbnail_rows import Size

if TYPE_CHECKING:
    from omero_desk.server.wire.calls import Call

_DRAWERS: Final = ThreadPoolExecutor(min(os.cpu_count() or 1, 4), "drawing")


def begin_to_draw(sources: Sources, call: Call, pixels: Any, definition: Any, size: Size) -> Future[bytes]:
    """Have a picture drawn as `draw` does."""
    return _DRAWERS.submit(draw, sources, call, pixels, definition, size)


def draw(
    sources: Sources, call: Call, pixels: Any, definition: Any, size: Size, z: int | None = None, t: int | None = None
) -> bytes:
    """Return the picture of a plane, that of the settings if no other is named, as a JPEG file."""
    settings = settings_of(definition, pixels)
    with sources.open(call, pixels.id.val) as source:
        level = level_for(source.levels, *size) if len(source.levels) > 1 else 0
        stride = stride_for(source.levels[level], *size)
        section = Section(settings.z if z is None else z, settings.t if t is None else t, stride=stride, level=level)
        picture = render(settings, source, section)
    return compress(scale(as_image(picture), *size))
