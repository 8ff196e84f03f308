"""Tables that the answer of a query depends on: while none of them is written, the answer stays valid."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from omero_desk.server.hql import ast
from omero_desk.server.hql.columns import Statement

_EVENT: Final = "event"
_EVENTS: Final = frozenset({"event", "events"})


def tables_read(statement: Statement, query: ast.Query) -> tuple[str, ...]:
    """Return the sorted names of the tables that the statement of a query reads.

    The table of events is left out unless the query selects from events. Every change inserts an event, but events
    are never updated, and a row that refers to a new event has been written itself.
    """
    names = {part.name for part in visitors.iterate(statement) if isinstance(part, sa.TableClause)}
    return tuple(sorted(names if any(map(_names_events, ast.walk(query))) else names - {_EVENT}))


def _names_events(part: object) -> bool:
    """Return whether a part of a query names events, by their class or as a collection of another object."""
    if isinstance(part, ast.EntitySource):
        return part.entity.rpartition(".")[2].lower() in _EVENTS
    return isinstance(part, ast.Path) and part.names[-1].lower() == "events"
