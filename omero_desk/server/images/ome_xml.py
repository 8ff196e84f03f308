"""The metadata of images in OME-XML, beyond what their arrays tell.

The text is not trusted: document types, and with them entities, are refused; a value that makes no sense is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final
from xml.etree import ElementTree

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.units import SYMBOLS

_MAX_BYTES: Final = 64 * 2**20
_MOST_TAGS: Final = 4_000_000
_OTHER_NAMES: Final = {
    "um": "micrometer",
    "micron": "micrometer",
    "mic": "micrometer",
    "\u00e5ngstr\u00f6m": "angstrom",
    "\u00e5ngstrom": "angstrom",
    '"': "inch",
    "feet": "foot",
    "sec": "second",
    "msec": "millisecond",
    "usec": "microsecond",
    "us": "microsecond",
    "mins": "minute",
    "hr": "hour",
    "hrs": "hour",
}
"""Names of units that programs write and OMERO does not have, in lower case."""

_BARE_NAME: Final = re.compile(r"[^/\\\0]+")


@dataclass(frozen=True, slots=True)
class ValueWithUnit:
    """A value with OMERO's name of its unit: ValueWithUnit(0.107, "MICROMETER")."""

    value: float
    unit: str

    @classmethod
    def checked(cls, value: object, unit: str | None) -> ValueWithUnit | None:
        """Return a length or time that a file tells of, None for a number or a unit that makes no sense."""
        try:
            number = float(str(value))
        except ValueError:
            return None
        return cls(number, unit) if unit and math.isfinite(number) and number > 0 else None


@dataclass(frozen=True, slots=True)
class ChannelMetadata:
    """The metadata of one channel; `color` is (red, green, blue, alpha), each 0 to 255.

    `palette` is the lookup table of an indexed image, 256 reds, greens and blues in turn, as hexadecimal digits.
    """

    name: str | None = None
    color: tuple[int, int, int, int] | None = None
    excitation: ValueWithUnit | None = None
    emission: ValueWithUnit | None = None
    fluor: str | None = None
    mode: str | None = None
    palette: str | None = None


@dataclass(frozen=True, slots=True)
class PlateMetadata:
    """The name of a plate, and the numbers of its rows and columns."""

    name: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class WellPosition:
    """The place of an image on a plate: row and column of its well, counted from 0, and the number of its field."""

    plate: PlateMetadata
    row: int
    column: int
    field: int


@dataclass(frozen=True, slots=True)
class ImageMetadata:
    """The metadata of one image.

    `acquired` is in milliseconds since 1970, `sizes` are those of X, Y, Z, C and T, `files` the names of other files
    that hold planes of it, `well` its place if it is a field of a plate.
    """

    name: str | None = None
    description: str | None = None
    acquired: int | None = None
    significant_bits: int | None = None
    physical_size_x: ValueWithUnit | None = None
    physical_size_y: ValueWithUnit | None = None
    physical_size_z: ValueWithUnit | None = None
    time_increment: ValueWithUnit | None = None
    sizes: tuple[int | None, ...] = ()
    channels: tuple[ChannelMetadata, ...] = ()
    files: tuple[str, ...] = ()
    well: WellPosition | None = None


def parse_ome_xml(text: str) -> tuple[ImageMetadata, ...]:
    """Read the images of OME-XML, in order; ReasonError for other text, and for files named in other folders."""
    return described_images(ome_root(text))


def ome_root(text: str) -> ElementTree.Element:
    """Parse OME-XML; ReasonError for other text, for entities, and for more than can be read."""
    if len(text) > _MAX_BYTES or text.count("<") > _MOST_TAGS:
        raise ReasonError("its OME-XML is too long")
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise ReasonError("its OME-XML has a document type, which OME-XML has not")
    try:
        return ElementTree.fromstring(text.encode("utf-8", "replace"))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ReasonError("its OME-XML is broken") from error


