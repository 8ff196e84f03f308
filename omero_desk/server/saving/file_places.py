"""Places of files in repositories: clients do not set them, and no folder goes without what is in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.saving.graph import GraphNode

DIRECTORY: Final = "Directory"
REPOSITORY: Final = "Repository"
"""Media types of folders, and of the row that describes a repository."""
_PLACE: Final = frozenset({"repo", "path", "name"})
_PROTECTED: Final = frozenset({DIRECTORY, REPOSITORY})
"""Media types that only a repository gives (OMERO's _fs_protected_mimetype)."""


def kept_place(node: GraphNode, changed: dict[str, object]) -> dict[str, object]:
    """Return what changes of an object without a null for a file's repository, which OMERO puts back without a word."""
    if node.found.name == "OriginalFile" and changed.get("repo", "") is None:
        return {name: value for name, value in changed.items() if name != "repo"}
    return changed


def check_place(node: GraphNode, changed: Mapping[str, object], current: sa.RowMapping | None) -> None:
    """Refuse to put an original file into a repository, to move it there, and to make it a folder or none.

    `changed` are the columns to be written, `current` those of the row that there is. Raises omero.SecurityViolation,
    for a folder that would be none omero.InternalException (BasicACLVoter.allowCreation, OmeroInterceptor.onFlushDirty,
    and the triggers of OMERO's database).
    """
    if node.found.name != "OriginalFile":
        return
    was_in = current is not None and current["repo"] is not None
    if changed.get("repo") is not None or (was_in and _PLACE & changed.keys()):
        raise omero.SecurityViolation(message=f"cannot set repo property of {node} via ORM")
    if changed.get("mimetype") in _PROTECTED:
        raise omero.SecurityViolation(message=f"cannot set the mimetype {changed['mimetype']} of {node}")
    if current is not None and current["mimetype"] in _PROTECTED and "mimetype" in changed:
        raise omero.InternalException(
            message=f"cannot change media type {current['mimetype']} of file id={current['id']}"
        )


def first_full_folder(schema: Schema, connection: Connection, file_ids: Collection[int]) -> str | None:
    """Return the reason why rows of files cannot all be deleted: a folder among them has others in it; None for none.

    OMERO's database has a trigger for that, `_fs_dir_delete` in psql-footer.sql, whose words these are.
    """
    table = schema.table("OriginalFile")
    gone = set(file_ids)
    statement = sa.select(table.c.id, table.c.path, table.c.name, table.c.repo)
    folders = statement.where(table.c.mimetype == DIRECTORY, table.c.repo.isnot(None))
    for row in select_rows(connection, folders, table.c.id, gone):
        place = f"{row.path}{row.name}/"
        inside = sa.select(table.c.id).where(table.c.repo == row.repo, table.c.path == place)
        if any(each not in gone for each in connection.scalars(inside)):
            return f"Directory({row.id})={place} is not empty!"
    return None
