"""Readers: what makes OMERO's values of the columns of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import omero
import sqlalchemy as sa
from omero import rtypes

from omero_desk.server.hql.errors import Unsupported
from omero_desk.server.hql.graph import Access, Graph
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
from omero_desk.server.model import (
    Binary,
    Collection,
    NamedValues,
    Property,
    Quantity,
    Relation,
    Scalar,
    Strings,
)
from omero_desk.server.schema import DETAILS, DISCRIMINATOR, ID, PERMISSIONS, VERSION, Schema

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
        case PairValue(node=node):
            return _pair_reader(node, columns)
        case _:
            raise Unsupported("a collection in the select clause")


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


def _pair_reader(node: Node, columns: Columns) -> Reader:
    """A pair alone is of a type that OMERO has no RType for; its name and value are."""
    raise Unsupported("a name-value pair as a whole; select its name and value")


class PermissionsReader:
    """Reads the permissions of a row for the caller: a map of the string and of what is allowed."""

    def __init__(self, node: Node, columns: Columns) -> None:
        self._class_name = node.entity.name
        self._details = DetailsColumns(node, columns)

    def __call__(self, row: Row, graph: Graph) -> Any:
        access = self._details.access(self._class_name, row)
        return None if access is None else graph.permissions_map(access)


class DetailsColumns:
    """Where in a row the details of an object stand."""

    def __init__(self, node: Node, columns: Columns) -> None:
        self._relations: dict[str, int] = {}
        for name in DETAILS if node.entity.has_details else ("externalInfo",):
            if name != "updateEvent" or node.entity.has_update_event:
                self._relations[name] = columns.add(Schema.details_column(node.table, name))
        self._owner = self._relations.get("owner")
        self._group = self._relations.get("group")
        self._permissions = columns.add(node.column(PERMISSIONS))
        self._mimetype = columns.add(node.column("mimetype")) if node.entity.root == "OriginalFile" else None

    def access(self, class_name: str, row: Row) -> Access | None:
        """Return what decides about permissions; None for no row."""
        permissions = row[self._permissions]
        if permissions is None:
            return None
        return Access(
            class_name,
            None if self._owner is None else row[self._owner],
            None if self._group is None else row[self._group],
            permissions,
            self._mimetype is not None and row[self._mimetype] == "Directory",
        )

    def details(self, class_name: str, row: Row, graph: Graph) -> Any:
        """Make the details of an object that is there."""
        access = self.access(class_name, row)
        if access is None:
            return None
        return graph.details(access, {name: row[position] for name, position in self._relations.items()})


class EntityReader:
    """Reads an object with what was fetched with it; the rest stays unloaded."""

    def __init__(self, node: Node, columns: Columns) -> None:
        self._schema = node.scope.world.schema
        self._node = node
        self._root = node.entity.root
        self._id = columns.add(node.id)
        self._discriminator = _optional(node, columns, DISCRIMINATOR)
        self._version = _optional(node, columns, VERSION)
        self._details = DetailsColumns(node, columns)
        self._columns = columns
        self._positions: dict[str, tuple[int, ...]] = {}
        self._children = [
            (name, child.step, EntityReader(child, columns), _index_position(self._schema, child, columns))
            for name, child in node.children.items()
            if child.model_class is not None
        ]
        self._fillers = {name: self._filler(name) for name in self._class_names()}

    def __call__(self, row: Row, graph: Graph) -> Any:
        loaded = self.load(row, graph)
        return None if loaded is None else rtypes.robject(loaded)

    def load(self, row: Row, graph: Graph) -> Any:
        """Return the object of a row, the same one each time; None where an outer join found none."""
        number = row[self._id]
        if number is None:
            return None
        class_name = self._node.entity.name if self._discriminator is None else row[self._discriminator]
        found, is_new = graph.loaded(self._root, class_name, number)
        if is_new:
            self._fill(found, class_name, row, graph)
        for name, step, reader, index in self._children:
            child = reader.load(row, graph)
            if isinstance(step, Collection):
                graph.add_member(found, name, child, None if index is None else row[index])
            elif name.startswith(DETAILS_PREFIX):
                setattr(found._details, "_" + name.removeprefix(DETAILS_PREFIX), child)
            else:
                setattr(found, "_" + name, child)
        return found

    def _class_names(self) -> Sequence[str]:
        if self._discriminator is None:
            return (self._node.entity.name,)
        return self._schema.concrete_subclasses(self._node.entity.name)

    def _fill(self, found: Any, class_name: str, row: Row, graph: Graph) -> None:
        if self._version is not None:
            found._version = rtypes.rint(row[self._version])
        found._details = self._details.details(class_name, row, graph)
        for fill in self._fillers[class_name]:
            fill(found, row, graph)
        graph.add_named_values(class_name, found)

    def _filler(self, class_name: str) -> list[Callable[[Any, Row, Graph], None]]:
        """What sets each property of an object of a class."""
        properties = self._schema.model[class_name].properties.values()
        return [fill for each in properties if (fill := self._property_filler(each)) is not None]

    def _property_filler(self, found: Property) -> Callable[[Any, Row, Graph], None] | None:
        attribute = "_" + found.name
        match found:
            case Scalar(rtype=rtype):
                return _value_filler(attribute, self._position(found), WRAPPERS[rtype])
            case Binary() | Strings():
                return _value_filler(attribute, self._position(found), lambda value: value)
            case Quantity():
                unit = self._add("unit of " + found.name, lambda: Schema.unit_column(self._node.table, found))
                return _quantity_filler(attribute, self._position(found), unit, found.unit_class)
            case Relation() if found.name not in self._node.children:
                return self._relation_filler(attribute, found)
            case Relation() | Collection() | NamedValues():
                return None

    def _relation_filler(self, attribute: str, found: Relation) -> Callable[[Any, Row, Graph], None]:
        position = self._position(found)
        target = self._schema.model[found.target]
        column = self._schema.column(self._node.table, found)
        kind = self._add(f"class of {found.name} {target.root}", lambda: _class_column(self._schema, target.name, column))

        def fill(owner: Any, row: Row, graph: Graph) -> None:
            number = row[position]
            if number is not None:
                class_name = target.name if kind < 0 else row[kind]
                setattr(owner, attribute, graph.reference(target.root, class_name, number))

        return fill

    def _position(self, found: Property) -> int:
        return self._add(found.name, lambda: self._schema.column(self._node.table, found))

    def _add(self, key: str, column: Callable[[], Any]) -> int:
        """Select a column once, however many subclasses share it; -1 where there is none."""
        if key not in self._positions:
            made = column()
            self._positions[key] = (-1 if made is None else self._columns.add(made),)
        return self._positions[key][0]


def _optional(node: Node, columns: Columns, name: str) -> int | None:
    return columns.add(node.column(name)) if name in node.table.c else None


def _index_position(schema: Schema, child: Node, columns: Columns) -> int | None:
    if isinstance(child.step, Collection) and child.step.ordered:
        return columns.add(schema.index_column(child.table, child.step))
    return None


def _class_column(schema: Schema, class_name: str, reference: Column) -> Column | None:
    """The class of an object that is only referred to, where its hierarchy has several."""
    table = schema.table(class_name).alias()
    if DISCRIMINATOR not in table.c:
        return None
    found = sa.select(table.c[DISCRIMINATOR]).where(table.c[ID] == reference)
    return found.correlate(reference.table).scalar_subquery()  # type: ignore[attr-defined]  # a table's column


def _value_filler(
    attribute: str, position: int, wrap: Callable[[Any], Any]
) -> Callable[[Any, Row, Graph], None]:
    def fill(owner: Any, row: Row, _graph: Graph) -> None:
        value = row[position]
        if value is not None:
            setattr(owner, attribute, wrap(value))

    return fill


def _quantity_filler(
    attribute: str, position: int, unit_position: int, unit_class: str
) -> Callable[[Any, Row, Graph], None]:
    make = vars(omero.model)[unit_class + "I"]

    def fill(owner: Any, row: Row, _graph: Graph) -> None:
        value = row[position]
        if value is not None:
            setattr(owner, attribute, make(value, row[unit_position]))

    return fill

