"""The metadata in the tags of a TIFF page: ImageJ's notes, resolution, time, and makers' notes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from tifffile import TiffFile, TiffPage, TiffPageSeries

from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, ValueWithUnit, unit_named
from omero_desk.server.images.tiff.vendors import vendor_metadata

_MICROMETERS: Final = {2: 25_400.0, 3: 10_000.0}
"""The lengths of TIFF's units of resolution: the inch (2) and the centimetre (3)."""

_OWN_NOTE: Final = re.compile(r'\s*\{.*"shape"\s*:', re.DOTALL)
_ESCAPED_MICRO: Final = re.compile(r"\\(?:u00|x)B5", re.IGNORECASE)


def tiff_metadata(tiff: TiffFile, series: TiffPageSeries) -> ImageMetadata:
    """Read the metadata of a series; a value that makes no sense is left out."""
    page = series.keyframe
    found = ImageMetadata(acquired=_acquired(page), description=_description(page))
    notes = tiff.imagej_metadata
    if notes:
        return _imagej(found, page, notes, dict(zip(series.axes, series.shape, strict=True)).get("C", 1))
    unit = _MICROMETERS.get(int(page.resolutionunit or 0))
    sizes = [ValueWithUnit.checked(_spacing(page, tag) * (unit or math.nan), "MICROMETER") for tag in (282, 283)]
    found = replace(found, physical_size_x=sizes[0], physical_size_y=sizes[1])
    return replace(found, **vendor_metadata(tiff, series))


def _imagej(found: ImageMetadata, page: TiffPage, notes: Mapping[str, Any], channels: int) -> ImageMetadata:
    """Add ImageJ's notes: lengths are in the units that they name, in x and y as pixels per unit."""
    units = {axis: unit_named("Length", _told(notes, axis + "unit", "unit")) for axis in "xyz"}
    return replace(
        found,
        description=None,
        physical_size_x=ValueWithUnit.checked(_spacing(page, 282), units["x"]),
        physical_size_y=ValueWithUnit.checked(_spacing(page, 283), units["y"]),
        physical_size_z=ValueWithUnit.checked(_number(notes.get("spacing")), units["z"]),
        time_increment=ValueWithUnit.checked(
            _number(notes.get("finterval")), unit_named("Time", _told(notes, "tunit")) or "SECOND"
        ),
        channels=tuple(_channel(notes, number) for number in range(channels)),
    )


def _told(notes: Mapping[str, Any], *names: str) -> str:
    """Return the first note that there is, with ImageJ's escapes of the micro sign undone."""
    text = next((str(notes[name]) for name in names if notes.get(name)), "")
    return _ESCAPED_MICRO.sub("\u00b5", text).strip()


def _channel(notes: Mapping[str, Any], number: int) -> ChannelMetadata:
    """Return a channel with the last colour of its lookup table."""
    tables = notes.get("LUTs") or ()
    color = None
    if number < len(tables) and np.shape(tables[number])[:1] == (3,):
        red, green, blue = (int(value) for value in np.asarray(tables[number])[:, -1])
        color = (red, green, blue, 255)
    return ChannelMetadata(color=color)


def _spacing(page: TiffPage, tag: int) -> float:
    """Return the units per pixel of a tag that holds pixels per unit; NaN if it is missing."""
    value = page.tags.valueof(tag)
    try:
        pixels, units = value
        return float(units) / float(pixels)
    except (TypeError, ValueError, ZeroDivisionError):
        return math.nan


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _acquired(page: TiffPage) -> int | None:
    """Return the time of the page in milliseconds since 1970; TIFF's time has no zone."""
    try:
        moment = datetime.strptime(str(page.tags.valueof(306)).strip(), "%Y:%m:%d %H:%M:%S")
        return round(moment.replace(tzinfo=UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _description(page: TiffPage) -> str | None:
    """Return the description of a page unless it is the note of the shape that tifffile writes."""
    text = str(page.description or "").strip()
    return None if not text or _OWN_NOTE.match(text) else text
