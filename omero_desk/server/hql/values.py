"""The values of expressions: columns of SQL, with their meaning in OMERO's model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from omero_desk.server.database.model import Collection, ModelClass, NamedValues, Relation
from omero_desk.server.hql.columns import Column
from omero_desk.server.hql.errors import UnsupportedError

if TYPE_CHECKING:
    from omero_desk.server.hql.scope import TableNode


@dataclass(frozen=True, slots=True, eq=False)
class ScalarValue:
    """A plain value; `rtype` names the function of omero.rtypes that wraps it, None where its type is not known."""

    column: Column
    rtype: str | None


@dataclass(frozen=True, slots=True, eq=False)
class EntityValue:
    """An object: the column of its id, and its table or else the relation (`origin`) by which the table is joined."""

    column: Column
    model_class: ModelClass
    node: TableNode | None = None
    origin: tuple[TableNode, Relation] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class QuantityValue:
    """A number and the column of its unit."""

    column: Column
    unit: Column
    unit_class: str


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue:
    """The class of an object: a column of class names, or one name."""

    column: Column


@dataclass(frozen=True, slots=True, eq=False)
class PermissionsValue:
    """The permissions of a joined object for the caller."""

    node: TableNode


@dataclass(frozen=True, slots=True, eq=False)
class PairValue:
    """One name-value pair of a list of named values."""

    node: TableNode


@dataclass(frozen=True, slots=True, eq=False)
class CollectionValue:
    """All members of a collection of a joined object."""

    node: TableNode
    collection: Collection | NamedValues


Value: TypeAlias = (
    ScalarValue | EntityValue | QuantityValue | ClassValue | PermissionsValue | PairValue | CollectionValue
)


def column_of(value: Value) -> Column:
    """Return the one column by which a value is compared; raises UnsupportedError where there is none."""
    match value:
        case PermissionsValue() | PairValue() | CollectionValue():
            raise UnsupportedError("permissions, pairs or collections inside an expression")
        case _:
            return value.column


def replaced(value: Value, column: Column) -> Value:
    """Return a value of the same kind from another column; raises UnsupportedError for one without a column."""
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
