"""Blends channels into one picture by OMERO's RGB and greyscale models (strategies of omeis.providers.re)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.images import WHITE, Color, ImageInfo, Model, RenderingSettings
from omero_desk.imaging import blending
from omero_desk.imaging.planes import Plane
from omero_desk.imaging.quantum import BrightnessCurve

Picture = NDArray[np.uint8]
"""(height, width, 4): blue, green, red and 255, the order in which Qt's Format_RGB32 lies in memory."""
Lut = NDArray[np.uint8]
"""(256, 3): red, green and blue of each brightness."""

_OPAQUE: Final = 255
_BLACK: Final = np.array([0, 0, 0, _OPAQUE], np.uint8).view(np.uint32)
_KEPT: Final = 8
"""The number of channels whose tables and, without C, lights are kept, of 4 bytes a pixel."""
_BAND: Final = 2**15
"""The number of pixels that are drawn at a time, few enough for the cache of the processor."""

Lights = NDArray[np.uint32]
"""(height, width): blue, green, red and 255, a byte each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that the lights of a channel depend on, besides its values."""

    curve: BrightnessCurve
    grey: bool
    blends: bool


@dataclass(frozen=True, slots=True)
class _Layer:
    """A channel of a picture: its plane, and its `lights`, the memory for the colours that it adds.

    The lights are filled by means of `table`; None if they are filled already. Channels beyond `_KEPT` have no lights
    of their own.
    """

    plane: Plane
    asked: _Asked
    table: Lights | None
    lights: Lights | None


