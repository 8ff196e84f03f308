"""The members of a collection in SQL: subselects of them, their number and their positions."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from omero_desk.server.database.model import Collection, NamedValues
from omero_desk.server.hql.columns import Column, Statement
from omero_desk.server.hql.errors import IllegalQueryError
from omero_desk.server.hql.scope import QueryScope, TableNode
from omero_desk.server.hql.values import CollectionValue, ScalarValue, Value


def select_members(scope: QueryScope, collection: Value, what: Callable[[TableNode], Column]) -> Statement:
    """Return a subselect in `scope` of the column `what(member)` of each member that the caller may see.

    Raises IllegalQueryError for a value that is no collection.
    """
    if not isinstance(collection, CollectionValue):
        raise IllegalQueryError("a collection is expected")
    inner = QueryScope(scope.world, scope)
    member = inner.add_step(collection.node, collection.collection.name, None)
    selected = sa.select(what(member)).select_from(*inner.trees).where(*inner.conditions)
    return selected.correlate(*inner.outer_tables())


def size(scope: QueryScope, collection: Value) -> ScalarValue:
    """Return the number of members that the caller may see, as a subselect."""
    counted = select_members(scope, collection, lambda _: sa.func.count())
    return ScalarValue(counted.scalar_subquery(), "rint")


def position(member: TableNode) -> Column:
    """Return the column of a member's position, counted from 0, in its collection.

    Raises IllegalQueryError for a table that is not joined as an ordered collection.
    """
    match member.step:
        case Collection(ordered=True) as collection:
            return member.scope.world.schema.index_column(member.table, collection)
        case NamedValues():
            return member.column("position")
        case _:
            raise IllegalQueryError("index() of what is not an element of an ordered collection")
