"""OriginalMetadataRequest and UsedFilesRequest: what the files of an image say, and which they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import omero
import sqlalchemy as sa
import tifffile
from omero.rtypes import rdouble, rint, rlong, rstring

from omero_desk.server.access.security import visible
from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.errors import CommandError

_MOST_TEXT: Final = 100_000  # characters of a value
_INT_MAX: Final = 2**31


class _OfImage(Command):
    """A request with an `imageId`."""

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._work = work
        return [self.look]

    def look(self) -> None:
        """Find out."""
        raise NotImplementedError

    def image(self) -> Any:
        """Return the row (id, fileset_id, series) of the image; None if the caller cannot see it."""
        table = self._work.backend.store.schema.table("Image")
        statement = sa.select(table.c.id, table.c.fileset_id, table.c.series)
        seen = visible(table, self._work.caller, -1)
        return self._work.connection.execute(statement.where(table.c.id == self.request.imageId, seen)).one_or_none()

    def files(self, fileset_id: int) -> list[Any]:
        """Return the rows (id, path, name, repo) of a fileset's files."""
        schema = self._work.backend.store.schema
        entry, file = schema.table("FilesetEntry"), schema.table("OriginalFile")
        statement = sa.select(file.c.id, file.c.path, file.c.name, file.c.repo)
        statement = statement.where(entry.c.originalFile_id == file.c.id, entry.c.fileset_id == fileset_id)
        return list(self._work.connection.execute(statement.order_by(file.c.id)))


class OriginalMetadata(_OfImage):
    """OMERO's OriginalMetadataRequestI: the tags of the first TIFF page of the first file, none of other formats."""

    in_all_groups = True

    def look(self) -> None:
        """Read the file."""
        image = self.image()
        self._fileset_id = None if image is None else image.fileset_id
        self._tags: dict[str, Any] = {}
        files = [] if self._fileset_id is None else self.files(self._fileset_id)
        if files:
            place = self._work.backend.repository.locate(files[0].path, files[0].name)
            try:
                with tifffile.TiffFile(place) as tiff:
                    self._tags = {tag.name: _value(tag.value) for tag in tiff.pages.first.tags}
            except (OSError, ValueError):  # tifffile's own error is a ValueError
                self._tags = {}

    def response(self) -> Any:
        """Return what was read."""
        fileset = None if self._fileset_id is None else rlong(self._fileset_id)
        return omero.cmd.OriginalMetadataResponse(filesetId=fileset, globalMetadata=self._tags, seriesMetadata={})


class UsedFiles(_OfImage):
    """OMERO's UsedFilesRequestI: every file of the fileset holds pixels of this image."""

    in_all_groups = True

    def look(self) -> None:
        """Find the files; CommandError for an image that cannot be read."""
        image = self.image()
        if image is None:
            raise CommandError("bad-image", f"cannot read image {self.request.imageId}")
        self._has_fileset = image.fileset_id is not None
        self._ids = [row.id for row in self.files(image.fileset_id)] if self._has_fileset else []

    def response(self) -> Any:
        """Return the ids of the files."""
        if not self._has_fileset:
            return omero.cmd.UsedFilesResponsePreFs(archivedFiles=[], companionFiles=[], originalMetadataFiles=[])
        return omero.cmd.UsedFilesResponse(
            binaryFilesThisSeries=self._ids,
            binaryFilesOtherSeries=[],
            companionFilesThisSeries=[],
            companionFilesOtherSeries=[],
        )


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return rstring(str(value))
    if isinstance(value, int):
        return rint(value) if -_INT_MAX <= value < _INT_MAX else rlong(value)
    if isinstance(value, float):
        return rdouble(value)
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return rstring(text[:_MOST_TEXT])
