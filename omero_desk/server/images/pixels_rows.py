"""The pixels of an image in a library: their sizes and type, and the file that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import omero
import sqlalchemy as sa
from omero.rtypes import unwrap

from omero_desk.server.access.caller import Asker
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.database.store import Store
from omero_desk.server.errors import server_error
from omero_desk.server.hql.query import run_projection
from omero_desk.server.images.pixel_types import DTYPES
from omero_desk.server.images.romio import PixelsShape


@dataclass(frozen=True, slots=True)
class PixelsRow:
    """Pixels and their image. `file` is the path and name of the file that it was imported from, None for none."""

    id: int
    image_id: int
    owner_id: int
    group_id: int
    type: str
    shape: PixelsShape
    series: int
    file: tuple[str, str] | None


def find_pixels(store: Store, asker: Asker, pixels_id: int) -> PixelsRow:
    """Look up pixels; omero.ValidationException where there are none that the asker may read (RawPixelsBean).

    Raises omero.ResourceError for a type that cannot be read.
    """
    found = find_all_pixels(store, asker, [pixels_id])[pixels_id]
    if isinstance(found, omero.ServerError):
        raise found
    return found


def find_all_pixels(store: Store, asker: Asker, ids: Sequence[int]) -> dict[int, PixelsRow | omero.ServerError]:
    """Return what `find_pixels` returns or raises, by the pixels' ids."""
    params = omero.sys.ParametersI().addIds(ids)
    hql = "select p.id from Pixels p where p.id in (:ids)"
    with store.read() as connection:
        readable = run_projection(connection, store.schema, asker.caller, asker.group, hql, params) if ids else []
        key = store.schema.table("Pixels").c.id
        rows = list(select_rows(connection, _statement(store.schema), key, (unwrap(row[0]) for row in readable)))
    unknown = {each: server_error(omero.ValidationException, f"Cannot read pixels id={each}") for each in ids}
    return unknown | {row.id: _read(row) for row in rows}


def _read(row: sa.Row[Any]) -> PixelsRow | omero.ServerError:
    dtype = DTYPES.get(row.type)
    if dtype is None:
        return server_error(omero.ResourceError, f"Pixels:{row.id} are of type {row.type}, which cannot be read.")
    shape = PixelsShape((row.sizeX, row.sizeY, row.sizeZ, row.sizeC, row.sizeT), dtype)
    # Other pixels that an image was given later are none of the file's.
    file = None if row.image_index or row.name is None else (row.path, row.name)
    return PixelsRow(row.id, row.image_id, row.owner_id, row.group_id, row.type, shape, row.series or 0, file)


def _statement(schema: Schema) -> sa.Select[Any]:
    pixels, image, kind, file = (schema.table(name) for name in ("Pixels", "Image", "PixelsType", "OriginalFile"))
    sizes = [pixels.c["size" + axis] for axis in "XYZCT"]
    columns = [
        *(pixels.c.id, pixels.c.image_id, pixels.c.image_index, pixels.c.owner_id, pixels.c.group_id),
        *(image.c.series, file.c.path, file.c.name),
    ]
    joined = pixels.join(image, image.c.id == pixels.c.image_id).join(kind, kind.c.id == pixels.c.pixelsType_id)
    joined = joined.outerjoin(file, file.c.id == _first_file(schema, image))
    return sa.select(kind.c.value.label("type"), *sizes, *columns).select_from(joined)


def _first_file(schema: Schema, image: sa.Table) -> sa.ScalarSelect[int]:
    """The first file of a fileset is the one that the image is opened by."""
    entry, file = schema.table("FilesetEntry"), schema.table("OriginalFile").alias()
    chosen = sa.select(file.c.id).join(entry, entry.c.originalFile_id == file.c.id)
    # What clients enter has no repository, and a path that says nothing about this server's disk.
    chosen = chosen.where(entry.c.fileset_id == image.c.fileset_id, file.c.repo.is_not(None))
    return chosen.order_by(entry.c.fileset_index, entry.c.id).limit(1).correlate(image).scalar_subquery()
