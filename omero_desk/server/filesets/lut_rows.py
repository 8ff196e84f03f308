"""Lookup tables as root's files in everybody's group, as clients list and download them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.bootstrap import EVENT_ID, ROOT_ID, USER_GROUP_ID
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.images.palettes import is_palette, remember

MEDIA_TYPE: Final = "text/x-lut"
_HASHER: Final = "SHA1-160"
_PALETTES: Final = "/luts/palettes/"
_MOST_PALETTES: Final = 200
"""The palettes that a library keeps: clients list them, and read each when an image is opened."""


def known_luts(schema: Schema, connection: Connection) -> dict[str, int]:
    """Return the ids of the files of lookup tables by their paths and names."""
    table = schema.table("OriginalFile")
    chosen = sa.select(table.c.path, table.c.name, table.c.id).where(
        table.c.mimetype == MEDIA_TYPE, table.c.group_id == USER_GROUP_ID, table.c.owner_id == ROOT_ID
    )
    return {row.path + row.name: row.id for row in connection.execute(chosen)}


def add_luts(schema: Schema, connection: Connection, folder: Path, tables: Sequence[tuple[str, bytes]]) -> None:
    """Enter lookup tables, each with its path and name, into the library in a folder; raises OSError."""
    hashers = schema.table("ChecksumAlgorithm")
    hasher = connection.scalar(sa.select(hashers.c.id).where(hashers.c.value == _HASHER))
    rows = [{**_row(path, content), "hasher_id": hasher} for path, content in tables]
    for file_id, (_, content) in zip(insert_rows(schema, connection, "OriginalFile", rows), tables, strict=True):
        place = place_by_id(folder, file_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def enter_palette(schema: Schema, connection: Connection, palette: bytes) -> str | None:
    """Return the name of the lookup table of a palette, entered if need be; None where there are too many."""
    name = remember(palette)
    known = known_luts(schema, connection)
    if _PALETTES + name not in known:
        if sum(is_palette(path.rpartition("/")[2]) for path in known) >= _MOST_PALETTES:
            return None
        add_luts(schema, connection, _folder(connection), [(_PALETTES + name, palette)])
    return name


def remember_palettes(schema: Schema, connection: Connection, folder: Path) -> None:
    """Keep the palettes of a library at hand; one whose file is gone is left out."""
    for path, file_id in known_luts(schema, connection).items():
        if is_palette(path.rpartition("/")[2]):
            try:
                remember(place_by_id(folder, file_id).read_bytes())
            except (OSError, ValueError):
                continue


def _folder(connection: Connection) -> Path:
    """Return the folder of the library that a connection writes to."""
    (place,) = (row[2] for row in connection.exec_driver_sql("PRAGMA database_list") if row[1] == "main")
    return Path(place).parent


def _row(path: str, content: bytes) -> dict[str, object]:
    folder, _, name = path.rpartition("/")
    return {
        "name": name,
        "path": folder + "/",
        "mimetype": MEDIA_TYPE,
        "size": len(content),
        "hash": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "mtime": round(time.time() * 1000),
        "owner_id": ROOT_ID,
        "group_id": USER_GROUP_ID,
        "creation_id": EVENT_ID,
        "update_id": EVENT_ID,
    }
