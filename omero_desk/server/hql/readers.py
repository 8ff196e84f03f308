"""Readers, which make OMERO's values of the columns of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import omero
import omero.model
from omero import rtypes

from omero_desk.server.database.model import Collection
from omero_desk.server.database.schema import DISCRIMINATOR, PERMISSIONS
from omero_desk.server.hql.columns import Column, Row
from omero_desk.server.hql.errors import UnsupportedError
from omero_desk.server.hql.graph import ResultGraph
from omero_desk.server.hql.scope import DETAILS_PREFIX, TableNode
from omero_desk.server.hql.values import (
    ClassValue,
    EntityValue,
    PairValue,
    PermissionsValue,
    QuantityValue,
    ScalarValue,
    Value,
)

Reader: TypeAlias = Callable[[Row, ResultGraph], omero.RType | None]

WRAPPERS: Final[Mapping[str, Callable[[Any], omero.RType | None]]] = {
    "rstring": rtypes.RStringI,
    "rint": lambda value: rtypes.RIntI(int(value)),
    "rlong": lambda value: rtypes.RLongI(int(value)),
    "rfloat": lambda value: rtypes.RFloatI(float(value)),
    "rdouble": lambda value: rtypes.RDoubleI(float(value)),
    "rbool": lambda value: rtypes.rbool(bool(value)),
    "rtime": lambda value: rtypes.RTimeI(int(value)),
}
"""Makes the RType of a name of a value that is not null."""


class Columns:
    """The columns that a statement selects; readers find theirs by position."""

    def __init__(self) -> None:
        self._columns: list[Column] = []

    def add(self, column: Column) -> int:
        """Select one more column; return its position."""
        self._columns.append(column)
        return len(self._columns) - 1

    def extend(self, columns: Iterable[Column]) -> int:
        """Select more columns; return the position of the first."""
        position = len(self._columns)
        self._columns.extend(columns)
        return position

    def labelled(self) -> list[Column]:
        """Return all columns, each with a label of its own."""
        return [column.label(f"c{position}") for position, column in enumerate(self._columns)]


def reader_of(value: Value, columns: Columns) -> Reader:
    """Add the columns that a value needs and return its reader.

    Raises UnsupportedError for a name-value pair and for a collection.
    """
    match value:
        case ScalarValue(column=column, rtype=rtype):
            return _scalar_reader(columns.add(column), rtype)
        case QuantityValue():
            return _quantity_reader(value, columns)
        case ClassValue(column=column):
            return _class_reader(columns.add(column))
        case PermissionsValue(node=node):
            return PermissionsReader(node, columns)
        case EntityValue(node=TableNode() as node):
            return EntityReader(node, columns)
        case PairValue():
            raise UnsupportedError("a name-value pair as a whole; select its name and value")
        case _:
            raise UnsupportedError("a collection in the select clause")


def _scalar_reader(position: int, rtype: str | None) -> Reader:
    wrap = WRAPPERS[rtype] if rtype is not None else rtypes.rtype

    def read(row: Row, _graph: ResultGraph) -> omero.RType | None:
        value = row[position]
        return None if value is None else wrap(value)

    return read


def _quantity_reader(value: QuantityValue, columns: Columns) -> Reader:
    position, unit_position = columns.add(value.column), columns.add(value.unit)
    lookup: Callable[[str], str] = vars(omero.model)[value.unit_class + "I"].lookupSymbol

    def read(row: Row, _graph: ResultGraph) -> omero.RType | None:
        number, unit = row[position], row[unit_position]
        if number is None:
            return None
        return rtypes.rmap(
            {"value": rtypes.rdouble(number), "unit": rtypes.rstring(unit), "symbol": rtypes.rstring(lookup(unit))}
        )

    return read


def _class_reader(position: int) -> Reader:
    def read(row: Row, graph: ResultGraph) -> omero.RType | None:
        name = row[position]
        return None if name is None else rtypes.rclass(graph.model[name].java_name)

    return read


class PermissionsReader:
    """Reads a row's permissions for the caller as a map: `perm` is their text, `canEdit` and others are flags."""

    def __init__(self, node: TableNode, columns: Columns) -> None:
        self._class_name = node.entity.name
        self._discriminator = _optional(node, columns, DISCRIMINATOR)
        self._permissions = columns.add(node.column(PERMISSIONS))
        has_owner = node.entity.has_details
        self._owner = columns.add(node.column("owner_id")) if has_owner else None
        self._group = columns.add(node.column("group_id")) if has_owner else None
        self._mimetype = columns.add(node.column("mimetype")) if node.entity.root == "OriginalFile" else None

    def __call__(self, row: Row, graph: ResultGraph) -> omero.RMap | None:
        """Return the RMap of a row; None where an outer join found no object."""
        permissions = row[self._permissions]
        if permissions is None:
            return None
        return graph.permissions(
            self._class_name if self._discriminator is None else row[self._discriminator],
            None if self._group is None else row[self._group],
            None if self._owner is None else row[self._owner],
            permissions,
            self._mimetype is not None and row[self._mimetype] == "Directory",
        )


