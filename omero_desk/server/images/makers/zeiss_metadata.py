"""What the XML of a CZI file says of its images."""

from __future__ import annotations

import logging
import re
from typing import Final
from xml.etree import ElementTree

from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, ValueWithUnit, ome_root

log = logging.getLogger(__name__)

_MICROMETERS: Final = 1e6
_COLOR: Final = re.compile(r"#(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


def czi_metadata(text: str) -> ImageMetadata:
    """Return the metadata of the images of a file; what makes no sense is left out."""
    try:
        root = ome_root(text)
    except ValueError as error:
        log.info("%r", error)
        return ImageMetadata()
    return ImageMetadata(
        significant_bits=_significant(root),
        physical_size_x=_scale(root, "X"),
        physical_size_y=_scale(root, "Y"),
        physical_size_z=_scale(root, "Z"),
        channels=_channels(root),
    )


def _significant(root: ElementTree.Element) -> int | None:
    text = root.findtext(".//Information/Image/ComponentBitCount") or ""
    return int(text) if text.isdecimal() and 0 < int(text) <= 32 else None


def _scale(root: ElementTree.Element, axis: str) -> ValueWithUnit | None:
    """Return the size of a pixel, which is told in metres."""
    for distance in root.iterfind(".//Scaling/Items/Distance"):
        if distance.get("Id") == axis:
            try:
                return ValueWithUnit.checked(float(distance.findtext("Value") or "") * _MICROMETERS, "MICROMETER")
            except ValueError:
                return None
    return None


def _channels(root: ElementTree.Element) -> tuple[ChannelMetadata, ...]:
    shown = {each.get("Id") or each.get("Name"): each for each in root.iterfind(".//DisplaySetting/Channels/Channel")}
    found = []
    for each in root.iterfind(".//Information/Image/Dimensions/Channels/Channel"):
        color = _COLOR.fullmatch(each.findtext("Color") or "") or _COLOR.fullmatch(
            shown.get(each.get("Id"), each).findtext("Color") or ""
        )
        red, green, blue = bytes.fromhex(color.group(1)) if color else (0, 0, 0)
        found.append(
            ChannelMetadata(
                name=each.get("Name") or None,
                color=(red, green, blue, 255) if color else None,
                excitation=ValueWithUnit.checked(each.findtext("ExcitationWavelength"), "NANOMETER"),
                emission=ValueWithUnit.checked(each.findtext("EmissionWavelength"), "NANOMETER"),
                fluor=each.findtext("Fluor") or None,
            )
        )
    return tuple(found)
