"""The pages of a query after its first one.

To know what is on a page, all rows before it have to be sorted. Therefore the sort is done once, for the keys of the
rows alone, and remembered until a table that they depend on is written; a page is then read by its keys.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from omero_desk.server.hql import ast
from omero_desk.server.hql.dependence import tables_read
from omero_desk.server.hql.scope import Scope
from omero_desk.server.hql.values import Column

KEYS: Final = "page_keys"
_NO_KEY: Final = -1  # of a table that an outer join found nothing in
_AGGREGATES: Final = frozenset({"count", "sum", "avg", "min", "max", "minindex", "maxindex"})


@dataclass(frozen=True, slots=True)
class Paging:
    """`keys` selects the keys of all rows in order, so many (`width`) a row; `rows` the rows of given keys.

    `tables` are those that the keys depend on, which are fewer than the rows depend on.
    """

    keys: sa.Select[Any]
    rows: sa.Select[Any]
    width: int
    tables: tuple[str, ...]

    def page(self, keys: array[int], first: int, most: int) -> str:
        """Return what to bind to KEYS for a page."""
        width = self.width
        span = keys[first * width : (first + most) * width]
        return json.dumps([span[start : start + width].tolist() for start in range(0, len(span), width)])


@dataclass(frozen=True, slots=True)
class ObjectPaging:
    """For objects whose collections are fetched, which a page has with all of their rows.

    `keys` selects the ids of the objects in order, an object's as often as it has rows; `rows` the rows of the objects
    with given ids, in the same order. `tables` are those that the keys depend on.
    """

    keys: sa.Select[Any]
    rows: sa.Select[Any]
    tables: tuple[str, ...]

    @staticmethod
    def page(keys: array[int], first: int, most: int | None) -> str:
        """Return what to bind to KEYS for a page."""
        return json.dumps(list(dict.fromkeys(keys))[first : None if most is None else first + most])


def object_paging(query: ast.Query, ordered: sa.Select[Any], key: Column) -> ObjectPaging | None:
    """Make the two statements of a query for objects with the id `key`; None where rows are put together."""
    if query.group_by or (query.selection is not None and query.selection.distinct):
        return None
    wanted = sa.func.json_each(sa.bindparam(KEYS, type_=sa.Text)).table_valued("value", name="page")
    keys = ordered.with_only_columns(key.label("k0"), maintain_column_froms=True)
    rows = ordered.where(key.in_(sa.select(wanted.c.value)))
    return ObjectPaging(keys, rows, tables_read(keys, query))


def is_ranked(query: ast.Query) -> bool:
    """Whether each row of an answer is one row of the tables, and stands at a place of its own."""
    selection = query.selection
    if not query.order_by or query.group_by or query.having is not None:
        return False
    return selection is None or not (selection.distinct or any(map(_aggregates, selection.items)))


def paging(scope: Scope, query: ast.Query, ordered: sa.Select[Any], columns: list[Column]) -> Paging:
    """Make the two statements of a query, of which `ordered` has the conditions and the order."""
    keys: list[Column] = []
    joined: Any = None
    rows = sa.func.json_each(sa.bindparam(KEYS, type_=sa.Text)).table_valued("key", "value", name="page")
    for table, own in scope.row_keys():
        conditions = []
        for column in own:
            conditions.append(column == sa.func.json_extract(rows.c.value, f"$[{len(keys)}]"))
            key = sa.func.coalesce(column, _NO_KEY) if table in scope.optional else column
            keys.append(key.label(f"k{len(keys)}"))
        # Left joins keep the order of what stands on their left.
        joined = (rows if joined is None else joined).outerjoin(table, sa.and_(*conditions))
    selected = sa.select(*columns).select_from(joined).order_by(rows.c.key)
    ranked = ordered.with_only_columns(*keys, maintain_column_froms=True)
    return Paging(ranked, selected, len(keys), tables_read(ranked, query))


def _aggregates(part: Any) -> bool:
    """Whether an expression counts or adds up rows; what a subselect does is its own."""
    if isinstance(part, ast.Query):
        return False
    if isinstance(part, ast.Call) and part.name in _AGGREGATES:
        return True
    if isinstance(part, tuple):
        return any(map(_aggregates, part))
    return any(_aggregates(getattr(part, name)) for name in getattr(part, "__dataclass_fields__", ()))
