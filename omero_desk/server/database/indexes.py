"""The indexes of the model's tables, by which a library of a million images is as fast as a small one.

Beside the columns that rows are found by, they hold group and owner, which decide who may see a row: so rows that are
only counted need not be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Index, Table, func
from sqlalchemy.schema import CreateIndex

from omero_desk.server.database.model import ModelClass

LISTED_BY_NAME: Final = frozenset({"Project", "Dataset", "Image", "Screen", "Plate", "Folder"})
"""Classes whose objects are listed by name, by the thousand."""

_MORE: Final = {
    "Annotation": (("ns",),),
    "EventLog": (("entityType", "entityId"),),
    "Image": (("owner_id", "id", "group_id"),),  # by id, as links are: images in no dataset are found fast
    "OriginalFile": (("path", "name"), ("hash",)),
}


def add_indexes(root: ModelClass, table: Table, details: Set[str]) -> None:
    """Add the indexes of the table of a root class; `details` names the columns of details."""
    covered = set()
    if root.name in LISTED_BY_NAME:
        _add_by_name(table)
        covered = {"owner_id", "group_id"}
    for names in _MORE.get(root.name, ()):
        Index(f"ix_{table.name}_{'_'.join(names)}", *(table.c[name] for name in names))
    for column in table.columns:
        if column.name.endswith("_id") and column.name not in covered:
            where = column.isnot(None) if column.nullable else None
            beside = () if column.name in details else _beside(root, table, column.name)
            Index(f"ix_{table.name}_{column.name}", column, *beside, sqlite_where=where)


def renew_indexes(metadata: sa.MetaData, connection: Connection) -> bool:
    """Create and drop indexes until a library has those of this program; return whether any had to be."""
    wanted = {str(index.name): index for table in metadata.tables.values() for index in table.indexes}
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix\\_%' ESCAPE '\\'"
    )
    found: dict[str, str] = {row.name: row.sql for row in rows}
    current = {name for name, index in wanted.items() if found.get(name) == _definition(index, connection)}
    for name in found.keys() - current:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    for name in sorted(wanted.keys() - current):
        wanted[name].create(connection)
    return current != wanted.keys() or current != found.keys()


def _definition(index: Index, connection: Connection) -> str:
    return str(CreateIndex(index).compile(connection.engine)).strip()


def _add_by_name(table: Table) -> None:
    """Add the indexes for lists by name: in a group, of an owner, and in all groups."""
    group, owner, name = table.c.group_id, table.c.owner_id, func.lower(table.c.name)
    Index(f"ix_{table.name}_by_name", group, name, table.c.id, owner)
    Index(f"ix_{table.name}_of_owner_by_name", owner, name, table.c.id, group)
    Index(f"ix_{table.name}_by_name_in_all_groups", name, table.c.id, group, owner)


def _beside(root: ModelClass, table: Table, name: str) -> Iterator[Column[Any]]:
    """Yield the further columns of an index on a relation: position, group and owner, and a link's other end."""
    position = name.removesuffix("_id") + "_index"
    if position in table.c:
        yield table.c[position]
    if root.has_details:
        yield from (table.c.group_id, table.c.owner_id)
    if root.is_link:
        yield table.c.child_id if name == "parent_id" else table.c.parent_id
