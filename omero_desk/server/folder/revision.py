"""The revision of the readers of image files that a library was filled with: a later one may see other images."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from omero_desk.server.database.schema import Schema
from omero_desk.server.images.library import ImageFileRecord

_REVISION: Final = "2"
"""Raised whenever readers give other sizes or types than before for a file that has not changed."""

_NAME: Final = "desk.folder.readers"


def is_read_anew(schema: Schema, connection: Connection) -> bool:
    """Return whether the files of a library were read by other readers than these."""
    notes = schema.metadata.tables["configuration"]
    return bool(connection.scalar(select(notes.c.value).where(notes.c.name == _NAME)) != _REVISION)


def keep_revision(schema: Schema, connection: Connection) -> None:
    """Note that the files of a library were read by these readers."""
    notes = schema.metadata.tables["configuration"]
    connection.execute(notes.delete().where(notes.c.name == _NAME))
    connection.execute(notes.insert(), {"name": _NAME, "value": _REVISION})


def is_as_entered(schema: Schema, connection: Connection, fileset_id: int, file: ImageFileRecord) -> bool:
    """Return whether the images of a file have the sizes and types with which they were entered.

    Images that are not there any more, because somebody deleted them, do not count.
    """
    pixels, images, kinds = (schema.table(name) for name in ("Pixels", "Image", "PixelsType"))
    columns = [images.c.series, kinds.c.value, *(pixels.c["size" + axis] for axis in "XYZCT")]
    joined = pixels.join(images, images.c.id == pixels.c.image_id).join(kinds, kinds.c.id == pixels.c.pixelsType_id)
    # Other pixels that an image was given later are none of the file's.
    mine = (images.c.fileset_id == fileset_id) & (pixels.c.image_index == 0)
    entered = {tuple(row) for row in connection.execute(select(*columns).select_from(joined).where(mine))}
    return entered <= {
        (each.series, each.pixel_type, each.size_x, each.size_y, each.size_z, each.size_c, each.size_t)
        for each in file.images
    }
