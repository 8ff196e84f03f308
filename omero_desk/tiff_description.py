"""What a TIFF file says of its planes: for readers of OME-TIFF, and for ImageJ."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from omero_desk import late
from omero_desk.gateway.image_entities import Length
from omero_desk.imaging.lengths import METRES, in_metres
from omero_desk.models.exports import ExportPlan, FileFormat

_CENTIMETRE: Final = METRES["cm"]
_MICRON: Final = METRES["µm"]
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""
_UNITS: Final = frozenset(
    (
        *("Ym", "Zm", "Em", "Pm", "Tm", "Gm", "Mm", "km", "hm", "dam", "m", "dm", "cm", "mm", "µm", "nm", "pm", "fm"),
        *("am", "zm", "ym", "Å", "thou", "li", "in", "ft", "yd", "mi", "ua", "ly", "pc", "pt", "pixel"),
        "reference frame",
    )
)
"""OME's units of length (OME schema 2016-06, UnitsLength)."""


def ome_xml(plan: ExportPlan) -> str:
    """The description of an OME-TIFF: sizes, lengths, and the channels' names and colours."""
    info = plan.written
    shape = len(plan.times), len(plan.sections), info.size_c, info.size_y, info.size_x
    pages = shape[0] * shape[1] * shape[2]
    ome = late.load("tifffile").OmeXml()
    dtype = info.pixel_type.dtype.newbyteorder("=")
    ome.addimage(dtype, shape, (pages, 1, 1, info.size_y, info.size_x, 1), axes="TZCYX", **_ome_metadata(plan))
    return str(ome.tostring())


def _ome_metadata(plan: ExportPlan) -> Mapping[str, Any]:
    info = plan.written
    found: dict[str, Any] = {"Name": _text(info.name), "Channel": _ome_channels(plan)}
    lengths = {"X": info.physical_x, "Y": info.physical_y, "Z": info.physical_z}
    for axis, length in lengths.items():
        if length is not None and _is_known(length):
            found |= {f"PhysicalSize{axis}": length.value, f"PhysicalSize{axis}Unit": length.unit or "µm"}
    return found


def _ome_channels(plan: ExportPlan) -> Mapping[str, Any]:
    colors = [_signed(*channel.color) for channel in plan.settings.channels]
    found: dict[str, Any] = {"Name": [_text(plan.info.channel_name(n)) for n in range(plan.info.size_c)]}
    return found | ({"Color": colors} if len(colors) == plan.info.size_c else {})


def _text(words: str) -> str:
    """Words as XML can have them."""
    return _NO_XML.sub("\ufffd", words)


def _is_known(length: Length) -> bool:
    """Whether it is a length that OME can tell."""
    return 0 < length.value < math.inf and (length.unit or "µm") in _UNITS


def _signed(red: int, green: int, blue: int, alpha: int) -> int:
    """A colour as OME writes it: RGBA in a signed number of 32 bits."""
    return int.from_bytes(bytes((red, green, blue, alpha)), "big", signed=True)


def imagej_text(plan: ExportPlan) -> str:
    """The description by which ImageJ knows which page is which channel, section and time point."""
    info = plan.written
    lines = [
        "ImageJ=1.11a",
        f"images={plan.count}",
        f"channels={info.size_c}",
        f"slices={len(plan.sections)}",
        f"frames={len(plan.times)}",
        "hyperstack=true",
        "mode=composite" if info.size_c > 1 else "mode=grayscale",
    ]
    if in_metres(info.physical_x) is not None:
        lines.append("unit=micron")
    if (spacing := in_metres(info.physical_z)) is not None:
        lines.append(f"spacing={spacing / _MICRON:.9g}")
    return "\n".join(lines) + "\n"


def resolution(plan: ExportPlan) -> Mapping[str, Any]:
    """Pixels a centimetre, where lengths are known; in the unit of its own description for ImageJ."""
    sizes = [
        in_metres(length) for length in (plan.written.physical_x, plan.written.physical_y or plan.written.physical_x)
    ]
    if not all(size and math.isfinite(size) for size in sizes):
        return {}
    unit, name = (_MICRON, "NONE") if plan.format is FileFormat.TIFF else (_CENTIMETRE, "CENTIMETER")
    return {"resolution": tuple(unit / size for size in sizes if size), "resolutionunit": name}
