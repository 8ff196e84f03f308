"""RawPixelsStore: pixels in their own type, read and written."""

from __future__ import annotations

from collections.abc import Sequence

import omero
import sqlalchemy as sa
from omero.rtypes import unwrap

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.images.cubes import SourceLevel
from omero_desk.server.images.histograms import DEFAULT_BINS, MOST_BINS, extremes, histogram
from omero_desk.server.servants.base import parameters
from omero_desk.server.servants.pixels.chosen_pixels import ChosenPixels
from omero_desk.server.servants.pixels.raw_pixels_writing import PixelsWriter


class RawPixelsService(ChosenPixels):
    """Follows OMERO's RawPixelsBean over omero-romio's buffers."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._writer: PixelsWriter | None = None

    def setPixelsId(self, call: Call, pixels_id: int, bypass_original_file: bool) -> None:
        """Choose the pixels that the other operations work on."""
        if self._pixels is not None and self._pixels.id == pixels_id:
            return
        self.save(call)
        self._choose(call, pixels_id)

    def prepare(self, call: Call, ids: Sequence[int]) -> None:
        """Do nothing: pixels are looked up when they are chosen."""

    def getPlane(self, call: Call, z: int, c: int, t: int) -> bytes:
        """Return a plane."""
        with self._source() as level:
            return level.plane(z, c, t)

    def getTile(self, call: Call, z: int, c: int, t: int, x: int, y: int, width: int, height: int) -> bytes:
        """Return a rectangle of a plane."""
        with self._source() as level:
            return level.cube((x, y, z, c, t), (width, height, 1, 1, 1))

    def getRow(self, call: Call, y: int, z: int, c: int, t: int) -> bytes:
        """Return a row of a plane."""
        with self._source() as level:
            level.check(y=y, z=z, c=c, t=t)
            return level.cube((0, y, z, c, t), (level.sizes[0], 1, 1, 1, 1))

    def getCol(self, call: Call, x: int, z: int, c: int, t: int) -> bytes:
        """Return a column of a plane."""
        with self._source() as level:
            level.check(x=x, z=z, c=c, t=t)
            return level.cube((x, 0, z, c, t), (1, level.sizes[1], 1, 1, 1))

    def getStack(self, call: Call, c: int, t: int) -> bytes:
        """Return all planes of a channel and timepoint."""
        with self._source() as level:
            level.check(c=c, t=t)
            return level.cube((0, 0, 0, c, t), (*level.sizes[:3], 1, 1))

    def getTimepoint(self, call: Call, t: int) -> bytes:
        """Return all stacks of a timepoint."""
        with self._source() as level:
            level.check(t=t)
            return level.cube((0, 0, 0, 0, t), (*level.sizes[:4], 1))

    def getHypercube(self, call: Call, offset: Sequence[int], size: Sequence[int], step: Sequence[int]) -> bytes:
        """Return a box of pixels along X, Y, Z, C and T; `step` is the distance of the pixels along each axis."""
        with self._source() as level:
            return level.cube(offset, size, step)

    def getPlaneRegion(self, call: Call, z: int, c: int, t: int, count: int, offset: int) -> bytes:
        """Return `count` pixels of a plane that follow its first `offset` ones."""
        width = self._row.shape.dtype.itemsize
        with self._source() as level:
            level.check(z=z, c=c, t=t)
            pixels = level.sizes[0] * level.sizes[1]
            if count < 0 or offset < 0 or offset + count > pixels:
                raise api_usage(f"{count} pixels from {offset} are not inside a plane of {pixels}.")
            first, last = offset // level.sizes[0], -(-(offset + count) // level.sizes[0])
            if first == last:
                return b""
            rows = level.cube((0, first, z, c, t), (level.sizes[0], last - first, 1, 1, 1))
        start = (offset - first * level.sizes[0]) * width
        return rows[start : start + count * width]

    def getRegion(self, call: Call, size: int, offset: int) -> bytes:
        """Return `size` bytes that follow the first `offset` ones of all planes in order."""
        with self._source() as level:
            plane = level.sizes[0] * level.sizes[1] * self._row.shape.dtype.itemsize
            total = plane * level.sizes[2] * level.sizes[3] * level.sizes[4]
            if size < 0 or offset < 0 or offset + size > total:
                raise api_usage(f"{size} bytes from {offset} are not inside the {total} bytes of these pixels.")
            numbers = range(offset // plane, -(-(offset + size) // plane))
            planes = b"".join(level.plane(*_place(number, level)) for number in numbers)
        start = offset - numbers.start * plane
        return planes[start : start + size]

    def calculateMessageDigest(self, call: Call) -> bytes:
        """Return the SHA-1 of all planes."""
        with self._source() as level:
            return level.digest()

    def getHistogram(
        self, call: Call, channels: Sequence[int], bins: int, global_range: bool, plane: omero.romio.PlaneDef
    ) -> dict[int, list[int]]:
        """Count the pixels of a plane, or of a region of it, at the finest level that is not too large."""
        bins = min(bins, MOST_BINS) if bins > 0 else DEFAULT_BINS
        known = self._statistics(call) if global_range else {}
        with self._source() as level:
            level = self._countable(level)
            place, region = _section(plane, level)
            found = {}
            for channel in channels:
                level.check(z=place[0], c=channel, t=place[1])
                whole = level.source.region(place[0], channel, place[1], 0, 0, *level.sizes[:2], level.number)
                found[channel] = histogram(whole[region], *known.get(channel, extremes(whole)), bins)
            return found

    def findMinMax(self, call: Call, channels: Sequence[int]) -> dict[int, list[float]]:
        """Return the extremes of each channel's middle plane; nothing for planes that are too large."""
        if self.requiresPixelsPyramid(call):
            return {}
        with self._source() as level:
            z, t = ((size - 1) // 2 for size in (level.sizes[2], level.sizes[4]))
            found = {}
            for channel in channels:
                level.check(c=channel)
                found[channel] = list(
                    extremes(level.source.region(z, channel, t, 0, 0, *level.sizes[:2], level.number))
                )
            return found

    def setPlane(self, call: Call, data: bytes, z: int, c: int, t: int) -> None:
        """Write a plane."""
        self._writing(call).plane(data, z, c, t)

    def setRow(self, call: Call, data: bytes, y: int, z: int, c: int, t: int) -> None:
        """Write a row."""
        self._writing(call).tile(data, z, c, t, (0, y, self._row.shape.sizes[0], 1))

    def setTile(self, call: Call, data: bytes, z: int, c: int, t: int, x: int, y: int, width: int, height: int) -> None:
        """Write a rectangle of a plane."""
        self._writing(call).tile(data, z, c, t, (x, y, width, height))

    def setStack(self, call: Call, data: bytes, z: int, c: int, t: int) -> None:
        """Write all planes of a channel and timepoint; `z` does not count."""
        self._writing(call).stack(data, c, t)

    def setTimepoint(self, call: Call, data: bytes, t: int) -> None:
        """Write all planes of a timepoint."""
        self._writing(call).timepoint(data, t)

    def setRegion(self, call: Call, size: int, offset: int, data: bytes) -> None:
        """Write the first `size` of these bytes behind the first `offset` ones of all planes."""
        self._writing(call).region(data[: max(size, 0)], offset)

    def save(self, call: Call) -> omero.model.Pixels | None:
        """Keep the digest of what was written; return the Pixels, None if nothing was."""
        writer, self._writer = self._writer, None
        if writer is None:
            return None
        row = self._row
        with self._source() as level:
            digest = level.digest().hex()
        table = self.backend.store.schema.table("Pixels")
        with self.backend.write() as connection:
            connection.execute(sa.update(table).where(table.c.id == row.id).values(sha1=digest))
        hql = "select p from Pixels p where p.id = :id"
        saved: list[omero.model.Pixels] = self.query(call, hql, parameters(id=row.id))
        return saved[0] if saved else None  # the context of the call may be another group than that of the pixels

    def close(self, call: Call) -> None:
        """Save, and throw the service away."""
        try:
            self.save(call)
        finally:
            super().close(call)

    def _countable(self, level: SourceLevel) -> SourceLevel:
        for number, (width, height) in enumerate(level.source.levels):
            if width <= self._largest_plane[0] and height <= self._largest_plane[1]:
                return SourceLevel(level.source, number)
        raise api_usage("All resolution levels larger than max plane size")

    def _statistics(self, call: Call) -> dict[int, tuple[float, float]]:
        """Return the known statistics of channels; a maximum of exactly 1 means none were computed (RawPixelsBean)."""
        hql = (
            "select index(c), s.globalMin, s.globalMax from Pixels p join p.channels c join c.statsInfo s"
            " where p.id = :id"
        )
        rows = [unwrap(row) for row in self.rows(call, hql, parameters(id=self._row.id))]
        return {channel: (least, greatest) for channel, least, greatest in rows if greatest != 1}

    def _writing(self, call: Call) -> PixelsWriter:
        if self._writer is None:
            self._writer = PixelsWriter.of(self.backend, call, self._row)
        return self._writer


def _place(number: int, level: SourceLevel) -> tuple[int, int, int]:
    """Return Z, C and T of a plane by its number among all."""
    rest, z = divmod(number, level.sizes[2])
    t, c = divmod(rest, level.sizes[3])
    return z, c, t


def _section(plane: omero.romio.PlaneDef | None, level: SourceLevel) -> tuple[tuple[int, int], tuple[slice, slice]]:
    """Return Z and T, and the rows and columns, of a PlaneDef; by default the first plane and all of it."""
    z, t = (max(getattr(plane, axis, 0), 0) for axis in "zt")
    region = getattr(plane, "region", None)
    x, y = (max(getattr(region, axis, 0), 0) for axis in "xy")
    width, height = (getattr(region, name, 0) for name in ("width", "height"))
    columns, rows = level.sizes[:2]
    return (z, t), (
        slice(y, y + (height if height > 0 else rows)),
        slice(x, x + (width if width > 0 else columns)),
    )
