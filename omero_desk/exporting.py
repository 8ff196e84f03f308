"""Planes into TIFF files, with tifffile, on the disk's thread: under another name until all of them are there."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk import late
from omero_desk.gateway import pixels
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.pixels import Plane, PlaneKey, Tile
from omero_desk.gateway.service import Lane, Patience, ServiceManager, patient
from omero_desk.imaging.lengths import METRES, in_metres
from omero_desk.models.exports import ExportPlan, FileFormat
from omero_desk.models.images import LARGEST_PLANE

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

_STRIP: Final = 16 * 2**20
"""Bytes that are read at a time of a plane too large to be read whole."""

_CLASSIC: Final = 2**32 - 2**25
"""Bytes of pixels up to which a file is a classic TIFF; a larger one has to be BigTIFF."""
_CENTIMETRE: Final = METRES["cm"]
_MICRON: Final = METRES["µm"]


class TiffExport:
    """One file on its way. The methods with `await` raise OSError."""

    def __init__(self, disk: Worker, plan: ExportPlan) -> None:
        self._disk = disk
        self._plan = plan
        self._temporary: Path | None = None
        self._tiff: Any = None
        self._options: dict[str, Any] = {}

    async def start(self) -> TiffExport:
        """Make the file, once there is enough room for it."""
        try:
            await self._disk.run(self._start)
        except BaseException:
            self.abandon()
            raise
        return self

    async def add(self, planes: Sequence[NDArray[Any]]) -> None:
        """Write the next planes."""
        await self._disk.run(partial(self._add, planes))

    async def finish(self) -> None:
        """Give the file its name."""
        await self._disk.run(self._finish)

    def abandon(self) -> object:
        """Leave nothing behind."""
        return self._disk.run(self._abandon)

    def _start(self) -> None:
        path = self._plan.path
        _check_name(path)
        if shutil.disk_usage(path.parent).free < self._plan.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        os.close(handle)
        self._temporary = Path(name)
        self._tiff = late.load("tifffile").TiffWriter(name, bigtiff=self._plan.size > _CLASSIC)
        description = ome_xml(self._plan) if self._plan.format is FileFormat.OME_TIFF else imagej_text(self._plan)
        self._options = {"description": description.encode(), **_resolution(self._plan)}

    def _add(self, planes: Sequence[NDArray[Any]]) -> None:
        for plane in planes:
            self._tiff.write(plane, photometric="minisblack", metadata=None, software="OMERO Desk", **self._options)
            self._options.pop("description", None)

    def _finish(self) -> None:
        assert self._temporary is not None
        self._tiff.close()
        with self._temporary.open("rb+") as file:
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        self._temporary.chmod(0o666 & ~mask)
        self._temporary.replace(self._plan.path)
        self._temporary = None

    def _abandon(self) -> None:
        # A disk that is full cannot take the end of the file either, which is not wanted any more.
        with contextlib.suppress(OSError):
            if self._tiff is not None:
                self._tiff.close()
        with contextlib.suppress(OSError):
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)


def _check_name(path: Path) -> None:
    """Raises OSError for a name that no file can have, before anything is written for nothing."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(path.stat().st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))


async def read_raw(service: ServiceManager, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Plane]:
    """Whole planes of whatever size, on the lane for long work. Raises GatewayError."""
    return await service.call(Lane.JOBS, _read_raw, info, keys)


@patient(Patience.LONG)
def _read_raw(session: Session, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Plane]:
    if info.size_x * info.size_y <= LARGEST_PLANE:
        return pixels.planes(session, info.pixels_id, info.pixel_type, (info.size_x, info.size_y), keys)
    pyramid = pixels.pyramid(session, info.pixels_id)
    height = max(_STRIP * info.size_y // info.plane_bytes, 1)
    strips = [(y, min(height, info.size_y - y)) for y in range(0, info.size_y, height)]
    found = []
    for key in keys:
        tiles = [Tile(key, 0, 0, y, info.size_x, rows) for y, rows in strips]
        read = [pixels.tiles(session, info.pixels_id, info.pixel_type, pyramid, [tile])[0] for tile in tiles]
        found.append(np.concatenate(read))
    return found


def ome_xml(plan: ExportPlan) -> str:
    """The description of an OME-TIFF: sizes, lengths, and the channels' names and colours."""
    info = plan.info
    shape = len(plan.times), len(plan.sections), info.size_c, info.size_y, info.size_x
    pages = shape[0] * shape[1] * shape[2]
    ome = late.load("tifffile").OmeXml()
    dtype = info.pixel_type.dtype.newbyteorder("=")
    ome.addimage(dtype, shape, (pages, 1, 1, info.size_y, info.size_x, 1), axes="TZCYX", **_ome_metadata(plan))
    return str(ome.tostring())


def _ome_metadata(plan: ExportPlan) -> Mapping[str, Any]:
    info = plan.info
    found: dict[str, Any] = {"Name": info.name, "Channel": _ome_channels(plan)}
    lengths = {"X": info.physical_x, "Y": info.physical_y, "Z": info.physical_z}
    for axis, length in lengths.items():
        if length is not None:
            found |= {f"PhysicalSize{axis}": length.value, f"PhysicalSize{axis}Unit": length.unit or "µm"}
    return found


def _ome_channels(plan: ExportPlan) -> Mapping[str, Any]:
    names = [channel.name for channel in plan.info.channels] + [""] * plan.info.size_c
    colors = [_signed(*channel.color) for channel in plan.settings.channels]
    found: dict[str, Any] = {"Name": [names[n] or f"Channel {n + 1}" for n in range(plan.info.size_c)]}
    return found | ({"Color": colors} if len(colors) == plan.info.size_c else {})


def _signed(red: int, green: int, blue: int, alpha: int) -> int:
    """A colour as OME writes it: RGBA in a signed number of 32 bits."""
    return int.from_bytes(bytes((red, green, blue, alpha)), "big", signed=True)


def imagej_text(plan: ExportPlan) -> str:
    """The description by which ImageJ knows which page is which channel, section and time point."""
    info = plan.info
    lines = [
        "ImageJ=1.11a",
        f"images={len(plan.keys)}",
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


def _resolution(plan: ExportPlan) -> Mapping[str, Any]:
    """Pixels a centimetre, where lengths are known; in the unit of its own description for ImageJ."""
    sizes = [in_metres(length) for length in (plan.info.physical_x, plan.info.physical_y or plan.info.physical_x)]
    if not all(sizes):
        return {}
    unit, name = (_MICRON, "NONE") if plan.format is FileFormat.TIFF else (_CENTIMETRE, "CENTIMETER")
    return {"resolution": tuple(unit / size for size in sizes if size), "resolutionunit": name}
