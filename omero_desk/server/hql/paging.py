"""Pages of a query, read by keys.

A page costs the sort of all rows before it. Therefore the rows are sorted once, by their keys alone. The keys are
cached until a table that they depend on is written, and every page is read by its keys.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from omero_desk.server.hql import ast
from omero_desk.server.hql.columns import Column, Statement
from omero_desk.server.hql.dependence import tables_read
from omero_desk.server.hql.scope import QueryScope

KEYS: Final = "page_keys"
_NO_KEY: Final = -1  # stands for the null of an outer join without a row
_AGGREGATES: Final = frozenset({"count", "sum", "avg", "min", "max", "minindex", "maxindex"})


@dataclass(frozen=True, slots=True)
class Paging:
    """Two statements for the pages of a query whose rows are rows of tables.

    `keys` selects the keys of all rows in order, `width` integers a row. `rows` selects the rows of the keys that are
    bound to KEYS. `tables` are those that the keys depend on, fewer than those that the rows depend on.
    """

    keys: Statement
    rows: Statement
    width: int
    tables: tuple[str, ...]

    def page(self, keys: array[int], first: int, most: int) -> str:
        """Return the text to bind to KEYS: a JSON list of the keys of each of `most` rows from row `first` on."""
        width = self.width
        span = keys[first * width : (first + most) * width]
        return json.dumps([span[start : start + width].tolist() for start in range(0, len(span), width)])


@dataclass(frozen=True, slots=True)
class ObjectPaging:
    """Two statements for the pages of a query that fetches collections, where an object takes several rows.

    `keys` selects the ids of the objects in order, each as often as the object has rows. `rows` selects all rows of
    the objects whose ids are bound to KEYS, in the same order. `tables` are those that the keys depend on.
    """

    keys: Statement
    rows: Statement
    tables: tuple[str, ...]

    @staticmethod
    def page(keys: array[int], first: int, most: int | None) -> str:
        """Return the text to bind to KEYS: a JSON list of the ids of a page of distinct objects."""
        return json.dumps(list(dict.fromkeys(keys))[first : None if most is None else first + most])


def object_paging(query: ast.Query, ordered: Statement, key: Column) -> ObjectPaging | None:
    """Return the paging of a query for objects with the id column `key`; None for grouped or distinct rows.

    `ordered` is the query's statement with its conditions and order.
    """
    if query.group_by or (query.selection is not None and query.selection.distinct):
        return None
    wanted = sa.func.json_each(sa.bindparam(KEYS, type_=sa.Text)).table_valued("value", name="page")
    keys = ordered.with_only_columns(key.label("k0"), maintain_column_froms=True)
    rows = ordered.where(key.in_(sa.select(wanted.c.value)))
    return ObjectPaging(keys, rows, tables_read(keys, query))


def is_ranked(query: ast.Query) -> bool:
    """Return whether a query can be paged by keys.

    It must be ordered, and each of its rows must be one row of its tables, neither grouped nor distinct.
    """
    selection = query.selection
    if not query.order_by or query.group_by or query.having is not None:
        return False
    return selection is None or not (selection.distinct or any(map(_aggregates, selection.items)))


def paging(scope: QueryScope, query: ast.Query, ordered: Statement, columns: list[Column]) -> Paging:
    """Return the paging of a query; `ordered` is its statement, `columns` are those that it selects."""
    keys: list[Column] = []
    joined: sa.FromClause | None = None
    rows = sa.func.json_each(sa.bindparam(KEYS, type_=sa.Text)).table_valued("key", "value", name="page")
    for table, own in scope.row_keys():
        conditions = []
        for column in own:
            conditions.append(column == sa.func.json_extract(rows.c.value, f"$[{len(keys)}]"))
            key = sa.func.coalesce(column, _NO_KEY) if table in scope.optional else column
            keys.append(key.label(f"k{len(keys)}"))
        # Left joins keep the order of what stands on their left.
        joined = (rows if joined is None else joined).outerjoin(table, sa.and_(*conditions))
    selected = sa.select(*columns).select_from(rows if joined is None else joined).order_by(rows.c.key)
    ranked = ordered.with_only_columns(*keys, maintain_column_froms=True)
    return Paging(ranked, selected, len(keys), tables_read(ranked, query))


def _aggregates(item: ast.Item) -> bool:
    """Return whether a selected item aggregates rows; what a subselect aggregates does not count."""
    parts = ast.walk(item, into_subselects=False)
    return any(isinstance(part, ast.FunctionCall) and part.name in _AGGREGATES for part in parts)
