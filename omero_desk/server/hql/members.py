"""The members of a collection: which they are, how many, and where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from omero_desk.server.database.model import Collection, NamedValues
from omero_desk.server.hql.errors import IllegalQueryError
from omero_desk.server.hql.scope import Node, Scope
from omero_desk.server.hql.values import CollectionValue, Column, ScalarValue, Value


def select_members(scope: Scope, collection: Value, what: Callable[[Node], Column]) -> sa.Select[Any]:
    """Select something of every member that the caller may see of the collection of an object in `scope`."""
    if not isinstance(collection, CollectionValue):
        raise IllegalQueryError("a collection is expected")
    inner = Scope(scope.world, scope)
    member = inner.add_step(collection.node, collection.collection.name, None)
    selected = sa.select(what(member)).select_from(*inner.trees).where(*inner.conditions)
    return selected.correlate(*inner.outer_tables())


def size(scope: Scope, collection: Value) -> ScalarValue:
    """The number of members that the caller may see."""
    counted = select_members(scope, collection, lambda _: sa.func.count())
    return ScalarValue(counted.scalar_subquery(), "rint")


def position(member: Node) -> Column:
    """The column of a member's position in its ordered collection."""
    match member.step:
        case Collection(ordered=True) as collection:
            column: Column = member.scope.world.schema.index_column(member.table, collection)
            return column
        case NamedValues():
            return member.column("position")
        case _:
            raise IllegalQueryError("index() of what is not an element of an ordered collection")
