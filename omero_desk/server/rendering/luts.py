"""The lookup tables of this server, under the names and paths of OMERO's own.

Only those are there whose values follow from a rule or come with a library. A channel that names another one is shown
in its colour, which is what OMERO does with an unknown name.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final

import cmap
import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.palettes import is_palette, remembered
from omero_desk.server.rendering.palette import VALUES, Palette, grey_palette


def _bits_3_3_2() -> Palette:
    """Three bits of red, three of green, two of blue."""
    return _stacked(VALUES & 0xE0, (VALUES << 3) & 0xE0, (VALUES << 6) & 0xC0)


def _red_green() -> Palette:
    """Red up to the middle, then green."""
    return _stacked(np.where(VALUES < 128, VALUES * 2, 0), np.where(VALUES >= 128, (VALUES - 128) * 2, 0), VALUES * 0)


def _spectrum() -> Palette:
    """All hues, at full saturation and brightness."""
    colours = np.array([colorsys.hsv_to_rgb(value / 255, 1, 1) for value in VALUES])
    return np.floor(colours * 255 + 0.5).astype(np.uint8)


def _hilo() -> Palette:
    """Grey, but blue for the lowest value and red for the highest."""
    palette = grey_palette()
    palette[0], palette[-1] = (0, 0, 255), (255, 0, 0)
    return palette


def _imagej(name: str) -> Palette:
    """A table of ImageJ's 32 colours, stretched to 256 as ImageJ stretches them: the last eight are alike."""
    colours = np.array([stop.color.rgba8[:3] for stop in cmap.Colormap(name).color_stops])
    places = VALUES * len(colours) / 256
    columns = [np.interp(places, np.arange(len(colours)), colours[:, part]) for part in range(3)]
    return _stacked(*(np.trunc(column) for column in columns))


def _library(name: str) -> Palette:
    return np.round(cmap.Colormap(name).lut(256)[:, :3] * 255).astype(np.uint8)


def _stacked(*components: NDArray[np.number]) -> Palette:
    return np.stack(components, axis=1).astype(np.uint8)


_MADE: Final[Mapping[str, Callable[[], Palette]]] = {
    "/luts/3-3-2_rgb.lut": _bits_3_3_2,
    "/luts/fire.lut": partial(_imagej, "imagej:fire"),
    "/luts/grays.lut": grey_palette,
    "/luts/ice.lut": partial(_imagej, "imagej:ice"),
    "/luts/red-green.lut": _red_green,
    "/luts/spectrum.lut": _spectrum,
    "/luts/wcif/green_fire_blue.lut": partial(_library, "imagej:GreenFireBlue"),
    "/luts/wcif/hilo.lut": _hilo,
    "/luts/matplotlib/cividis.lut": partial(_library, "cividis:cividis"),
    "/luts/matplotlib/inferno.lut": partial(_library, "bids:inferno"),
    "/luts/matplotlib/magma.lut": partial(_library, "bids:magma"),
    "/luts/matplotlib/plasma.lut": partial(_library, "bids:plasma"),
    "/luts/matplotlib/viridis.lut": partial(_library, "bids:viridis"),
}
PATHS: Final = tuple(sorted(_MADE))
"""Where each table stands among the server's scripts; a channel names it by the last part."""

_BY_NAME: Final = {path.rpartition("/")[2]: path for path in PATHS}


def lookup_table(name: str) -> Palette | None:
    """Return the table of a name ("fire.lut"), or of a palette; None for one that is not known."""
    if is_palette(name):
        found = remembered(name)
        return None if found is None else np.frombuffer(found, np.uint8).reshape(3, -1).T
    return _made(name)


@lru_cache
def _made(name: str) -> Palette | None:
    path = _BY_NAME.get(name)
    return None if path is None else _MADE[path]()


def as_file(path: str) -> bytes:
    """Return a table as a file for ImageJ and OMERO: 256 reds, then the greens, then the blues."""
    return bytes(_MADE[path]().T.tobytes())
