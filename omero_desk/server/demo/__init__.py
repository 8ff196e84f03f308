"""The demo library: a believable institute, with real pixels, for an empty library."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from sqlalchemy import func, select

from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.database.store import Store

Progress = Callable[[float, str], None]

__all__ = ["fill"]

_FILES_SHARE = 0.8


def fill(store: Store, data_dir: Path, progress: Progress) -> None:
    """Fill an empty library; one that holds anything is left alone.

    The files are made first, and all rows are written in one transaction: what was interrupted is begun anew.
    `progress` takes the share that is done, 0 to 1, and a text; an exception that it raises ends the filling.
    """
    if not _is_empty(store):
        return
    progress(0.0, "Making the demo images")
    files = _maker("files").make_files(data_dir, lambda done, text: progress(done * _FILES_SHARE, text))
    with store.write() as connection:
        _maker("contents").DemoContents(store.schema, connection, data_dir, files).fill(
            lambda done, text: progress(_FILES_SHARE + done * (1 - _FILES_SHARE), text)
        )
    progress(1.0, "The demo library is ready")


def _is_empty(store: Store) -> bool:
    """Return whether a library has no users but OMERO's own, and no data."""
    with store.read() as connection:
        people = store.schema.table("Experimenter")
        if connection.scalar(select(func.max(people.c.id))) > GUEST_ID:
            return False
        tables = [store.schema.table(name) for name in ("Image", "Dataset", "Project", "Screen", "Plate")]
        return all(connection.scalar(select(table.c.id).limit(1)) is None for table in tables)


def _maker(name: str) -> ModuleType:
    """Import a module that makes the demo: a lazy import, for scipy and skimage would slow every start down."""
    return importlib.import_module(f"{__name__}.{name}")
