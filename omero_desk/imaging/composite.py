"""Channels into one picture, as OMERO's RGB and greyscale models do it (omeis.providers.re's strategies)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import (
    WHITE,
    Color,
    ImageInfo,
    Model,
    RenderingSettings,
)
from omero_desk.imaging.quantum import Curve

Picture = NDArray[np.uint8]
"""(height, width, 4): blue, green, red and 255, the order in which Qt's Format_RGB32 lies in memory."""
Lut = NDArray[np.uint8]
"""(256, 3): red, green and blue of each brightness."""

_OPAQUE: Final = 255
_ALPHA: Final = np.array([0, 0, 0, _OPAQUE], np.uint8).view(np.uint32)
_KEPT: Final = 8
"""Channels whose lights are kept, 4 bytes a pixel each."""
_BAND: Final = 2**15
"""Pixels that are drawn at a time: all that is done with them is done in the processor's own memory."""

Lights = NDArray[np.uint32]
"""(height, width): blue, green, red and 0, a byte each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that decides how a channel's values become lights."""

    curve: Curve
    grey: bool
    blends: bool


@dataclass(frozen=True, slots=True)
class _Layer:
    """A channel of a picture: its plane, drawn as it was asked with `table`; none is needed where `lights` are drawn.

    There are no `lights` of a channel that is one too many to be kept.
    """

    plane: NDArray[Any]
    asked: _Asked
    table: Lights | None
    lights: Lights | None


class Composer:
    """Draws planes of one image on one thread; keeps what each channel of the last picture added to it.

    `luts` are the tables by the names that settings give them; a name that is not there is passed over.
    """

    def __init__(self, info: ImageInfo, luts: Mapping[str, Lut] | None = None) -> None:
        self._info = info
        self._luts = luts or {}
        self._table = lru_cache(maxsize=_KEPT)(self._make_table)
        self._kept: dict[int, _Layer] = {}

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
        shapes = {(plane.shape[0], plane.shape[1]) for plane in planes.values()} or {shape or (0, 0)}
        if len(shapes) != 1:
            raise ValueError("a picture needs planes of one shape")
        height, width = shapes.pop()
        layers = self._layers(planes, settings)
        total = np.empty((height, width), np.uint32)
        rows = max(_BAND // max(width, 1), 1)
        for first in range(0, height, rows):
            _draw(layers, slice(first, first + rows), total[first : first + rows])
        return total.view(np.uint8).reshape(height, width, 4)

    def _layers(self, planes: Mapping[int, NDArray[Any]], settings: RenderingSettings) -> list[_Layer]:
        """What is to be added up; what was drawn before is kept, for a slider changes one channel at a time."""
        numbers = [number for number in self.drawn(settings) if number in planes]
        layers = {number: self._layer(number, planes[number], settings) for number in numbers[:_KEPT]}
        self._kept = {number: replace(layer, table=None) for number, layer in layers.items()}
        others = [(planes[number], self._asked(number, settings)) for number in numbers[_KEPT:]]
        return [*layers.values(), *(_Layer(plane, asked, self._table(asked), None) for plane, asked in others)]

    def _layer(self, number: int, plane: NDArray[Any], settings: RenderingSettings) -> _Layer:
        """A channel whose lights are kept: in the same memory, for new memory costs as much as what is done with it."""
        asked, kept = self._asked(number, settings), self._kept.get(number)
        if kept is not None and kept.plane is plane and kept.asked == asked:
            return kept
        lights = kept.lights if kept is not None and kept.plane.shape == plane.shape else None
        return _Layer(plane, asked, self._table(asked), np.empty(plane.shape, np.uint32) if lights is None else lights)

    def _asked(self, number: int, settings: RenderingSettings) -> _Asked:
        info, codomain = self._info, (settings.lowest, settings.highest)
        extremes = info.channels[number].extremes if number < len(info.channels) else None
        curve = Curve(info.pixel_type, settings.channels[number], extremes, codomain, info.significant_bits)
        return _Asked(curve, settings.model is Model.GREYSCALE, _has_alpha(settings))

    def _make_table(self, asked: _Asked) -> Lights:
        return self._colors(asked)[asked.curve.table()]

    def _colors(self, asked: _Asked) -> Lights:
        channel = asked.curve.settings
        lut = None if asked.grey else self._luts.get(channel.lut)
        if lut is None:
            lut = _ramp(WHITE if asked.grey else channel.color, asked.blends and not asked.grey)
        return _packed(lut)


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
    packed = np.zeros((len(lut), 4), np.uint8)
    packed[:, :3] = lut[:, ::-1]
    return packed.view(np.uint32)[:, 0]


def _draw(layers: Sequence[_Layer], rows: slice, total: Lights) -> None:
    """Add up so many rows."""
    np.bitwise_or(_lights(layers[0], rows) if layers else np.uint32(0), _ALPHA, out=total)
    for layer in layers[1:]:
        _add(total, _lights(layer, rows))


def _lights(layer: _Layer, rows: slice) -> Lights:
    """So many rows of what a channel adds. No index is out of bounds, and to "wrap" is what numpy does fastest."""
    lights = layer.lights[rows] if layer.lights is not None else None
    if layer.table is not None:
        lights = np.take(layer.table, layer.asked.curve.index(layer.plane[rows]), out=lights, mode="wrap")
    assert lights is not None
    return lights


def _add(total: Lights, lights: Lights) -> None:
    """Add a channel's lights, each colour of each pixel no further than to full brightness."""
    sums, more = total.view(np.uint8), lights.view(np.uint8)
    room = ~sums
    sums += np.minimum(room, more, out=room)
