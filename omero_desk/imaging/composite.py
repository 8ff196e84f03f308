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
        self._total: Lights | None = None

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
        total = self._total = _again(self._total, shapes.pop())
        total.fill(0)
        blends, drawn = _has_alpha(settings), [number for number in self.drawn(settings) if number in planes]
        for number in drawn:
            total += self._lights(planes[number], number, settings, blends)
        return _opaque(total, self._is_dim([settings.channels[number] for number in drawn], settings))

    def _is_dim(self, channels: Sequence[ChannelSettings], settings: RenderingSettings) -> bool:
        """Whether their colours never add up to more than full brightness, so that nothing needs to be cut."""
        if len(channels) < 2:
            return True
        colored = not any(channel.lut in self._luts for channel in channels)
        sums = [sum(channel.color[part] for channel in channels) for part in range(3)]
        return settings.model is not Model.GREYSCALE and colored and max(sums) <= _OPAQUE

    def _lights(self, plane: NDArray[Any], number: int, settings: RenderingSettings, blends: bool) -> Lights:
        """What a channel adds to the picture: made anew if anything of it has changed, as one slider at a time does."""
        channel, codomain = settings.channels[number], (settings.lowest, settings.highest)
        asked = _Asked(channel, codomain, settings.model is Model.GREYSCALE, blends, self._extremes(number))
        kept = self._kept.pop(number, None)
        if kept is None or kept[0] is not plane or kept[1] != asked:
            out = _again(kept[2] if kept is not None else None, plane.shape)
            kept = plane, asked, self._draw(plane, asked, out)
        self._kept[number] = kept
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[2]

    def _draw(self, plane: NDArray[Any], asked: _Asked, out: Lights) -> Lights:
        """Look every value up; no index is out of bounds, and to "wrap" is what numpy does fastest."""
        pixel_type = self._info.pixel_type
        if pixel_type.has_table:
            table, index = self._table(asked), as_index(np.ascontiguousarray(plane), pixel_type)
        else:
            table = self._colors(asked)
            index = brightness(plane, pixel_type, asked.channel, asked.extremes, asked.codomain)
        return np.take(table, index, out=out, mode="wrap")

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


def _again(array: Lights | None, shape: tuple[int, ...]) -> Lights:
    """An array to be written to: the old one where it fits, for new memory costs as much as what is done with it."""
    return array if array is not None and array.shape == shape else np.empty(shape, np.uint64)


def _opaque(total: Lights, is_dim: bool) -> Picture:
    """The sums cut at full brightness; of the four 16-bit lanes that are there in memory the last becomes the alpha."""
    lanes = total.astype("<u8", copy=False).view("<u2").reshape(*total.shape, 4)
    if not is_dim:
        np.minimum(lanes, _OPAQUE, out=lanes)
    picture = lanes.astype(np.uint8)
    picture[..., 3] = _OPAQUE
    return picture
