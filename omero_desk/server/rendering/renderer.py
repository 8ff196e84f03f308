"""An image's pixels and rendering settings made into pictures."""

from __future__ import annotations

from typing import Final

import numpy as np

from omero_desk.server.errors import api_usage
from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.rendering import projection
from omero_desk.server.rendering.composite import ChannelLayer, Picture, compose
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.rendering.palette import grey_palette
from omero_desk.server.rendering.section import PlaneSection
from omero_desk.server.rendering.settings import ChannelRendering, ImageRendering

_MOST_PIXELS: Final = 1 << 26


def render(settings: ImageRendering, source: PixelSource, section: PlaneSection) -> Picture:
    """Return the picture of a section; raises omero.ApiUsageException for an empty one, and for one beyond reason."""
    width, height = section.size(source)
    if width * height == 0:
        raise api_usage(f"Width ({width}) and height ({height}) must be > 0")
    if width * height > _MOST_PIXELS:
        raise api_usage(f"{width} by {height} pixels are too many for one picture. Please render tiles of it.")
    return _compose(settings, {c: section.pixels(source, c) for c in settings.shown}, height, width)


def render_projection(
    settings: ImageRendering,
    source: PixelSource,
    algorithm: int,
    t: int,
    step: int,
    start: int,
    end: int,
    level: int = 0,
) -> Picture:
    """Return the picture of a projection along z; raises omero.ValidationException as `ProjectionBean` does."""
    check_projection(source, algorithm, t, step, start, end)
    width, height = source.levels[level]
    planes = {c: project_stack(source, algorithm, c, t, step, start, end, level) for c in settings.shown}
    return _compose(settings, planes, height, width)


def project_stack(
    source: PixelSource,
    algorithm: int,
    channel: int,
    t: int,
    step: int,
    start: int,
    end: int,
    level: int = 0,
    dtype: np.dtype[np.generic] | None = None,
) -> Plane:
    """Return the planes of one channel as one of a type; only one of them is in memory at a time."""
    width, height = source.levels[level]
    kind = source.dtype if dtype is None else dtype
    numbers = projection.plane_numbers(algorithm, start, end, step)
    planes = (source.region(z, channel, t, 0, 0, width, height, level) for z in numbers)
    found = projection.project(algorithm, planes, kind)
    return projection.empty(algorithm, (height, width), kind) if found is None else found


def check_projection(source: PixelSource, algorithm: int, t: int, step: int, start: int, end: int) -> None:
    """Raise omero.ApiUsageException or omero.ValidationException for a projection that is not possible."""
    if algorithm not in projection.ALGORITHMS:
        raise api_usage(f"Unknown algorithm: {algorithm}")
    if start < 0 or end < 0:
        raise invalid("Z interval value cannot be negative.")
    if max(start, end) >= source.size_z:
        raise invalid(f"Z interval value cannot be >= {source.size_z}")
    if step <= 0:
        raise invalid(f"stepping: {step} <= 0")
    if t < 0:
        raise invalid(f"timepoint: {t} < 0")
    if t >= source.size_t:
        raise invalid(f"timepoint must be <{source.size_t}")


def _compose(settings: ImageRendering, planes: dict[int, Plane], height: int, width: int) -> Picture:
    channels = {c: settings.channels[c] for c in planes}
    layers = [_layer(channel, planes[c], is_grey=settings.is_grey) for c, channel in channels.items()]
    alpha = next((channel.rgba[3] for channel in channels.values()), 0) if settings.is_grey else 255
    return compose(layers, height, width, alpha)


def _layer(channel: ChannelRendering, pixels: Plane, *, is_grey: bool) -> ChannelLayer:
    palette = grey_palette() if is_grey else channel.palette()
    return ChannelLayer(np.asarray(pixels), channel.quantizer(), channel.codomain(), palette)