class EntityReader:
    """Reads an object with what was fetched with it; what was not fetched stays unloaded."""

    def __init__(self, node: TableNode, columns: Columns) -> None:
        world = node.scope.world
        self._class_name = node.entity.name
        self._root = node.entity.root
        self._offset = columns.extend(world.hydrator.columns(node.table))
        self._visible = _visible_position(node, columns)
        self._fetched = [
            _FetchReader(name, child, columns) for name, child in node.children.items() if child.model_class
        ]

    def __call__(self, row: Row, graph: ResultGraph) -> omero.RObject | None:
        """Return the object of a row as an RObject."""
        loaded = self.load(row, graph)
        return None if loaded is None else rtypes.robject(loaded)

    def load(self, row: Row, graph: ResultGraph) -> omero.model.IObject | None:
        """Return the object of a row, the same one for all of its rows; None where an outer join found none.

        Raises omero.SecurityViolation for a relation's object that the caller may not see.
        """
        found = graph.load(self._root, self._class_name, row, self._offset)
        if found is not None:
            if self._visible is not None and not row[self._visible]:
                raise omero.SecurityViolation(None, None, f"Cannot read {_java_name(found, graph)}:Id_{found.id.val}")
            for each in self._fetched:
                each.put(found, row, graph)
        return found


class _FetchReader:
    """Reads what a fetch join adds to an object: the object of a relation, or one member of a collection."""

    def __init__(self, name: str, node: TableNode, columns: Columns) -> None:
        self._name = name.removeprefix(DETAILS_PREFIX)
        self._in_details = name.startswith(DETAILS_PREFIX)
        self._reader = EntityReader(node, columns)
        self._is_member = isinstance(node.step, Collection)
        self._index: int | None = None
        if isinstance(node.step, Collection) and node.step.ordered:
            self._index = columns.add(node.scope.world.schema.index_column(node.table, node.step))

    def put(self, owner: omero.model.IObject, row: Row, graph: ResultGraph) -> None:
        """Set on the owner what a row fetched for it."""
        found = self._reader.load(row, graph)
        if self._is_member:
            graph.add_member(owner, self._name, found, None if self._index is None else row[self._index])
        else:
            setattr(owner._details if self._in_details else owner, "_" + self._name, found)


def _java_name(found: omero.model.IObject, graph: ResultGraph) -> str:
    return graph.model[type(found).__name__.removesuffix("I")].java_name


def _optional(node: TableNode, columns: Columns, name: str) -> int | None:
    return columns.add(node.column(name)) if name in node.table.c else None


def _visible_position(node: TableNode, columns: Columns) -> int | None:
    """Return the position of the guard of a table, None for a table without hidden rows.

    OMERO does not leave out an object that a relation leads to, it refuses to load it.
    """
    return None if node.guard is None else columns.add(node.guard)
