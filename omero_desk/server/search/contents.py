"""The texts of files that clients upload, which the search of what they are attached to finds (`file.contents`)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from omero_desk.server.database.full_text import FILE_TEXT
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.originals import place_by_id

LARGEST: Final = 2**20
"""The bytes of the largest text that is read; OMERO's omero.search.max_file_size is 131,072,000."""

TYPES: Final = ("text/plain", "text/csv", "text/xml", "application/xml")
"""The media types that are read: those of OMERO's FileParser (service-ome.api.Search.xml), without PDF."""


def keep_text(store: Store, file_id: int, media_type: str | None, path: Path) -> None:
    """Keep the text of a file for search, in place of an earlier one; none of other types and of large files."""
    text = _read(path) if media_type in TYPES else None
    with store.write() as connection:
        if text is None:
            connection.exec_driver_sql(f"DELETE FROM {FILE_TEXT} WHERE id = ?", (file_id,))
        else:
            known = "ON CONFLICT (id) DO UPDATE SET contents = excluded.contents"
            connection.exec_driver_sql(f"INSERT INTO {FILE_TEXT} VALUES (?, ?) {known}", (file_id, text))


def unread(store: Store) -> list[tuple[int, str]]:
    """Return id and media type of the files whose text is not kept though it is to be: those of older libraries."""
    c = store.schema.table("OriginalFile").c
    kept = sa.table(FILE_TEXT, sa.column("id"))
    statement = sa.select(c.id, c.mimetype).where(
        c.repo.is_(None), c.mimetype.in_(TYPES), c.size <= LARGEST, c.id.not_in(sa.select(kept.c.id))
    )
    with store.read() as connection:
        return [(row.id, row.mimetype) for row in connection.execute(statement)]


def read_texts(store: Store, files: list[tuple[int, str]], stopped: threading.Event) -> None:
    """Keep the texts of files until `stopped` is set."""
    for file_id, media_type in files:
        if stopped.is_set():
            return
        keep_text(store, file_id, media_type, place_by_id(store.folder, file_id))


def _read(path: Path) -> str | None:
    """Return the text of a file, "" for one that is not there, None for one that is too large."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        return path.read_bytes()[:LARGEST].decode("utf-8", "replace")
    except OSError:
        return ""
