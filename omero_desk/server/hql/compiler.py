"""Compile a parsed query to one SQL statement and the readers of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from omero_desk.server.database.model import Collection, NamedValues
from omero_desk.server.hql import ast
from omero_desk.server.hql.columns import Column, Statement
from omero_desk.server.hql.dependence import tables_read
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.expressions import Expressions
from omero_desk.server.hql.paging import ObjectPaging, Paging, is_ranked, object_paging, paging
from omero_desk.server.hql.parameters import FIRST, MOST
from omero_desk.server.hql.paths import loadable_table, node_value, start, table_of
from omero_desk.server.hql.readers import Columns, EntityReader, Reader, reader_of
from omero_desk.server.hql.scope import QueryScope, World
from omero_desk.server.hql.values import CollectionValue, EntityValue, PermissionsValue, Value, column_of

PERMISSIONS_SUFFIX = "_details_permissions"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A compiled query.

    `names` are the keys of `new map(...)`, None for other queries. `parameters` are the names of the parameters used.
    `pages_objects` is true where a collection is fetched: an object then takes several rows, so that a page is cut
    from the distinct objects after reading, as Hibernate does. `tables` are those that the answer depends on.
    """

    statement: Statement
    readers: tuple[Reader, ...]
    names: tuple[str, ...] | None
    parameters: frozenset[str]
    pages_objects: bool
    paging: Paging | None
    object_paging: ObjectPaging | None
    tables: tuple[str, ...]

    @property
    def selects_objects(self) -> bool:
        """True if every row is one object."""
        return self.names is None and len(self.readers) == 1 and isinstance(self.readers[0], EntityReader)


def compile_query(world: World, query: ast.Query, lists: frozenset[str]) -> Plan:
    """Compile a query; `lists` are the names of the parameters whose values are lists.

    Raises IllegalQueryError for a query that breaks HQL's rules or names something that the model lacks,
    UnsupportedError for HQL that this server does not answer.
    """
    compiler = _QueryCompiler(world, None, lists, query)
    return compiler.plan()


