"""Writing the pixels of images that clients make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import omero

from omero_desk.server.access.rights import Rights
from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.images import romio
from omero_desk.server.images.pixels_rows import PixelsRow
from omero_desk.server.images.romio import PixelsShape
from omero_desk.server.images.stored_plane import Span


@dataclass(frozen=True, slots=True)
class PixelsWriter:
    """Writes into one file of raw planes; the errors are those of omero-romio's RomioPixelBuffer."""

    path: Path
    shape: PixelsShape

    @classmethod
    def of(cls, backend: Backend, call: Call, row: PixelsRow) -> PixelsWriter:
        """Raise omero.InternalException for imported files, omero.SecurityViolation if the caller may not write."""
        if row.file is not None:
            raise server_error(omero.InternalException, "Cannot write to repository")
        kind = backend.store.schema.model.resolve("Pixels")
        with backend.store.read() as connection:
            rights = Rights.load(connection, call.caller, call.group)
        if not rights.flags(kind, row.group_id, row.owner_id).can_edit:
            raise api_usage("Write-method not permitted.")
        return cls(backend.sources.place(row), row.shape)

    def plane(self, data: bytes, z: int, c: int, t: int) -> None:
        """Write a whole plane."""
        self._check(z=z, c=c, t=t)
        self._write_all(data, self.shape.offset(z, c, t), self.shape.plane_bytes)

    def stack(self, data: bytes, c: int, t: int) -> None:
        """Write the planes of a channel and timepoint."""
        self._check(c=c, t=t)
        self._write_all(data, self.shape.offset(0, c, t), self.shape.offset(0, 1, 0))

    def timepoint(self, data: bytes, t: int) -> None:
        """Write the planes of a timepoint."""
        self._check(t=t)
        self._write_all(data, self.shape.offset(0, 0, t), self.shape.offset(0, 0, 1))

    def tile(self, data: bytes, z: int, c: int, t: int, span: Span) -> None:
        """Write a rectangle of a plane."""
        x, y, width, height = span
        self._check(x=x, y=y, z=z, c=c, t=t)
        self._check(x=x + width - 1, y=y + height - 1)
        pixel, columns = self.shape.dtype.itemsize, self.shape.sizes[0]
        self._check_length(data, max(width, 0) * max(height, 0) * pixel)
        start, row = self.shape.offset(z, c, t) + (y * columns + x) * pixel, width * pixel
        if width == columns:
            self.region(data, start)
            return
        for number in range(height):
            self.region(data[number * row : (number + 1) * row], start + number * columns * pixel)

    def region(self, data: bytes, offset: int) -> None:
        """Write bytes anywhere among those of all planes."""
        if offset < 0 or offset + len(data) > self.shape.bytes:
            raise api_usage(f"{len(data)} bytes at {offset} are not inside the {self.shape.bytes} of these pixels.")
        try:
            romio.write(self.path, self.shape, offset, data)
        except OSError as error:
            raise server_error(omero.ResourceError, f"{self.path} cannot be written: {error.strerror}.") from error

    def _write_all(self, data: bytes, offset: int, length: int) -> None:
        self._check_length(data, length)
        self.region(data, offset)

    @staticmethod
    def _check_length(data: bytes, length: int) -> None:
        if len(data) != length:
            kind = "BufferUnderflowException" if len(data) < length else "BufferOverflowException"
            raise server_error(omero.ResourceError, f"{kind}: {len(data)} bytes where {length} were expected")

    def _check(self, **places: int) -> None:
        sizes = dict(zip("xyzct", self.shape.sizes, strict=True))
        for axis, place in places.items():
            if not 0 <= place < sizes[axis]:
                raise api_usage(f"{axis.upper()} '{place}' greater than size{axis.upper()} '{sizes[axis]}'.")
