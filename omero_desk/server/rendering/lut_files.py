"""The lookup tables as files that clients list and download, as OMERO keeps them among its scripts."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

import sqlalchemy as sa

from omero_desk.server.database.bootstrap import EVENT_ID, ROOT_ID, USER_GROUP_ID
from omero_desk.server.database.store import Store
from omero_desk.server.files.originals import place_by_id
from omero_desk.server.rendering.luts import PATHS, as_file

_MEDIA_TYPE: Final = "text/x-lut"
_HASHER: Final = "SHA1-160"


def enter_luts(store: Store) -> None:
    """Enter those lookup tables into a library that it does not have yet: root's files, in everybody's group."""
    table = store.schema.table("OriginalFile")
    known = sa.select(table.c.path + table.c.name).where(table.c.mimetype == _MEDIA_TYPE)
    with store.read() as connection:
        missing = sorted(set(PATHS) - set(connection.scalars(known)))
    if not missing:
        return
    with store.write() as connection:
        hashers = store.schema.table("ChecksumAlgorithm")
        hasher = connection.scalar(sa.select(hashers.c.id).where(hashers.c.value == _HASHER))
        ids = store.insert_rows(connection, "OriginalFile", [{**_row(path), "hasher_id": hasher} for path in missing])
        for file_id, path in zip(ids, missing, strict=True):
            place = place_by_id(store.folder, file_id)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(as_file(path))


def _row(path: str) -> dict[str, Any]:
    content, (folder, _, name) = as_file(path), path.rpartition("/")
    return {
        "name": name,
        "path": folder + "/",
        "mimetype": _MEDIA_TYPE,
        "size": len(content),
        "hash": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "mtime": round(time.time() * 1000),
        "owner_id": ROOT_ID,
        "group_id": USER_GROUP_ID,
        "creation_id": EVENT_ID,
        "update_id": EVENT_ID,
    }
