"""What a library says of the pixels of an image: their sizes and type, and the file that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.schema import Schema
from omero_desk.server.database.store import Store
from omero_desk.server.hql import run_projection
from omero_desk.server.images.romio import Shape
from omero_desk.server.wire.exceptions import server_error

if TYPE_CHECKING:
    from omero_desk.server.wire.calls import Call

DTYPES: Final[dict[str, np.dtype[Any]]] = {
    **{name: np.dtype(name) for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32")},
    "float": np.dtype(np.float32),
    "double": np.dtype(np.float64),
    "bit": np.dtype(np.bool_),
}
"""numpy's types by OMERO's names."""


@dataclass(frozen=True, slots=True)
class PixelsRow:
    """Pixels and their image. `file` is the path and name of the file that it was imported from, None for none."""

    id: int
    image_id: int
    owner_id: int
    group_id: int
    type: str
    shape: Shape
    series: int
    file: tuple[str, str] | None


def find_pixels(store: Store, call: Call, pixels_id: int) -> PixelsRow:
    """Look up pixels; omero.ValidationException where there are none that the caller may read (RawPixelsBean)."""
    params = omero.sys.ParametersI().addId(pixels_id)
    hql = "select p.id from Pixels p where p.id = :id"
    with store.read() as connection:
        if not run_projection(connection, store.schema, call.caller, call.group, hql, params):
            raise server_error(omero.ValidationException, f"Cannot read pixels id={pixels_id}")
        row = connection.execute(_statement(store.schema, pixels_id)).one()
        # Other pixels that an image was given later are none of the file's.
        file = None if row.image_index else _file(store.schema, connection, row.fileset_id)
    dtype = DTYPES.get(row.type)
    if dtype is None:
        raise server_error(omero.ResourceError, f"Pixels:{pixels_id} are of type {row.type}, which cannot be read.")
    shape = Shape((row.sizeX, row.sizeY, row.sizeZ, row.sizeC, row.sizeT), dtype)
    return PixelsRow(pixels_id, row.image_id, row.owner_id, row.group_id, row.type, shape, row.series or 0, file)


def _statement(schema: Schema, pixels_id: int) -> sa.Select[Any]:
    pixels, image, kind = (schema.table(name) for name in ("Pixels", "Image", "PixelsType"))
    sizes = [pixels.c["size" + axis] for axis in "XYZCT"]
    columns = [
        *(pixels.c.image_id, pixels.c.image_index, pixels.c.owner_id, pixels.c.group_id),
        *(image.c.series, image.c.fileset_id),
    ]
    joined = pixels.join(image, image.c.id == pixels.c.image_id).join(kind, kind.c.id == pixels.c.pixelsType_id)
    chosen = sa.select(kind.c.value.label("type"), *sizes, *columns).select_from(joined)
    return chosen.where(pixels.c.id == pixels_id)


def _file(schema: Schema, connection: Connection, fileset_id: int | None) -> tuple[str, str] | None:
    """The first file of a fileset is the one that the image is opened by."""
    entry, file = schema.table("FilesetEntry"), schema.table("OriginalFile")
    chosen = sa.select(file.c.path, file.c.name).join(entry, entry.c.originalFile_id == file.c.id)
    # What clients enter has no repository, and a path that says nothing about this server's disk.
    chosen = (
        chosen.where(entry.c.fileset_id == fileset_id, file.c.repo.is_not(None))
        .order_by(entry.c.fileset_index, entry.c.id)
        .limit(1)
    )
    found = connection.execute(chosen).first() if fileset_id is not None else None
    return (found.path, found.name) if found else None
