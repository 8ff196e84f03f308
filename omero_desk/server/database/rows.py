"""Rows written by column name, many at once: what makes a library and fills it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.model import NamedValues
from omero_desk.server.database.schema import DISCRIMINATOR, PERMISSIONS, VERSION, Schema

PRIVATE: Final = -120
"""OMERO's number for the permissions "rw----"."""

_BATCH: Final = 10_000  # SQLite takes 32,766 parameters


def insert_rows(
    schema: Schema, connection: Connection, class_name: str, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert rows given by column name, and return their ids, which are new unless a row has one.

    Columns that a row lacks are null. Discriminator, version and permissions are filled in. Raises KeyError
    for a column that the class's table does not have.
    """
    if not rows:
        return []
    table = schema.table(class_name)
    blank = _blank_row(class_name, table)
    names = set().union(*rows)
    if not names <= set(table.c.keys()):
        raise KeyError(f"{class_name} has no {', '.join(sorted(names - set(table.c.keys())))}")
    blank.update(dict.fromkeys(names - blank.keys()))
    following = last_id(connection, table) + 1
    complete = [{**blank, "id": following + n, **row} for n, row in enumerate(rows)]
    connection.execute(table.insert(), complete)
    return [row["id"] for row in complete]


def insert_named_values(
    schema: Schema,
    connection: Connection,
    class_name: str,
    property_name: str,
    pairs: Mapping[int, Sequence[tuple[str, str]]],
) -> None:
    """Insert lists of (name, value), by the id of the object that has them."""
    found = schema.model[class_name].properties[property_name]
    if not isinstance(found, NamedValues):
        raise TypeError(f"{class_name}.{property_name} is no list of named values")
    rows = [
        {"parent_id": parent, "position": position, "name": name, "value": value}
        for parent, values in pairs.items()
        for position, (name, value) in enumerate(values)
    ]
    if rows:
        connection.execute(schema.named_values_table(class_name, found).insert(), rows)


def select_rows(
    connection: Connection, statement: sa.Select[Any], key: sa.ColumnElement[int], ids: Iterable[int]
) -> Iterator[sa.Row[Any]]:
    """Give the rows of a statement with any of many ids in the column `key`."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _BATCH):
        yield from connection.execute(statement.where(key.in_(ordered[start : start + _BATCH])))


def last_id(connection: Connection, table: sa.Table) -> int:
    """Return the highest id that was ever given in a table: ids are not used twice."""
    statement = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return connection.execute(statement, {"name": table.name}).scalar() or 0


def _blank_row(class_name: str, table: sa.Table) -> dict[str, Any]:
    blank: dict[str, Any] = {PERMISSIONS: PRIVATE}
    if VERSION in table.c:
        blank[VERSION] = 0
    if DISCRIMINATOR in table.c:
        blank[DISCRIMINATOR] = class_name
    return blank
