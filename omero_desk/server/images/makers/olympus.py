"""Olympus's OIB files, and OIF files with their folders, by the library oiffile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import oiffile
from numpy.typing import NDArray

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.makers.compound import check_compound
from omero_desk.server.images.makers.planes import PlanesShape, PlanesSource
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, ValueWithUnit, unit_named

_PLANE: Final = re.compile(r"(?:^|[/\\])[^/\\]*_((?:[A-Z]\d{3,6})+)\.tif$")
_NUMBER: Final = re.compile(r"([A-Z])(\d+)")
_AXES: Final = {"C": "C", "L": "C", "Z": "Z", "T": "T"}
"""OMERO's axes by the letters in the names of planes; wavelengths (L) are channels (loci.formats.in.FV1000Reader)."""

_Places = Mapping[tuple[int, int, int], str]
"""The names of the files of planes by z, c and t."""


def open_images(path: Path) -> Sequence[tuple[DescribedSource, ImageMetadata]]:
    """Open the one image of a file; planes that are missing are black."""
    if path.suffix.lower() != ".oif":
        check_compound(path)
    file = oiffile.OifFile(path)
    try:
        places, sizes = _places(file)
        first = np.asarray(file.asarray(next(iter(places.values()))))
        if first.ndim != 2:
            raise ReasonError("its planes are no pictures of grey")
        shape = PlanesShape((first.shape[1], first.shape[0], sizes["Z"], sizes["C"], sizes["T"]), first.dtype)
        blank = np.zeros(first.shape, first.dtype)
        source = PlanesSource(path, shape, partial(_plane, file, places, blank), file.close)
        return [(source, _metadata(file.mainfile, sizes))]
    except BaseException:
        file.close()
        raise


def _places(file: oiffile.OifFile) -> tuple[_Places, dict[str, int]]:
    """Find the files of planes by their names, "s_C001Z002T001.tif"; raises ReasonError for none."""
    named: list[dict[str, int]] = []
    names: list[str] = []
    for name in file.filesystem.files():
        found = _PLANE.search(name)
        numbers = dict(_NUMBER.findall(found.group(1))) if found else {}
        if numbers and set(numbers) <= _AXES.keys():
            named.append({axis: int(number) - 1 for axis, number in numbers.items()})
            names.append(Path(name.replace("\\", "/")).name)
    if not named:
        raise ReasonError("it holds no planes")
    sizes = {axis: max(each.get(axis, 0) for each in named) + 1 for axis in _AXES}
    places = {
        (each.get("Z", 0), each.get("C", 0) * sizes["L"] + each.get("L", 0), each.get("T", 0)): name
        for each, name in zip(named, names, strict=True)
    }
    return places, {"Z": sizes["Z"], "C": sizes["C"] * sizes["L"], "T": sizes["T"]}


def _plane(
    file: oiffile.OifFile, places: _Places, blank: NDArray[np.generic], z: int, c: int, t: int
) -> NDArray[np.generic]:
    name = places.get((z, c, t))
    return blank if name is None else np.asarray(file.asarray(name))


def _metadata(notes: Mapping[str, Mapping[str, object]], sizes: Mapping[str, int]) -> ImageMetadata:
    reference = notes.get("Reference Image Parameter", {})
    x, y = (
        ValueWithUnit.checked(
            reference.get(f"{side}ConvertValue"), unit_named("Length", str(reference.get(f"{side}Unit", "")))
        )
        for side in ("Width", "Height")
    )
    axes = {str(each.get("AxisCode")): each for name, each in notes.items() if name.startswith("Axis ")}
    z, t = axes.get("Z", {}), axes.get("T", {})
    bits = reference.get("ValidBitCounts")
    return ImageMetadata(
        acquired=_acquired(notes.get("Acquisition Parameters Common", {}).get("ImageCaputreDate")),
        significant_bits=bits if isinstance(bits, int) and 0 < bits <= 16 else None,
        physical_size_x=x,
        physical_size_y=y,
        physical_size_z=_interval(z, "Length") if sizes["Z"] > 1 else None,
        time_increment=_interval(t, "Time") if sizes["T"] > 1 else None,
        channels=tuple(_channel(notes.get(f"Channel {n + 1} Parameters", {})) for n in range(sizes["C"])),
    )


def _interval(axis: Mapping[str, object], kind: str) -> ValueWithUnit | None:
    return ValueWithUnit.checked(axis.get("Interval"), unit_named(kind, str(axis.get("PixUnit", ""))))


def _channel(notes: Mapping[str, object]) -> ChannelMetadata:
    dye = str(notes.get("DyeName") or "")
    return ChannelMetadata(
        name=str(notes.get("CH Name") or "") or None,
        excitation=ValueWithUnit.checked(notes.get("ExcitationWavelength"), "NANOMETER"),
        emission=ValueWithUnit.checked(notes.get("EmissionWavelength"), "NANOMETER"),
        fluor=dye if dye not in ("", "None") else None,
    )


def _acquired(text: object) -> int | None:
    try:
        return round(datetime.fromisoformat(str(text)).replace(tzinfo=UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
