"""What TIFF files say of an image without OME-XML: ImageJ's notes, resolution, time, and Aperio's description."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, Final

import numpy as np

from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, Measure, unit_of

_MICROMETERS: Final = {2: 25_400.0, 3: 10_000.0}
"""How long TIFF's units of resolution are, the inch and the centimetre."""

_MPP: Final = re.compile(r"\|\s*MPP\s*=\s*([0-9.]+)")
_OWN_NOTE: Final = re.compile(r'\s*\{.*"shape"\s*:', re.DOTALL)
_PLAIN_MICRON: Final = {"micron", "microns", "um", "\\u00B5m", "\\xB5m"}


def tiff_metadata(tiff: Any, series: Any) -> ImageMetadata:
    """Read what is told of a series; a value that makes no sense is left out."""
    page = series.keyframe
    found = ImageMetadata(acquired=_acquired(page), description=_description(page))
    notes = tiff.imagej_metadata
    if notes:
        return _imagej(found, page, notes, dict(zip(series.axes, series.shape, strict=True)).get("C", 1))
    aperio = _MPP.search(page.description or "") if page.is_svs else None
    if aperio:
        size = _length(float(aperio.group(1)), "MICROMETER")
        return replace(found, physical_size_x=size, physical_size_y=size)
    unit = _MICROMETERS.get(int(page.resolutionunit or 0))
    sizes = [_length(_spacing(page, tag) * (unit or math.nan), "MICROMETER") for tag in (282, 283)]
    return replace(found, physical_size_x=sizes[0], physical_size_y=sizes[1])


def _imagej(found: ImageMetadata, page: Any, notes: Mapping[str, Any], channels: int) -> ImageMetadata:
    """ImageJ tells lengths in the unit that its notes name, in x and y as pixels for each of these."""
    told = str(notes.get("unit", ""))
    unit = "MICROMETER" if told in _PLAIN_MICRON else unit_of("Length", told)
    sizes = [_length(_spacing(page, tag), unit) for tag in (282, 283)]
    return replace(
        found,
        description=None,
        physical_size_x=sizes[0],
        physical_size_y=sizes[1],
        physical_size_z=_length(_number(notes.get("spacing")), unit),
        time_increment=_length(_number(notes.get("finterval")), "SECOND"),
        channels=tuple(_channel(notes, number) for number in range(channels)),
    )


def _channel(notes: Mapping[str, Any], number: int) -> ChannelMetadata:
    """A look-up table's last colour is the colour of the channel."""
    tables = notes.get("LUTs") or ()
    color = None
    if number < len(tables) and np.shape(tables[number])[:1] == (3,):
        red, green, blue = (int(value) for value in np.asarray(tables[number])[:, -1])
        color = (red, green, blue, 255)
    return ChannelMetadata(color=color)


def _spacing(page: Any, tag: int) -> float:
    """Units for a pixel, from pixels for a unit; nan where nothing is told."""
    value = page.tags.valueof(tag)
    try:
        pixels, units = value
        return float(units) / float(pixels)
    except (TypeError, ValueError, ZeroDivisionError):
        return math.nan


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _length(value: float, unit: str | None) -> Measure | None:
    return Measure(value, unit) if unit and math.isfinite(value) and value > 0 else None


def _acquired(page: Any) -> int | None:
    """Milliseconds since 1970; TIFF's time has no zone."""
    try:
        moment = datetime.strptime(str(page.tags.valueof(306)).strip(), "%Y:%m:%d %H:%M:%S")
        return round(moment.replace(tzinfo=timezone.utc).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _description(page: Any) -> str | None:
    """Text for people, not the note of the shape that tifffile leaves."""
    text = str(page.description or "").strip()
    return None if not text or _OWN_NOTE.match(text) else text
