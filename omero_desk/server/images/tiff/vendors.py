"""The notes of makers of microscopes and slide scanners in TIFF files, as far as tifffile reads it.

A value that makes no sense is left out, and never keeps the image from being read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from tifffile import TiffFile, TiffPage, TiffPageSeries

from omero_desk.server.images.ome_xml import ChannelMetadata, ValueWithUnit, ome_root, unit_named

log = logging.getLogger(__name__)

_MICROMETERS_IN_METER: Final = 1e6
_MPP: Final = re.compile(r"\|\s*MPP\s*=\s*([0-9.]+)")
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_COLOR: Final = re.compile(r"(\d{1,3}),(\d{1,3}),(\d{1,3})")

Changes = Mapping[str, Any]
"""Fields of ImageMetadata."""


def vendor_metadata(tiff: TiffFile, series: TiffPageSeries) -> dict[str, Any]:
    """Return the fields of ImageMetadata that a maker's notes tell of; None among them for what they do not say."""
    for kind, read in _READERS.items():
        try:
            if _is_of(kind, tiff, series):
                return dict(read(tiff, series))
        except Exception as error:  # noqa: BLE001 - notes of strangers must not keep their pixels from being shown
            log.info("%s: %r", tiff.filename, error)
    return {}


def _is_of(kind: str, tiff: TiffFile, series: TiffPageSeries) -> bool:
    """Return whether a file is of a kind; ScanImage's may be opened as if it were none, to have all of its pages."""
    if kind == "scanimage":
        return str(series.keyframe.software or "").startswith("SI.")
    return bool(getattr(tiff, f"is_{kind}"))


def _sizes(x: object, y: object, z: object, unit: str | None) -> dict[str, Any]:
    found = (ValueWithUnit.checked(each, unit) for each in (x, y, z))
    return dict(zip(("physical_size_x", "physical_size_y", "physical_size_z"), found, strict=True))


def _in_meters(x: object, y: object, z: object = None) -> dict[str, Any]:
    found = [None if each is None else float(str(each)) * _MICROMETERS_IN_METER for each in (x, y, z)]
    return _sizes(found[0], found[1], found[2], "MICROMETER")


