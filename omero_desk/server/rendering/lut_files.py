"""The lookup tables as files that clients list and download, as OMERO keeps them among its scripts."""

from __future__ import annotations

from omero_desk.server.database.store import Store
from omero_desk.server.filesets.lut_rows import add_luts, known_luts, remember_palettes
from omero_desk.server.rendering.luts import PATHS, as_file


def enter_luts(store: Store) -> None:
    """Enter those lookup tables into a library that it does not have yet, and keep those of its palettes at hand."""
    with store.read() as connection:
        missing = sorted(set(PATHS) - set(known_luts(store.schema, connection)))
        remember_palettes(store.schema, connection, store.folder)
    if missing:
        with store.write() as connection:
            add_luts(store.schema, connection, store.folder, [(path, as_file(path)) for path in missing])
