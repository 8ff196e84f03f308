"""The description in a TIFF file: for readers of OME-TIFF, and for ImageJ."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypedDict

from omero_desk.entities.images import Length
from omero_desk.entities.units import METRES, in_metres
from omero_desk.models.exports.exports import ExportPlan, FileFormat
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import tifffile
else:
    tifffile = LazyModule("tifffile")

_CENTIMETRE: Final = METRES["cm"]
_MICRON: Final = METRES["µm"]
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold (XML 1.0, 2.2)."""
_UNITS: Final = frozenset((*METRES, "pixel", "reference frame"))
"""OME's units of length (OME schema 2016-06, UnitsLength)."""


class PageOptions(TypedDict, total=False):
    """Options for tifffile's writer that come from the description of the image."""

    description: bytes
    resolution: tuple[float, float]
    resolutionunit: str


def ome_xml(plan: ExportPlan) -> str:
    """Return the description of an OME-TIFF: sizes, lengths, and the channels' names and colours."""
    info = plan.written
    shape = len(plan.times), len(plan.sections), info.size_c, info.size_y, info.size_x
    pages = shape[0] * shape[1] * shape[2]
    ome = tifffile.OmeXml()
    dtype = info.pixel_type.dtype.newbyteorder("=")
    ome.addimage(dtype, shape, (pages, 1, 1, info.size_y, info.size_x, 1), axes="TZCYX", **_ome_metadata(plan))
    return str(ome.tostring())


def _ome_metadata(plan: ExportPlan) -> Mapping[str, object]:
    info = plan.written
    found: dict[str, object] = {"Name": _text(info.name), "Channel": _ome_channels(plan)}
    lengths = {"X": info.physical_x, "Y": info.physical_y, "Z": info.physical_z}
    for axis, length in lengths.items():
        if length is not None and _is_known(length):
            found |= {f"PhysicalSize{axis}": length.value, f"PhysicalSize{axis}Unit": length.unit or "µm"}
    return found


def _ome_channels(plan: ExportPlan) -> Mapping[str, object]:
    colors = [_signed(*channel.color) for channel in plan.settings.channels]
    names = (plan.info.channel_name(n) or f"Channel {n + 1}" for n in range(plan.info.size_c))
    found: dict[str, object] = {"Name": [_text(name) for name in names]}
    return found | ({"Color": colors} if len(colors) == plan.info.size_c else {})


def _text(words: str) -> str:
    """Return `words` without characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", words)


def _is_known(length: Length) -> bool:
    """Return whether OME can express the length."""
    return 0 < length.value < math.inf and (length.unit or "µm") in _UNITS


def _signed(red: int, green: int, blue: int, alpha: int) -> int:
    """Return a colour as OME writes it: RGBA in a signed number of 32 bits."""
    return int.from_bytes(bytes((red, green, blue, alpha)), "big", signed=True)


def imagej_text(plan: ExportPlan) -> str:
    """Return the description by which ImageJ knows which page is which channel, section and time point."""
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


def resolution(plan: ExportPlan) -> PageOptions:
    """Return tifffile's options for the resolution: pixels a centimetre, or for ImageJ in the unit of its description.

    Empty where lengths are not known.
    """
    x, y = plan.written.physical_x, plan.written.physical_y
    across, down = in_metres(x), in_metres(y or x)
    if not across or not down or not math.isfinite(across + down):
        return {}
    unit, name = (_MICRON, "NONE") if plan.format is FileFormat.TIFF else (_CENTIMETRE, "CENTIMETER")
    return {"resolution": (unit / across, unit / down), "resolutionunit": name}
