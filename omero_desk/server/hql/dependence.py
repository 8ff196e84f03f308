"""Which tables the answer of a query depends on: as long as none of them is written, it stays the same."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from omero_desk.server.hql import ast

_EVENT: Final = "event"
_EVENTS: Final = frozenset({"event", "events"})


def tables_read(statement: sa.Select[Any], query: ast.Query) -> tuple[str, ...]:
    """Return the names of the tables that a query's statement reads, in order.

    Every change adds an event, which alters no answer unless events are what is asked for: they are never changed,
    and what refers to a new one has changed itself.
    """
    names = {part.name for part in visitors.iterate(statement) if isinstance(part, sa.TableClause)}
    return tuple(sorted(names if _lists_events(query) else names - {_EVENT}))


def _lists_events(part: Any) -> bool:
    """Whether events are in a from clause, by their class or as somebody's collection; subselects count."""
    if isinstance(part, ast.Source):
        return part.entity.rpartition(".")[2].lower() in _EVENTS
    if isinstance(part, ast.Path):
        return part.names[-1].lower() == "events"
    if isinstance(part, tuple):
        return any(map(_lists_events, part))
    return any(_lists_events(getattr(part, name)) for name in getattr(part, "__dataclass_fields__", ()))
