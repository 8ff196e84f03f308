"""What an expression of a query stands for: columns of SQL, and what they mean in OMERO's model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement

from omero_desk.server.database.model import Collection, ModelClass, NamedValues, Relation
from omero_desk.server.hql.errors import UnsupportedError

if TYPE_CHECKING:
    from omero_desk.server.hql.scope import Node

Column: TypeAlias = ColumnElement[Any]


@dataclass(frozen=True, slots=True, eq=False)
class ScalarValue:
    """A plain value, named by the function of `omero.rtypes` that wraps it; None where nothing tells."""

    column: Column
    rtype: str | None


@dataclass(frozen=True, slots=True, eq=False)
class EntityValue:
    """An object: the column of its id, and its table or else the reference that leads to it."""

    column: Column
    model_class: ModelClass
    node: Node | None = None
    origin: tuple[Node, Relation] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class QuantityValue:
    """A number and the column of its unit."""

    column: Column
    unit: Column
    unit_class: str


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue:
    """The class of an object: a column, or one class by name."""

    column: Column


@dataclass(frozen=True, slots=True, eq=False)
class PermissionsValue:
    """The permissions of a joined object, for the caller."""

    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class PairValue:
    """One element of a list of name and value."""

    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class CollectionValue:
    """All members of a collection of a joined object."""

    node: Node
    collection: Collection | NamedValues


Value: TypeAlias = (
    ScalarValue | EntityValue | QuantityValue | ClassValue | PermissionsValue | PairValue | CollectionValue
)


def column_of(value: Value) -> Column:
    """The one column by which a value is compared; UnsupportedError where there is none."""
    match value:
        case PermissionsValue() | PairValue() | CollectionValue():
            raise UnsupportedError("permissions, pairs or collections inside an expression")
        case _:
            return value.column


def replaced(value: Value, column: Column) -> Value:
    """The same kind of value from another column."""
    match value:
        case EntityValue(model_class=model_class):
            return EntityValue(column, model_class)
        case ClassValue():
            return ClassValue(column)
        case QuantityValue():
            return ScalarValue(column, "rdouble")
        case ScalarValue(rtype=rtype):
            return ScalarValue(column, rtype)
        case _:
            raise UnsupportedError("permissions, pairs or collections inside an expression")
