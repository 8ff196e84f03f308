"""Figures for SQLite's query planner (the table sqlite_stat1), written into every new library.

Without them the planner takes an index on groups for as selective as one on filesets, and a namespace, which all
ratings share, for as selective as the images that somebody asks about. The figures are those of a library of a million
images. They are never counted, so that a query has the same plan in every library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.schema import DETAILS, Schema

_ROWS: Final = 1_000_000  # of every table
_SHARED: Final = 200_000  # rows that refer to the same group, owner, event or enumeration
_OWN: Final = 10  # rows that refer to the same object of another class
_OF_A_RUN: Final = 1_000  # well samples of the same plate acquisition
_NAMESPACE: Final = "ns"


def seed(schema: Schema, connection: Connection) -> None:
    """Write the figures of every index into a new library."""
    connection.exec_driver_sql("ANALYZE")
    _write(connection, _figures(schema))


def renew(schema: Schema, connection: Connection) -> None:
    """Write the figures anew into a library that has those of another version."""
    figures = set(_figures(schema))
    if figures != {tuple(row) for row in connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1")}:
        _write(connection, figures)


def _write(connection: Connection, figures: Iterable[tuple[str, str, str]]) -> None:
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    rows = [{"tbl": table, "idx": index, "stat": stat} for table, index, stat in figures]
    connection.execute(sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"), rows)
    connection.exec_driver_sql("ANALYZE sqlite_schema")


def _figures(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """Yield (tbl, idx, stat) for sqlite_stat1: `stat` is the number of rows, then of rows with equal first columns."""
    crowded = {schema.table(name).name for name in set(DETAILS.values()) - {"ExternalInfo"}}
    crowded |= {schema.table(found.name).name for found in schema.model.values() if found.is_enum}
    for table in schema.tables():
        if table.name in crowded:
            continue
        for index in table.indexes:
            first, *others = index.expressions
            shared = _OWN
            if isinstance(first, sa.Column):
                targets = {key.column.table.name for key in first.foreign_keys}
                is_shared = first.name == _NAMESPACE or targets & crowded
                shared = _SHARED if is_shared else _OF_A_RUN if "plate_acquisition" in targets else _OWN
            figures = [shared] + [min(shared, _OWN)] * len(others)
            yield table.name, str(index.name), " ".join(map(str, [_ROWS, *figures]))