def _lsm(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """Zeiss LSM: lengths are in metres, times in seconds."""
    notes = tiff.lsm_metadata or {}
    colors = notes.get("ChannelColors") or {}
    return {
        **_in_meters(*(notes.get(f"VoxelSize{axis}") for axis in "XYZ")),
        "time_increment": ValueWithUnit.checked(notes.get("TimeIntervall"), "SECOND"),
        "channels": _channels(colors.get("ColorNames", ()), colors.get("Colors", ())),
    }


def _stk(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """MetaMorph STK: a calibration with its unit, and a distance in the same unit to the plane before."""
    notes = tiff.stk_metadata or {}
    distances = np.asarray(notes.get("ZDistance", ()), np.float64)
    z = float(np.median(np.abs(distances))) if distances.size > 1 else None
    unit = unit_named("Length", str(notes.get("CalibrationUnits", "")))
    return {"description": None, **_sizes(notes.get("XCalibration"), notes.get("YCalibration"), z, unit)}


def _metaseries(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """MetaMorph's own TIFF: XML about the plane in its description."""
    plane = (tiff.metaseries_metadata or {}).get("PlaneInfo", {})
    unit = unit_named("Length", str(plane.get("spatial-calibration-units", "")))
    is_known = bool(plane.get("spatial-calibration-state", True))
    x, y = (plane.get(f"spatial-calibration-{axis}") if is_known else None for axis in "xy")
    name = plane.get("_IMAGE_NAME_")
    return {"description": None, **_sizes(x, y, None, unit), "channels": _channels([name] if name else (), ())}


def _fei(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """FEI electron microscopes: lengths are in metres."""
    scan = (tiff.fei_metadata or {}).get("Scan", {})
    return _in_meters(scan.get("PixelWidth"), scan.get("PixelHeight"))


def _zeiss_sem(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """Zeiss electron microscopes: (title, value, unit) by name."""
    notes = tiff.sem_metadata or {}
    _, value, unit = notes.get("ap_image_pixel_size") or notes["ap_pixel_size"]
    return _sizes(value, value, None, unit_named("Length", str(unit)))


def _aperio(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """Aperio slides: micrometres per pixel in the description."""
    found = _MPP.search(series.keyframe.description or "")
    size = found.group(1) if found else None
    return {"name": series.name or None, **_sizes(size, size, None, "MICROMETER")}


def _perkin_elmer(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """QPTIFF: XML with a name and a colour in the description of each channel's page."""
    channels = []
    for page in series.pages[: dict(zip(series.axes, series.shape, strict=True)).get("C", 1)]:
        text = page.description if isinstance(page, TiffPage) else ""
        root = ome_root(text or "<none/>")
        color = _COLOR.fullmatch((root.findtext("Color") or "").replace(" ", ""))
        red, green, blue = (min(int(part), 255) for part in color.groups()) if color else (0, 0, 0)
        channels.append(
            ChannelMetadata(
                name=root.findtext("Name") or root.findtext("Biomarker") or None,
                color=(red, green, blue, 255) if color else None,
            )
        )
    return {"name": series.name or None, "description": None, "channels": tuple(channels)}


def _scanimage(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """ScanImage: the corners of the field of view in micrometres, and frames a second, among its settings."""
    text, page = str(series.keyframe.software or ""), series.keyframe
    corners = np.array([float(number) for number in _NUMBERS.findall(_setting(text, "hRoiManager.imagingFovUm"))])
    wide, high = np.ptp(corners.reshape(-1, 2), axis=0) if corners.size >= 4 else (0, 0)
    rate = float(_setting(text, "hRoiManager.scanFrameRate") or 0)
    is_one = len(_NUMBERS.findall(_setting(text, "hChannels.channelSave"))) == 1
    return {
        "description": None,
        **_sizes(wide / page.imagewidth, high / page.imagelength, None, "MICROMETER"),
        "time_increment": ValueWithUnit.checked(1 / rate, "SECOND")
        if rate > 0 and is_one and len(series) > 1
        else None,
    }


def _setting(text: str, name: str) -> str:
    """Return the value of one of ScanImage's settings, "" for one that there is none of."""
    found = re.search(rf"^SI\.{re.escape(name)} = (.{{0,1000}})$", text, re.MULTILINE)
    return found.group(1).strip() if found else ""


def _andor(tiff: TiffFile, series: TiffPageSeries) -> Changes:
    """Andor cameras: the seconds from one frame to the next."""
    cycle = (series.keyframe.andor_tags or {}).get("KineticCycleTime")
    return {
        "time_increment": ValueWithUnit.checked(cycle, "SECOND") if len(series) > 1 or series.shape[0] > 1 else None
    }


def _channels(names: Sequence[str], colors: Sequence[Sequence[int]]) -> tuple[ChannelMetadata, ...]:
    count = max(len(names), len(colors))
    return tuple(
        ChannelMetadata(
            name=(str(names[number]).strip() or None) if number < len(names) else None,
            color=_opaque(colors[number]) if number < len(colors) else None,
        )
        for number in range(count)
    )


def _opaque(color: Sequence[int]) -> tuple[int, int, int, int]:
    red, green, blue = (int(part) for part in color[:3])
    return red, green, blue, 255


_READERS: Final[Mapping[str, Callable[[TiffFile, TiffPageSeries], Changes]]] = {
    "lsm": _lsm,
    "stk": _stk,
    "metaseries": _metaseries,
    "fei": _fei,
    "sem": _zeiss_sem,
    "svs": _aperio,
    "qpi": _perkin_elmer,
    "scanimage": _scanimage,
    "andor": _andor,
}
"""The readers by tifffile's names of the makers' kinds."""
