"""Positions in ordered collections: an element that is saved without its collection is appended."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.schema import Schema
from omero_desk.server.saving.graph import GraphNode


def number_siblings(schema: Schema, connection: Connection, nodes: Iterable[GraphNode]) -> None:
    """Give new objects that have no place yet one behind those that are there."""
    following: dict[tuple[str, str, object], int] = {}
    for node in nodes:
        if node.is_new:
            table = schema.table(node.found.name)
            for name in (c.name for c in table.columns if c.name.endswith("_index")):
                _number(connection, node, table, name, following)


def _number(
    connection: Connection, node: GraphNode, table: sa.Table, name: str, following: dict[tuple[str, str, object], int]
) -> None:
    parent_column = name.removesuffix("_index") + "_id"
    parent = node.row.get(parent_column)
    if parent is None or name in node.row:
        return
    key = (table.name, name, parent)
    if key not in following:
        statement = sa.select(sa.func.max(table.c[name])).where(table.c[parent_column] == parent)
        last = connection.scalar(statement)
        following[key] = 0 if last is None else last + 1
    node.row[name] = following[key]
    following[key] += 1