class _QueryCompiler:
    """Compiles one query or subselect."""

    def __init__(self, world: World, outer: QueryScope | None, lists: frozenset[str], query: ast.Query) -> None:
        self._query = query
        self._lists = lists
        self._scope = QueryScope(world, outer)
        self._expressions = Expressions(self._scope, lists, self._subselect)
        for source in query.sources:
            self._add(source)

    def plan(self) -> Plan:
        """Compile as the outermost query."""
        items = list(self._items())
        self._check_fetches(items)
        columns = Columns()
        readers = tuple(reader_of(value, columns) for value in self._loadable(items))
        paged_in_memory = any(isinstance(node.step, Collection | NamedValues) for node in self._scope.fetches)
        selected = columns.labelled()
        statement = self._select(selected)
        pages = None
        if not paged_in_memory:
            pages = paging(self._scope, self._query, statement, selected) if is_ranked(self._query) else None
            statement = statement.limit(sa.bindparam(MOST, type_=sa.Integer))
            statement = statement.offset(sa.bindparam(FIRST, type_=sa.Integer))
        selection = self._query.selection
        return Plan(
            statement=statement,
            readers=readers,
            names=tuple(_names(selection)) if selection and selection.as_map else None,
            parameters=frozenset(part.name for part in ast.walk(self._query) if isinstance(part, ast.Parameter)),
            pages_objects=paged_in_memory,
            paging=pages,
            object_paging=self._object_paging(statement, items) if paged_in_memory else None,
            tables=tables_read(statement, self._query),
        )

    def _object_paging(self, statement: Statement, items: list[Value]) -> ObjectPaging | None:
        node = items[0].node if len(items) == 1 and isinstance(items[0], EntityValue) else None
        if node is None or node.table in self._scope.optional:
            return None
        return object_paging(self._query, statement, node.id)

    def subselect(self) -> tuple[Statement, Value]:
        """Compile as a subselect; return its statement and the first value that it selects."""
        if self._scope.fetches:
            raise IllegalQueryError("fetch is not allowed in a subselect")
        if self._query.selection is not None and self._query.selection.as_map:
            raise UnsupportedError("new map in a subselect")
        values = list(self._items())
        columns = [column_of(value) for value in values]
        select = self._select(columns).correlate(*self._scope.outer_tables())
        return select, values[0]

    def _add(self, source: ast.EntitySource | ast.Join) -> None:
        if isinstance(source, ast.EntitySource):
            self._scope.add_source(source)
            return
        owner, names = start(self._scope, source.path.names)
        if owner is None or not names:
            raise IllegalQueryError(f"cannot join {source.path}")
        node = self._scope.add_join(owner if source.fetch else self._scope.unguarded(owner), names, source)
        if source.condition is not None:
            if source.fetch:
                raise IllegalQueryError("with-clause not allowed on fetched associations")
            self._scope.restrict(node, self._expressions.condition(source.condition))

    def _subselect(self, query: ast.Query, outer: QueryScope) -> tuple[Statement, Value]:
        return _QueryCompiler(self._scope.world, outer, self._lists, query).subselect()

    def _items(self) -> Iterator[Value]:
        selection = self._query.selection
        if selection is None:
            yield from map(node_value, self._scope.roots)
            return
        for item in selection.items:
            value = self._expressions.value(item.expression)
            if selection.as_map and (item.name or "").endswith(PERMISSIONS_SUFFIX):
                if not isinstance(value, EntityValue):
                    raise IllegalQueryError(f"{item.name} must be an object")
                value = PermissionsValue(table_of(self._scope, value))
            yield value

    def _loadable(self, items: list[Value]) -> Iterator[Value]:
        """Yield the selected values, with the tables of objects and members joined that only a path leads to."""
        for value in items:
            if isinstance(value, EntityValue) and value.node is None:
                yield node_value(loadable_table(self._scope, value))
            elif isinstance(value, CollectionValue):
                yield node_value(self._scope.add_step(value.node, value.collection.name, None))
            else:
                yield value

    def _check_fetches(self, items: list[Value]) -> None:
        loaded = {value.node for value in items if isinstance(value, EntityValue)}
        for node in self._scope.fetches:
            if node.parent not in loaded:
                raise IllegalQueryError(
                    "query specified join fetching, but the owner of the fetched association was not present "
                    "in the select list"
                )
            loaded.add(node)

    def _select(self, columns: list[Column]) -> Statement:
        query, scope = self._query, self._scope
        where = () if query.where is None else (self._expressions.condition(query.where),)
        groups = [self._expressions.column(each) for each in query.group_by]
        having = () if query.having is None else (self._expressions.condition(query.having),)
        orders = [self._order(each) for each in query.order_by]
        select = sa.select(*columns).select_from(*scope.trees).where(*scope.conditions, *where)
        if query.selection is not None and query.selection.distinct:
            select = select.distinct()
        return select.group_by(*groups).having(*having).order_by(*orders)

    def _order(self, order: ast.Order) -> Column:
        """Return a term of ORDER BY. Nulls sort as in PostgreSQL: last, or first when descending."""
        column = self._expressions.column(self._selected(order.expression))
        nullable = _may_be_null(column, self._scope.optional)
        if order.descending:
            return column.desc().nulls_first() if nullable else column.desc()
        return column.asc().nulls_last() if nullable else column.asc()

    def _selected(self, expression: ast.Expression) -> ast.Expression:
        """Return the expression that an order term names by its alias in the select clause, else the term itself."""
        selection = self._query.selection
        if selection is not None and isinstance(expression, ast.Path) and len(expression.names) == 1:
            for item in selection.items:
                if item.name == expression.names[0]:
                    return item.expression
        return expression


def _names(selection: ast.Selection) -> Iterator[str]:
    """Yield the keys of `new map(...)`: an item without a name has its position as key, as in Hibernate."""
    for position, item in enumerate(selection.items):
        yield item.name or str(position)


def _may_be_null(column: Column, optional: set[sa.FromClause]) -> bool:
    if isinstance(column, sa.Function) and column.name == "lower":
        return any(_may_be_null(each, optional) for each in column.clauses)
    if isinstance(column, sa.Column):
        return bool(column.nullable) or column.table in optional
    return True
