"""What OME-XML says of the images of a file, beyond what their arrays say.

The text comes from strangers: document types, and with them entities, are refused; a value that makes no sense is
left out rather than believed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import Final
from xml.etree import ElementTree

import omero.model

_MAX_BYTES: Final = 64 * 2**20
_BARE_NAME: Final = re.compile(r"[^/\\\0]+")


@dataclass(frozen=True, slots=True)
class Measure:
    """A value with OMERO's name of its unit: Measure(0.107, "MICROMETER")."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class ChannelMetadata:
    """What is known of one channel; colour is (red, green, blue, alpha), each 0 to 255."""

    name: str | None = None
    color: tuple[int, int, int, int] | None = None
    excitation: Measure | None = None
    emission: Measure | None = None
    fluor: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class ImageMetadata:
    """What is known of one image.

    `acquired` is in milliseconds since 1970, `sizes` are those of X, Y, Z, C and T, `files` the names of other files
    that hold planes of it.
    """

    name: str | None = None
    description: str | None = None
    acquired: int | None = None
    significant_bits: int | None = None
    physical_size_x: Measure | None = None
    physical_size_y: Measure | None = None
    physical_size_z: Measure | None = None
    time_increment: Measure | None = None
    sizes: tuple[int | None, ...] = ()
    channels: tuple[ChannelMetadata, ...] = ()
    files: tuple[str, ...] = ()


def parse_ome_xml(text: str) -> tuple[ImageMetadata, ...]:
    """Read every image of an OME-XML text, in order; ValueError for what is no OME-XML or names files elsewhere."""
    if len(text) > _MAX_BYTES:
        raise ValueError("its OME-XML is larger than 64 MiB")
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise ValueError("its OME-XML has a document type, which OME-XML has not")
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "replace"))
    except ElementTree.ParseError as error:
        raise ValueError(f"its OME-XML is broken: {error}") from error
    return tuple(_image(element, root.get("UUID")) for element in _children(root, "Image"))


def _image(element: ElementTree.Element, own_uuid: str | None) -> ImageMetadata:
    pixels = next(_children(element, "Pixels"), ElementTree.Element("Pixels"))
    return ImageMetadata(
        name=element.get("Name") or None,
        description=_text(element, "Description"),
        acquired=_milliseconds(_text(element, "AcquisitionDate")),
        significant_bits=_integer(pixels.get("SignificantBits")),
        physical_size_x=_measure(pixels, "PhysicalSizeX", "Length", "MICROMETER"),
        physical_size_y=_measure(pixels, "PhysicalSizeY", "Length", "MICROMETER"),
        physical_size_z=_measure(pixels, "PhysicalSizeZ", "Length", "MICROMETER"),
        time_increment=_measure(pixels, "TimeIncrement", "Time", "SECOND"),
        sizes=tuple(_integer(pixels.get("Size" + axis)) for axis in "XYZCT"),
        channels=tuple(_channel(channel) for channel in _children(pixels, "Channel")),
        files=_other_files(element, own_uuid),
    )


def _other_files(element: ElementTree.Element, own_uuid: str | None) -> tuple[str, ...]:
    """Parts of one image may lie in several files, but only beside each other."""
    named = [each for each in element.iter() if _local(each) == "UUID" and each.get("FileName") is not None]
    for name in (each.get("FileName", "") for each in named):
        if name in (".", "..") or not _BARE_NAME.fullmatch(name):
            raise ValueError(f"its OME-XML names a file outside its folder: {name!r}")
    others = (each.get("FileName", "") for each in named if own_uuid is None or each.text != own_uuid)
    return tuple(dict.fromkeys(others))


def _channel(element: ElementTree.Element) -> ChannelMetadata:
    return ChannelMetadata(
        name=element.get("Name") or None,
        color=_color(element.get("Color")),
        excitation=_measure(element, "ExcitationWavelength", "Length", "NANOMETER"),
        emission=_measure(element, "EmissionWavelength", "Length", "NANOMETER"),
        fluor=element.get("Fluor") or None,
        mode=element.get("AcquisitionMode") or None,
    )


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if _local(child) == name)


def _local(element: ElementTree.Element) -> str:
    """The name without its namespace, which differs between the versions of the schema."""
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element, name: str) -> str | None:
    found = next(_children(element, name), None)
    return (found.text or "").strip() or None if found is not None else None


def _integer(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


def _color(text: str | None) -> tuple[int, int, int, int] | None:
    """A colour is a signed 32-bit number: red in its highest byte, alpha in its lowest."""
    value = _integer(text)
    if value is None or not -(2**31) <= value < 2**32:
        return None
    red, green, blue, alpha = (value & 0xFFFFFFFF).to_bytes(4, "big")
    return red, green, blue, alpha


def _milliseconds(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000)


def _measure(element: ElementTree.Element, name: str, kind: str, default_unit: str) -> Measure | None:
    try:
        value = float(element.get(name, ""))
    except ValueError:
        return None
    symbol = element.get(name + "Unit")
    unit = _units(kind).get(symbol) if symbol else default_unit
    if unit is None or not math.isfinite(value) or value <= 0:
        return None
    return Measure(value, unit)


def unit_of(kind: str, symbol: str) -> str | None:
    """Return OMERO's name of a unit of "Length" or "Time" by its symbol, None for what is none."""
    return _units(kind).get(symbol)


def has_unit(kind: str, name: str) -> bool:
    """Tell whether OMERO has a unit of that name: "MICROMETER"."""
    return name in _units(kind).values()


@cache
def _units(kind: str) -> Mapping[str, str]:
    """OMERO's names of units by their symbols; the micro sign may be the Greek letter too."""
    symbols: Mapping[str, str] = getattr(omero.model, kind + "I").SYMBOLS
    units = {symbol: unit for unit, symbol in symbols.items()}
    return {**{symbol.replace("\u00b5", "\u03bc"): unit for symbol, unit in units.items()}, **units}
