"""Writes planes into TIFF files on the disk's thread, under another name until the file is complete."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import PlaneKey, Tile
from omero_desk.exporting.tiff_description import PageOptions, imagej_text, ome_xml, resolution
from omero_desk.gateway.images import pixels
from omero_desk.gateway.images.pixels import Plane
from omero_desk.gateway.lanes.policy import Patience, patient
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.exports.exports import Area, ExportPlan, FileFormat
from omero_desk.models.viewer.images import LARGEST_PLANE
from omero_desk.system.atomic_file import share
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import tifffile

    from omero_desk.gateway.connection.session import LaneSession
else:
    tifffile = LazyModule("tifffile")

_STRIP: Final = 16 * 2**20
"""Bytes that are read at a time of a plane too large to be read whole."""

_CLASSIC: Final = 2**32 - 2**25
"""Bytes up to which a file is a classic TIFF; a larger one has to be BigTIFF."""
_PAGE: Final = 1024
"""Bytes that a page takes beside its pixels, at most."""


class TiffExport:
    """One file that is being written. The async methods raise OSError."""

    def __init__(self, disk: Worker, plan: ExportPlan) -> None:
        self._disk = disk
        self._plan = plan
        self._temporary: Path | None = None
        self._tiff: tifffile.TiffWriter | None = None
        self._file: io.BufferedRandom | None = None
        self._options: PageOptions = {}

    async def start(self) -> TiffExport:
        """Make the file, once there is enough room for it."""
        try:
            await self._disk.run(self._start)
        except BaseException:
            self.abandon()
            raise
        return self

    async def add(self, planes: Sequence[Plane]) -> None:
        """Write the next planes."""
        await self._disk.run(partial(self._add, planes))

    async def finish(self) -> None:
        """Give the file its name."""
        await self._disk.run(self._finish)

    def abandon(self) -> object:
        """Remove the unfinished file."""
        return self._disk.run(self._abandon)

    def _start(self) -> None:
        path = self._plan.path
        _check_name(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        os.close(handle)
        self._temporary = Path(name)
        if shutil.disk_usage(path.parent).free < self._plan.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._file = io.BufferedRandom(_File(name, "r+"))
        self._tiff = tifffile.TiffWriter(self._file, bigtiff=is_big(self._plan))
        description = ome_xml(self._plan) if self._plan.format is FileFormat.OME_TIFF else imagej_text(self._plan)
        self._options = {"description": description.encode(), **resolution(self._plan)}

    def _add(self, planes: Sequence[Plane]) -> None:
        assert self._tiff is not None
        for plane in planes:
            self._tiff.write(plane, photometric="minisblack", metadata=None, software="OMERO Desk", **self._options)
            self._options.pop("description", None)

    def _finish(self) -> None:
        assert self._temporary is not None and self._file is not None and self._tiff is not None
        self._tiff.close()
        self._file.close()
        with self._temporary.open("rb+") as file:
            os.fsync(file.fileno())
        share(self._temporary)
        self._temporary.replace(self._plan.path)
        self._temporary = None

    def _abandon(self) -> None:
        # A disk that is full cannot take the end of the file either, which is not wanted any more.
        with contextlib.suppress(OSError):
            if self._tiff is not None:
                self._tiff.close()
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()
        with contextlib.suppress(OSError):
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)


def is_big(plan: ExportPlan) -> bool:
    """Return whether the file has to be a BigTIFF."""
    return plan.size + _PAGE * plan.count > _CLASSIC


class _File(io.FileIO):
    """A file that numpy has to write through Python: when numpy itself fails to write, it gives no reason."""

    def fileno(self) -> int:
        """Raise UnsupportedOperation, so that numpy does not write by itself."""
        raise io.UnsupportedOperation("fileno")


def _check_name(path: Path) -> None:
    """Raise OSError for a name that no file can have, before anything is written."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    except FileNotFoundError:
        pass
    except ValueError as error:  # a name that cannot be encoded, or with a zero
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from error


async def read_raw(calls: SendsCalls, plan: ExportPlan, keys: Sequence[PlaneKey]) -> Sequence[Plane]:
    """Return whole planes, or the plan's part of them, read on the lane for long work. Raises GatewayError."""
    return await calls.call(Lane.JOBS, _read_raw, plan.info, plan.area, keys)


@patient(Patience.LONG)
def _read_raw(session: LaneSession, info: ImageInfo, area: Area | None, keys: Sequence[PlaneKey]) -> Sequence[Plane]:
    if info.size_x * info.size_y > LARGEST_PLANE:
        return _read_tiles(session, info, area or Area.whole(info), keys)
    planes = pixels.planes(session, info.pixels_id, info.pixel_type, (info.size_x, info.size_y), keys)
    if area is None:
        return planes
    rect = area.rect
    return [plane[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width] for plane in planes]


def _read_tiles(session: LaneSession, info: ImageInfo, area: Area, keys: Sequence[PlaneKey]) -> Sequence[Plane]:
    """Return parts of planes of a pyramid, read in strips of the full width."""
    rect, bytes_ = area.rect, info.pixel_type.dtype.itemsize
    pyramid = pixels.pyramid(session, info.pixels_id)
    height = max(_STRIP // (rect.width * bytes_), 1)
    strips = [(y, min(height, rect.height - y)) for y in range(0, rect.height, height)]
    found = []
    for key in keys:
        tiles = [Tile(key, area.level, rect.x, rect.y + y, rect.width, rows) for y, rows in strips]
        read = [pixels.tiles(session, info.pixels_id, info.pixel_type, pyramid, [tile])[0] for tile in tiles]
        found.append(np.concatenate(read))
    return found