class Composer:
    """Draws planes of one image, called on one thread. Without C it keeps the lights of the last picture's channels.

    `luts` are the tables by the names that settings give them; an unknown name is ignored. `swift` says whether C
    draws, which needs `blending.IS_BUILT`: that takes as long for all channels as numpy for the one that was changed.
    """

    def __init__(self, info: ImageInfo, luts: Mapping[str, Lut] | None = None, swift: bool = blending.IS_BUILT) -> None:
        self._info, self._swift = info, swift
        self._luts = luts or {}
        self._tables: OrderedDict[_Asked, Lights] = OrderedDict()
        self._kept: dict[int, _Layer] = {}

    def drawn(self, settings: RenderingSettings) -> tuple[int, ...]:
        """Return the channels whose planes a picture needs: the active ones, in greyscale the first of them."""
        active = tuple(n for n, channel in enumerate(settings.channels) if channel.active)
        return active[:1] if settings.model is Model.GREYSCALE else active

    def picture(
        self,
        planes: Mapping[int, Plane],
        settings: RenderingSettings,
        shape: tuple[int, int] | None = None,
        spare: Picture | None = None,
    ) -> Picture:
        """Return one picture of the planes (height, width) of channels, by channel.

        A channel whose plane is missing stays dark; `shape` is needed where all are. `spare` is a picture that is not
        needed any more: one of the same shape is drawn over, as new memory takes as long as drawing. Raises ValueError
        for planes of several shapes.
        """
        shapes = {(plane.shape[0], plane.shape[1]) for plane in planes.values()} or {shape or (0, 0)}
        if len(shapes) != 1:
            raise ValueError("a picture needs planes of one shape")
        height, width = shapes.pop()
        numbers = [number for number in self.drawn(settings) if number in planes]
        picture = spare if spare is not None and spare.shape == (height, width, 4) else _new(height, width)
        total = picture.view(np.uint32)[..., 0]
        if self._swift:
            blending.blend(total, [self._swift_layer(planes[n], self._asked(n, settings)) for n in numbers])
        else:
            _draw(total, self._layers(numbers, planes, settings))
        return picture

    def _swift_layer(self, plane: Plane, asked: _Asked) -> blending.Layer:
        curve, table = asked.curve, self._table(asked)
        if curve.pixel_type.has_table:
            return blending.Layer(curve.index(plane), table)
        is_known = plane.dtype.newbyteorder("=") == curve.pixel_type.dtype.newbyteorder("=")
        return blending.Layer(plane if is_known else plane.astype(np.float64), table, *curve.steps)

    def _layers(self, numbers: Sequence[int], planes: Mapping[int, Plane], settings: RenderingSettings) -> list[_Layer]:
        """Return the layers to be added up; drawn ones are kept, because a slider changes one channel at a time."""
        layers = {number: self._layer(number, planes[number], settings) for number in numbers[:_KEPT]}
        self._kept = {number: replace(layer, table=None) for number, layer in layers.items()}
        others = [(planes[number], self._asked(number, settings)) for number in numbers[_KEPT:]]
        return [*layers.values(), *(_Layer(plane, asked, self._table(asked), None) for plane, asked in others)]

    def _layer(self, number: int, plane: Plane, settings: RenderingSettings) -> _Layer:
        """Return a channel whose lights are kept, in the same memory as before: allocating costs as much as drawing."""
        asked, kept = self._asked(number, settings), self._kept.get(number)
        if kept is not None and kept.plane is plane and kept.asked == asked:
            return kept
        lights = kept.lights if kept is not None and kept.plane.shape == plane.shape else None
        return _Layer(plane, asked, self._table(asked), np.empty(plane.shape, np.uint32) if lights is None else lights)

    def _asked(self, number: int, settings: RenderingSettings) -> _Asked:
        info, codomain = self._info, (settings.lowest, settings.highest)
        extremes = info.channels[number].extremes if number < len(info.channels) else None
        curve = BrightnessCurve(info.pixel_type, settings.channels[number], extremes, codomain, info.significant_bits)
        return _Asked(curve, settings.model is Model.GREYSCALE, _has_alpha(settings))

    def _table(self, asked: _Asked) -> Lights:
        """Return the lights of each value; those of the last few settings are kept."""
        if asked not in self._tables:
            self._tables[asked] = self._colors(asked)[asked.curve.table()]
        self._tables.move_to_end(asked)
        if len(self._tables) > _KEPT:
            self._tables.popitem(last=False)
        return self._tables[asked]

    def _colors(self, asked: _Asked) -> Lights:
        channel = asked.curve.settings
        lut = None if asked.grey else self._luts.get(channel.lut)
        if lut is None:
            lut = _ramp(WHITE if asked.grey else channel.color, asked.blends and not asked.grey)
        return _packed(lut)


def _new(height: int, width: int) -> Picture:
    return np.empty((height, width, 4), np.uint8)


def _has_alpha(settings: RenderingSettings) -> bool:
    return any(channel.active and channel.color[3] != _OPAQUE for channel in settings.channels)


def _ramp(color: Color, blends: bool) -> Lut:
    """Return a colour from dark to bright; OMERO truncates, and again for the alpha if any channel has one."""
    levels = np.arange(256)
    lights = np.array(color[:3]) / 255.0 * levels[:, None]
    lights = np.trunc(lights)
    if blends:
        lights = np.trunc(lights * (color[3] / 255.0))
    return lights.astype(np.uint8)


def _packed(lut: Lut) -> Lights:
    packed = np.full((len(lut), 4), _OPAQUE, np.uint8)
    packed[:, :3] = lut[:, ::-1]
    return packed.view(np.uint32)[:, 0]


def _draw(total: Lights, layers: Sequence[_Layer]) -> None:
    """Add all layers up, some rows at a time."""
    height, width = total.shape
    count = max(_BAND // max(width, 1), 1)
    for rows in (slice(first, first + count) for first in range(0, height, count)):
        total[rows] = _lights(layers[0], rows) if layers else _BLACK
        for layer in layers[1:]:
            _add(total[rows], _lights(layer, rows))


def _lights(layer: _Layer, rows: slice) -> Lights:
    """Return rows of a channel's lights. No index is out of bounds; "wrap" is the fastest mode of numpy."""
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
