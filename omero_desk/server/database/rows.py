"""Insert and read many rows at once, by the names of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.model import NamedValues
from omero_desk.server.database.schema import DISCRIMINATOR, PERMISSIONS, VERSION, Schema

Ts = TypeVarTuple("Ts")

PRIVATE: Final = -120
"""OMERO's number for the permissions "rw----"."""

_BATCH: Final = 10_000  # SQLite takes 32,766 parameters


def insert_rows(
    schema: Schema, connection: Connection, class_name: str, rows: Sequence[Mapping[str, object]]
) -> list[int]:
    """Insert rows of a class, given by column name, and return their ids; a row without an id gets a new one.

    A column that a row lacks is null, except discriminator, version and permissions, which are filled in. Raises
    KeyError for a column that the class's table does not have.
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
    ids = [_id_of(row, following + n) for n, row in enumerate(rows)]
    connection.execute(table.insert(), [{**blank, **row, "id": row_id} for row_id, row in zip(ids, rows, strict=True)])
    return ids


def insert_named_values(
    schema: Schema,
    connection: Connection,
    class_name: str,
    property_name: str,
    pairs: Mapping[int, Sequence[tuple[str, str]]],
) -> None:
    """Insert lists of (name, value) of a property of a class, by the ids of the objects that have them.

    Raises TypeError for a property that is no list of named values.
    """
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
    connection: Connection, statement: sa.Select[*Ts], key: sa.ColumnElement[int], ids: Iterable[int]
) -> Iterator[sa.Row[*Ts]]:
    """Yield the rows of a statement whose column `key` is one of `ids`, which may be many."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _BATCH):
        yield from connection.execute(statement.where(key.in_(ordered[start : start + _BATCH])))


def last_id(connection: Connection, table: sa.Table) -> int:
    """Return the highest id that a row of a table ever had, 0 for none: ids are not used twice."""
    statement = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return connection.execute(statement, {"name": table.name}).scalar() or 0


def _id_of(row: Mapping[str, object], following: int) -> int:
    given = row.get("id", following)
    if not isinstance(given, int):
        raise TypeError(f"{given!r} is no id")
    return given


def _blank_row(class_name: str, table: sa.Table) -> dict[str, object]:
    blank: dict[str, object] = {PERMISSIONS: PRIVATE}
    if VERSION in table.c:
        blank[VERSION] = 0
    if DISCRIMINATOR in table.c:
        blank[DISCRIMINATOR] = class_name
    return blank
