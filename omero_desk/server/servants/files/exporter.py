"""Exporter: an image as OME-TIFF, or images as OME-XML, fetched in pieces."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import omero

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.filesets.ome_export import to_xml, write_tiff
from omero_desk.server.servants.base import StatefulService, parameters

_IMAGE: Final = (
    "select i from Image i join fetch i.pixels p join fetch p.pixelsType left outer join fetch p.channels c "
    "left outer join fetch c.logicalChannel where i.id = :id"
)
_MAX_READ: Final = 2**20


class ExporterService(StatefulService):
    """Follows OMERO's ExporterI: images are added, a file is generated once and read."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._ids: list[int] = []
        self._file: Path | None = None

    def addImage(self, call: Call, image_id: int) -> None:
        """Add an image to what is to be generated."""
        self._check_configuring()
        self._ids.append(image_id)

    def generateXml(self, call: Call) -> int:
        """Describe the images; return the length of the file in bytes."""
        self._check_configuring()
        images = [self._image(call, image_id) for image_id in self._ids]
        path = _new_file(".ome.xml")
        self._file = path
        return path.write_bytes(to_xml(images).encode())

    def generateTiff(self, call: Call) -> int:
        """Write the one image; return the length of the file in bytes."""
        self._check_configuring()
        if len(self._ids) != 1:
            raise api_usage(f"Only one image supported for TIFF, not {len(self._ids)}")
        image = self._image(call, self._ids[0])
        self._check_size(image)
        with self.backend.sources.open(call, image.getPrimaryPixels().id.val) as source:
            self._file = _new_file(".ome.tiff")
            write_tiff(self._file, image, source)
        return self._file.stat().st_size

    def read(self, call: Call, position: int, length: int) -> bytes:
        """Return bytes of the file; fewer at its end."""
        if self._file is None:
            raise api_usage("Call a generate method first")
        if length > _MAX_READ:
            raise api_usage(f"Max read size is: {_MAX_READ}")
        if length < 0 or position < 0:
            raise api_usage(f"No file has {length} bytes at {position}.")
        with self._file.open("rb") as file:
            file.seek(position)
            return file.read(length)

    def release(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def _check_configuring(self) -> None:
        if self._file is not None:
            raise api_usage("Cannot configure during output")

    def _check_size(self, image: omero.model.Image) -> None:
        pixels, number = image.getPrimaryPixels(), self.backend.configuration.number
        x, y = pixels.sizeX.val, pixels.sizeY.val
        if x * y > number("omero.pixeldata.max_plane_width") * number("omero.pixeldata.max_plane_height"):
            raise api_usage(f"Image:{image.id.val} is too large for export (sizeX={x}, sizeY={y})")

    def _image(self, call: Call, image_id: int) -> omero.model.Image:
        found: list[omero.model.Image] = self.query(call, _IMAGE, parameters(id=image_id))
        if not found:
            raise server_error(
                omero.ValidationException, f"No row with the given identifier exists: [Image#{image_id}]"
            )
        return found[0]


def _new_file(suffix: str) -> Path:
    handle, name = tempfile.mkstemp(suffix, "__omero_export__")
    os.close(handle)
    return Path(name)
