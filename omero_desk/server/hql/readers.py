"""Readers: what makes OMERO's values of the columns of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import omero
from omero import rtypes

from omero_desk.server.database.model import Collection, Relation
from omero_desk.server.database.schema import DISCRIMINATOR, PERMISSIONS
from omero_desk.server.hql.errors import UnsupportedError
from omero_desk.server.hql.graph import Graph
from omero_desk.server.hql.scope import DETAILS_PREFIX, Node
from omero_desk.server.hql.values import (
    ClassValue,
    Column,
    EntityValue,
    PairValue,
    PermissionsValue,
    QuantityValue,
    ScalarValue,
    Value,
)

Row: TypeAlias = Sequence[Any]
Reader: TypeAlias = Callable[[Row, Graph], Any]

WRAPPERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "rstring": rtypes.RStringI,
    "rint": lambda value: rtypes.RIntI(int(value)),
    "rlong": lambda value: rtypes.RLongI(int(value)),
    "rfloat": lambda value: rtypes.RFloatI(float(value)),
    "rdouble": lambda value: rtypes.RDoubleI(float(value)),
    "rbool": lambda value: rtypes.rbool(bool(value)),
    "rtime": lambda value: rtypes.RTimeI(int(value)),
}
"""How a value that is not null becomes the RType of its name."""


class Columns:
    """The columns that a statement selects, found again by position."""

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
        """All columns, each under a name of its own."""
        return [column.label(f"c{position}") for position, column in enumerate(self._columns)]


def reader_of(value: Value, columns: Columns) -> Reader:
    """Select what a value needs and return its reader."""
    match value:
        case ScalarValue(column=column, rtype=rtype):
            return _scalar_reader(columns.add(column), rtype)
        case QuantityValue():
            return _quantity_reader(value, columns)
        case ClassValue(column=column):
            return _class_reader(columns.add(column))
        case PermissionsValue(node=node):
            return PermissionsReader(node, columns)
        case EntityValue(node=Node() as node):
            return EntityReader(node, columns)
        case PairValue():
            raise UnsupportedError("a name-value pair as a whole; select its name and value")
        case _:
            raise UnsupportedError("a collection in the select clause")


def _scalar_reader(position: int, rtype: str | None) -> Reader:
    wrap = WRAPPERS[rtype] if rtype is not None else rtypes.rtype

    def read(row: Row, _graph: Graph) -> Any:
        value = row[position]
        return None if value is None else wrap(value)

    return read


def _quantity_reader(value: QuantityValue, columns: Columns) -> Reader:
    position, unit_position = columns.add(value.column), columns.add(value.unit)
    lookup = vars(omero.model)[value.unit_class + "I"].lookupSymbol

    def read(row: Row, _graph: Graph) -> Any:
        number, unit = row[position], row[unit_position]
        if number is None:
            return None
        return rtypes.rmap(
            {"value": rtypes.rdouble(number), "unit": rtypes.rstring(unit), "symbol": rtypes.rstring(lookup(unit))}
        )

    return read


def _class_reader(position: int) -> Reader:
    def read(row: Row, graph: Graph) -> Any:
        name = row[position]
        return None if name is None else rtypes.rclass(graph.model[name].java_name)

    return read


class PermissionsReader:
    """Reads the permissions of a row for the caller: a map of the string and of what is allowed."""

    def __init__(self, node: Node, columns: Columns) -> None:
        self._class_name = node.entity.name
        self._discriminator = _optional(node, columns, DISCRIMINATOR)
        self._permissions = columns.add(node.column(PERMISSIONS))
        has_owner = node.entity.has_details
        self._owner = columns.add(node.column("owner_id")) if has_owner else None
        self._group = columns.add(node.column("group_id")) if has_owner else None
        self._mimetype = columns.add(node.column("mimetype")) if node.entity.root == "OriginalFile" else None

    def __call__(self, row: Row, graph: Graph) -> Any:
        """Return the RMap of a row, None where an outer join found none."""
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
    """Reads an object with what was fetched with it; the rest stays unloaded."""

    def __init__(self, node: Node, columns: Columns) -> None:
        world = node.scope.world
        self._class_name = node.entity.name
        self._root = node.entity.root
        self._offset = columns.extend(world.hydrator.columns(node.table))
        self._visible = _visible_position(node, columns)
        self._fetched = [
            _FetchReader(name, child, columns) for name, child in node.children.items() if child.model_class
        ]

    def __call__(self, row: Row, graph: Graph) -> Any:
        """Return the object of a row as an RObject."""
        loaded = self.load(row, graph)
        return None if loaded is None else rtypes.robject(loaded)

    def load(self, row: Row, graph: Graph) -> Any:
        """Return the object of a row, the same one each time; None where an outer join found none."""
        found = graph.load(self._root, self._class_name, row, self._offset)
        if found is not None:
            if self._visible is not None and not row[self._visible]:
                raise omero.SecurityViolation(None, None, f"Cannot read {_java_name(found, graph)}:Id_{found.id.val}")
            for each in self._fetched:
                each.put(found, row, graph)
        return found


class _FetchReader:
    """Reads what a fetch join adds to an object: the object of a relation, or one member of a collection."""

    def __init__(self, name: str, node: Node, columns: Columns) -> None:
        self._name = name.removeprefix(DETAILS_PREFIX)
        self._in_details = name.startswith(DETAILS_PREFIX)
        self._reader = EntityReader(node, columns)
        self._is_member = isinstance(node.step, Collection)
        self._index: int | None = None
        if isinstance(node.step, Collection) and node.step.ordered:
            self._index = columns.add(node.scope.world.schema.index_column(node.table, node.step))

    def put(self, owner: Any, row: Row, graph: Graph) -> None:
        """Give the owner what this row has for it."""
        found = self._reader.load(row, graph)
        if self._is_member:
            graph.add_member(owner, self._name, found, None if self._index is None else row[self._index])
        else:
            setattr(owner._details if self._in_details else owner, "_" + self._name, found)


def _java_name(found: Any, graph: Graph) -> str:
    return graph.model[type(found).__name__.removesuffix("I")].java_name


def _optional(node: Node, columns: Columns, name: str) -> int | None:
    return columns.add(node.column(name)) if name in node.table.c else None


def _visible_position(node: Node, columns: Columns) -> int | None:
    """OMERO does not filter what a relation leads to; it refuses to load what the caller must not see."""
    if not isinstance(node.step, Relation) or not node.entity.has_details:
        return None
    visible = node.scope.world.visible(node)
    return None if visible is None else columns.add(visible)