def described_images(root: ElementTree.Element) -> tuple[ImageMetadata, ...]:
    """Return what OME-XML says of each image; ReasonError for a file that is named in another folder."""
    return tuple(_image(element, root.get("UUID")) for element in children(root, "Image"))


def _image(element: ElementTree.Element, own_uuid: str | None) -> ImageMetadata:
    pixels = next(children(element, "Pixels"), ElementTree.Element("Pixels"))
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
        channels=tuple(_channel(channel) for channel in children(pixels, "Channel")),
        files=_other_files(element, own_uuid),
    )


def _other_files(element: ElementTree.Element, own_uuid: str | None) -> tuple[str, ...]:
    """Return the names of the other files that hold planes of an image; ReasonError for one in another folder."""
    named = [each for each in element.iter() if local_name(each) == "UUID" and each.get("FileName") is not None]
    for name in (each.get("FileName", "") for each in named):
        check_bare_name(name)
    others = (each.get("FileName", "") for each in named if own_uuid is None or each.text != own_uuid)
    return tuple(dict.fromkeys(others))


def check_bare_name(name: str) -> None:
    """Raise ReasonError for the name of a file that may lead into another folder."""
    if name in (".", "..") or not _BARE_NAME.fullmatch(name):
        raise ReasonError(f"its OME-XML names a file outside its folder: {name!r}")


def _channel(element: ElementTree.Element) -> ChannelMetadata:
    return ChannelMetadata(
        name=element.get("Name") or None,
        color=_color(element.get("Color")),
        excitation=_measure(element, "ExcitationWavelength", "Length", "NANOMETER"),
        emission=_measure(element, "EmissionWavelength", "Length", "NANOMETER"),
        fluor=element.get("Fluor") or None,
        mode=element.get("AcquisitionMode") or None,
    )


def children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Give the elements of a name that stand directly in another, whatever their namespace."""
    return (child for child in element if local_name(child) == name)


def local_name(element: ElementTree.Element) -> str:
    """Return the name of an element without its namespace, which differs between the versions of the schema."""
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element, name: str) -> str | None:
    found = next(children(element, name), None)
    return (found.text or "").strip() or None if found is not None else None


def _integer(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


def _color(text: str | None) -> tuple[int, int, int, int] | None:
    """Read OME-XML's colour: a signed 32-bit number, red in its highest byte and alpha in its lowest."""
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
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _measure(element: ElementTree.Element, name: str, kind: str, default_unit: str) -> ValueWithUnit | None:
    try:
        value = float(element.get(name, ""))
    except ValueError:
        return None
    symbol = element.get(name + "Unit")
    unit = _units(kind).get(symbol) if symbol else default_unit
    if unit is None or not math.isfinite(value) or value <= 0:
        return None
    return ValueWithUnit(value, unit)


def unit_named(kind: str, text: str) -> str | None:
    """Return OMERO's name of a unit of "Length" or "Time" by its symbol or by a name of it, None if there is none.

    People write "um", "micron", "micrometre" or "Microns" for a micrometre; symbols tell capitals apart, names do not.
    """
    units = _units(kind)
    name = text.strip().lower()
    name = _OTHER_NAMES.get(name, name)
    for candidate in (name, name.removesuffix("s"), name.removesuffix("es")):
        candidate = re.sub("metre$", "meter", candidate)
        candidate = _OTHER_NAMES.get(candidate, candidate).upper()
        if candidate in units.values():
            return candidate
    return units.get(text)


def has_unit(kind: str, name: str) -> bool:
    """Tell whether OMERO has a unit of that name: "MICROMETER"."""
    return name in _units(kind).values()


@cache
def _units(kind: str) -> Mapping[str, str]:
    """Return OMERO's names of units by their symbols, in which the micro sign may be the Greek letter too."""
    units = SYMBOLS[kind]
    return {**{symbol.replace("\u00b5", "\u03bc"): unit for symbol, unit in units.items()}, **units}
