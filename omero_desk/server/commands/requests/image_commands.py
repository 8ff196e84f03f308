"""OriginalMetadataRequest and UsedFilesRequest: the metadata in the files of an image, and the list of the files."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Final, TypeVar

import omero
import omero.cmd
import sqlalchemy as sa
import tifffile
from omero.rtypes import rdouble, rint, rlong, rstring

from omero_desk.server.access.security import visible
from omero_desk.server.commands.command import ServerCommand, Step, Work
from omero_desk.server.commands.errors import CommandError

_MOST_TEXT: Final = 100_000  # characters of a value
_INT_MAX: Final = 2**31


ImageRequestT = TypeVar("ImageRequestT", omero.cmd.OriginalMetadataRequest, omero.cmd.UsedFilesRequest)


class _OfImage(ServerCommand[ImageRequestT]):
    """A command for the image `imageId` of a request."""

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._work = work
        return [self.look]

    @abstractmethod
    def look(self) -> None:
        """Find out what the response tells."""

    def image(self) -> sa.Row[int, int | None] | None:
        """Return the row (id, fileset_id) of the image; None if the caller may not see it."""
        table = self._work.backend.store.schema.table("Image")
        statement = sa.select(table.c.id, table.c.fileset_id)
        seen = visible(table, self._work.caller, -1)
        return self._work.connection.execute(statement.where(table.c.id == self.request.imageId, seen)).one_or_none()

    def files(self, fileset_id: int) -> Sequence[sa.Row[int, str, str]]:
        """Return the rows (id, path, name) of a fileset's files, by id."""
        schema = self._work.backend.store.schema
        entry, file = schema.table("FilesetEntry"), schema.table("OriginalFile")
        statement = sa.select(file.c.id, file.c.path, file.c.name)
        statement = statement.where(entry.c.originalFile_id == file.c.id, entry.c.fileset_id == fileset_id)
        return self._work.connection.execute(statement.order_by(file.c.id)).all()


class OriginalMetadata(_OfImage[omero.cmd.OriginalMetadataRequest]):
    """OMERO's OriginalMetadataRequestI: the tags of the first TIFF page of the first file, none of other formats."""

    in_all_groups = True

    def look(self) -> None:
        """Read the first file; a file that cannot be read has no tags."""
        image = self.image()
        self._fileset_id = None if image is None else image.fileset_id
        self._tags: dict[str, omero.RType] = {}
        files = [] if self._fileset_id is None else self.files(self._fileset_id)
        if files:
            place = self._work.backend.repository.locate(files[0].path, files[0].name)
            try:
                with tifffile.TiffFile(place) as tiff:
                    self._tags = {tag.name: _value(tag.value) for tag in tiff.pages.first.tags}
            except (OSError, ValueError):  # tifffile's own error is a ValueError
                self._tags = {}

    def response(self) -> omero.cmd.OriginalMetadataResponse:
        """Return the tags by name."""
        fileset = None if self._fileset_id is None else rlong(self._fileset_id)
        return omero.cmd.OriginalMetadataResponse(filesetId=fileset, globalMetadata=self._tags, seriesMetadata={})


class UsedFiles(_OfImage[omero.cmd.UsedFilesRequest]):
    """OMERO's UsedFilesRequestI; every file of the fileset is taken to hold pixels of the image."""

    in_all_groups = True

    def look(self) -> None:
        """Find the files; raises CommandError for an image that the caller may not see."""
        image = self.image()
        if image is None:
            raise CommandError("bad-image", f"cannot read image {self.request.imageId}")
        self._ids = None if image.fileset_id is None else [row.id for row in self.files(image.fileset_id)]

    def response(self) -> omero.cmd.UsedFilesResponse | omero.cmd.UsedFilesResponsePreFs:
        """Return the ids of the files; none for an image without a fileset, as one from before OMERO 5."""
        if self._ids is None:
            return omero.cmd.UsedFilesResponsePreFs(archivedFiles=[], companionFiles=[], originalMetadataFiles=[])
        return omero.cmd.UsedFilesResponse(
            binaryFilesThisSeries=self._ids,
            binaryFilesOtherSeries=[],
            companionFilesThisSeries=[],
            companionFilesOtherSeries=[],
        )


def _value(value: object) -> omero.RType:
    """Return the value of a TIFF tag as an RType; text is cut off after 100,000 characters."""
    if isinstance(value, bool):
        return rstring(str(value))
    if isinstance(value, int):
        return rint(value) if -_INT_MAX <= value < _INT_MAX else rlong(value)
    if isinstance(value, float):
        return rdouble(value)
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return rstring(text[:_MOST_TEXT])
