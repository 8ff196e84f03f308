"""Resolve paths of names: `image.details.owner.id`, `an.class`, `name`, `TagAnnotation`."""

from __future__ import annotations

from sqlalchemy import literal

from omero_desk.server.database.model import Collection, NamedValues, Quantity, Relation, Scalar
from omero_desk.server.database.schema import DISCRIMINATOR, ID, PERMISSIONS, VERSION
from omero_desk.server.hql import members
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.scope import QueryScope, TableNode
from omero_desk.server.hql.values import (
    ClassValue,
    CollectionValue,
    EntityValue,
    PairValue,
    PermissionsValue,
    QuantityValue,
    ScalarValue,
    Value,
)


def resolve(scope: QueryScope, names: tuple[str, ...]) -> Value:
    """Return the value that a path stands for, with the tables joined that it passes through.

    A path that begins with no alias and no property is the name of a class. Raises IllegalQueryError for a name that
    nothing has.
    """
    owner, rest = start(scope, names)
    if owner is None:
        return _class_literal(scope, ".".join(names))
    value = node_value(scope.unguarded(owner) if rest and rest != (ID,) else owner)
    for position, name in enumerate(rest):
        if name == "details":
            continue
        value = _step(scope, value, name, in_details=position > 0 and rest[position - 1] == "details")
    if rest and rest[-1] == "details":
        raise UnsupportedError("details as a value; name one of its parts")
    return value


def start(scope: QueryScope, names: tuple[str, ...]) -> tuple[TableNode | None, tuple[str, ...]]:
    """Return the table that a path starts from, None for one that starts from none, and the names that follow."""
    found = scope.find(names[0])
    if found is not None:
        node, quantity = found
        return node, quantity + names[1:]
    return scope.holding(names[0]), names


def node_value(node: TableNode) -> Value:
    """Return the value that the alias of a table stands for."""
    if node.model_class is None:
        return PairValue(node)
    return EntityValue(node.id, node.model_class, node)


def _class_literal(scope: QueryScope, name: str) -> ClassValue:
    try:
        return ClassValue(literal(scope.world.schema.model.resolve(name).name))
    except KeyError:
        raise IllegalQueryError(f"could not resolve property or alias: {name}") from None


def _step(scope: QueryScope, value: Value, name: str, in_details: bool) -> Value:
    match value:
        case EntityValue():
            return _entity_step(scope, value, name, in_details)
        case QuantityValue():
            return _quantity_step(value, name)
        case PairValue(node=node) if node.has(name):
            return ScalarValue(node.column(name), "rstring")
        case PermissionsValue(node=node) if name == "perm1":
            return ScalarValue(node.column(PERMISSIONS), "rlong")
        case CollectionValue() if name == "size":
            return members.size(scope, value)
        case CollectionValue(collection=collection):
            raise IllegalQueryError(f"illegal attempt to dereference collection: {collection.name}")
        case _:
            raise IllegalQueryError(f"could not resolve property: {name}")


def _entity_step(scope: QueryScope, value: EntityValue, name: str, in_details: bool) -> Value:
    if name == ID and not in_details:
        return ScalarValue(value.column, "rlong")
    node = table_of(scope, value)
    if in_details:
        return _details_step(node, name)
    if name == "class":
        return class_of(node)
    if name == VERSION and node.entity.has_version:
        return ScalarValue(node.column(VERSION), "rint")
    return _property_value(node, name)


def table_of(scope: QueryScope, value: EntityValue) -> TableNode:
    """Return the table of an object, which is joined if it was not yet."""
    if value.node is not None:
        return value.node
    if value.origin is None:
        raise UnsupportedError("the properties of a computed object")
    owner, relation = value.origin
    return scope.implicit(owner, relation)


def loadable_table(scope: QueryScope, value: EntityValue) -> TableNode:
    """Return the table of an object that is selected, joined for it."""
    if value.node is not None:
        return value.node
    if value.origin is None:
        raise UnsupportedError("the properties of a computed object")
    return scope.loadable(*value.origin)


def class_of(node: TableNode) -> ClassValue:
    """Return the class of the objects of a table: its discriminator, or the one class that it has."""
    if DISCRIMINATOR in node.table.c:
        return ClassValue(node.column(DISCRIMINATOR))
    return ClassValue(literal(node.entity.name))


def _details_step(node: TableNode, name: str) -> Value:
    if name == "permissions":
        return PermissionsValue(node)
    return _reference(node, node.details_relation(name))


def _reference(node: TableNode, relation: Relation) -> EntityValue:
    target = node.scope.world.schema.model[relation.target]
    return EntityValue(node.reference(relation), target, None, (node, relation))


def _property_value(node: TableNode, name: str) -> Value:
    schema = node.scope.world.schema
    found = node.property(name)
    match found:
        case Scalar():
            return ScalarValue(schema.column(node.table, found), found.rtype)
        case Quantity():
            unit = schema.unit_column(node.table, found)
            return QuantityValue(schema.column(node.table, found), unit, found.unit_class)
        case Relation():
            return _reference(node, found)
        case Collection() | NamedValues():
            return CollectionValue(node, found)
        case _:
            raise UnsupportedError(f"{node.entity.name}.{name} in an expression")


def _quantity_step(value: QuantityValue, name: str) -> Value:
    if name == "value":
        return ScalarValue(value.column, "rdouble")
    if name == "unit":
        return ScalarValue(value.unit, "rstring")
    raise IllegalQueryError(f"could not resolve property: {name}")
