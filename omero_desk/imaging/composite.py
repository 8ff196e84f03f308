"""Channels into one picture, as OMERO's RGB and greyscale models do it (omeis.providers.re's strategies)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import (
    WHITE,
    Channel,
    ChannelSettings,
    Color,
    ImageInfo,
    Model,
    RenderingSettings,
)
from omero_desk.imaging.quantum import as_index, brightness, brightness_table

Picture = NDArray[np.uint8]
"""(height, width, 4): blue, green, red and 255, the order in which Qt's Format_RGB32 lies in memory."""
Lut = NDArray[np.uint8]
"""(256, 3): red, green and blue of each brightness."""

_OPAQUE: Final = 255
_KEPT: Final = 8
"""Channels whose lights are kept, 8 bytes a pixel each."""
_LANES: Final = np.array([32, 16, 0], np.uint64)
"""Red, green and blue side by side in 64 bits, with room for the sum of 257 channels in each."""


Lights = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that decides how a channel's values become lights."""

    channel: ChannelSettings
    codomain: tuple[int, int]
    grey: bool
    blends: bool
    extremes: tuple[float, float] | None


class Composer:
    """Draws planes of one image on one thread; keeps what each channel of the last picture added to it.

    `luts` are the tables by the names that settings give them; a name that is not there is passed over.
    """

    def __init__(self, info: ImageInfo, luts: Mapping[str, Lut] | None = None) -> None:
        self._info = info
        self._luts = luts or {}
        self._table = lru_cache(maxsize=_KEPT)(self._make_table)
        self._kept: dict[int, tuple[NDArray[Any], _Asked, Lights]] = {}

    def drawn(self, settings: RenderingSettings) -> tuple[int, ...]:
        """The channels whose planes a picture needs; in greyscale that is the first active one alone."""
        active = tuple(n for n, channel in enumerate(settings.channels) if channel.active)
        return active[:1] if settings.model is Model.GREYSCALE else active

    def picture(
        self, planes: Mapping[int, NDArray[Any]], settings: RenderingSettings, shape: tuple[int, int] | None = None
    ) -> Picture:
        """The planes (height, width) of the channels that are drawn, by channel, as one picture.

        A channel whose plane is missing stays dark; `shape` is needed where all are. Raises ValueError for planes of
        several shapes.
        """
        shapes = {plane.shape for plane in planes.values()} or {shape or (0, 0)}
        if len(shapes) != 1:
            raise ValueError("a picture needs planes of one shape")
        total = np.zeros(shapes.pop(), np.uint64)
        blends = _has_alpha(settings)
        for number in self.drawn(settings):
            if number in planes:
                total += self._lights(planes[number], number, settings, blends)
        return _opaque(total)

    def _lights(self, plane: NDArray[Any], number: int, settings: RenderingSettings, blends: bool) -> Lights:
        """What a channel adds to the picture: made anew if anything of it has changed, as one slider at a time does."""
        channel, codomain = settings.channels[number], (settings.lowest, settings.highest)
        asked = _Asked(channel, codomain, settings.model is Model.GREYSCALE, blends, self._extremes(number))
        kept = self._kept.get(number)
        if kept is None or kept[0] is not plane or kept[1] != asked:
            kept = self._kept[number] = plane, asked, self._draw(plane, asked)
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return kept[2]

    def _draw(self, plane: NDArray[Any], asked: _Asked) -> Lights:
        pixel_type = self._info.pixel_type
        if pixel_type.has_table:
            found: Lights = self._table(asked)[as_index(np.ascontiguousarray(plane), pixel_type)]
        else:
            found = self._colors(asked)[brightness(plane, pixel_type, asked.channel, asked.extremes, asked.codomain)]
        return found

    def _make_table(self, asked: _Asked) -> Lights:
        info = self._info
        args = asked.channel, asked.extremes, asked.codomain, info.significant_bits
        return self._colors(asked)[brightness_table(info.pixel_type, *args)]

    def _colors(self, asked: _Asked) -> Lights:
        lut = None if asked.grey else self._luts.get(asked.channel.lut)
        if lut is None:
            lut = _ramp(WHITE if asked.grey else asked.channel.color, asked.blends and not asked.grey)
        return _packed(lut)

    def _extremes(self, number: int) -> tuple[float, float] | None:
        channels: Sequence[Channel] = self._info.channels
        return channels[number].extremes if number < len(channels) else None


def _has_alpha(settings: RenderingSettings) -> bool:
    return any(channel.active and channel.color[3] != _OPAQUE for channel in settings.channels)


def _ramp(color: Color, blends: bool) -> Lut:
    """A colour from dark to bright; OMERO cuts after the point, and again for the alpha where any channel has one."""
    levels = np.arange(256)
    lights = np.array(color[:3]) / 255.0 * levels[:, None]
    lights = np.trunc(lights)
    if blends:
        lights = np.trunc(lights * (color[3] / 255.0))
    return lights.astype(np.uint8)


def _packed(lut: Lut) -> Lights:
    packed: Lights = np.bitwise_or.reduce(lut.astype(np.uint64) << _LANES, axis=1)
    return packed


def _opaque(total: NDArray[np.uint64]) -> Picture:
    """The sums cut at full brightness; of the four 16-bit lanes that are there in memory the last becomes the alpha."""
    lanes = total.astype("<u8", copy=False).view("<u2").reshape(*total.shape, 4)
    np.minimum(lanes, _OPAQUE, out=lanes)
    picture = lanes.astype(np.uint8)
    picture[..., 3] = _OPAQUE
    return picture
