"""Running a query for a caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from omero import rtypes
from sqlalchemy import Connection

from omero_desk.server.access.security import Caller
from omero_desk.server.database.schema import Schema
from omero_desk.server.hql import execution
from omero_desk.server.hql.compiler import Plan, compile_query
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError, illegal, misused, overused, unsupported
from omero_desk.server.hql.execution import Execution
from omero_desk.server.hql.graph import Graph
from omero_desk.server.hql.parameters import lists_of, page_of, values_of
from omero_desk.server.hql.parser import parse
from omero_desk.server.hql.readers import Row
from omero_desk.server.hql.scope import World

LONGEST_KEPT: Final = 20_000
"""Queries of more characters, with ids written into them, do not come twice."""

_INTERRUPTED: Final = "interrupted"
_FAULTS_OF_QUERIES: Final = {1, 18}  # SQLITE_ERROR, SQLITE_TOOBIG: not a full disk or a lock


def run_projection(
    connection: Connection, schema: Schema, caller: Caller, group: int | None, hql: str, parameters: Any
) -> list[list[Any]]:
    """Answer a query with rows of RTypes; a row whose only value is null is empty, as OMERO sends it.

    `group` is the group of the call's context: -1 for all of the caller's, None for the session's.
    Raises `omero.QueryException` for what is no HQL or not in the model, `omero.ApiUsageException` for bad
    parameters and for HQL that is not supported.
    """
    with _refusals(hql):
        world = _world(schema, caller, group)
        plan = _plan(world, hql, lists_of(parameters))
        graph = Graph(connection, world)
        rows = list(_rows(connection, plan, graph, parameters))
        graph.finish()
        return rows


def run_query(
    connection: Connection, schema: Schema, caller: Caller, group: int | None, hql: str, parameters: Any
) -> list[Any]:
    """Answer a query with objects, one for each row, or each once where a collection is fetched.

    Raises as `run_projection` does, and `omero.ApiUsageException` for a query that does not select objects.
    """
    with _refusals(hql):
        world = _world(schema, caller, group)
        plan = _plan(world, hql, lists_of(parameters))
        if not plan.selects_objects:
            raise misused(f"The query does not select objects: {hql}")
        graph = Graph(connection, world)
        objects = [row[0].val if row else None for row in _rows(connection, plan, graph, parameters)]
        graph.finish()
        return objects


def _world(schema: Schema, caller: Caller, group: int | None) -> World:
    """What a query is compiled against is the same in all sessions of a user."""
    return World(schema, replace(caller, session_id=0, session_uuid="", event_id=0), group)


def _plan(world: World, hql: str, lists: frozenset[str]) -> Plan:
    compile_plan = _kept_plan if len(hql) <= LONGEST_KEPT else _new_plan
    return compile_plan(world, hql, lists)


def _new_plan(world: World, hql: str, lists: frozenset[str]) -> Plan:
    return compile_query(world, parse(hql), lists)


_kept_plan = lru_cache(maxsize=512)(_new_plan)


def _rows(connection: Connection, plan: Plan, graph: Graph, parameters: Any) -> Iterator[list[Any]]:
    first, most = page_of(parameters)
    asked = Execution(connection, plan, values_of(parameters, plan.parameters))
    if plan.object_paging is not None and (first or most is not None):
        return _distinct(_read(plan, asked.page_of_objects(plan.object_paging, first, most), graph), plan)
    if plan.pages_objects:
        rows = _read(plan, asked.all_rows(), graph)
        # The members of the last object may stand in the last row, so every row is read.
        return iter(list(_distinct(rows, plan))[first : None if most is None else first + most])
    return _read(plan, asked.page(first, most), graph)


def _read(plan: Plan, rows: Sequence[Row], graph: Graph) -> Iterator[list[Any]]:
    readers = plan.readers
    if plan.names is not None:
        named = list(zip(plan.names, readers, strict=True))
        for row in rows:
            yield [rtypes.RMapI({name: read(row, graph) for name, read in named})]
    elif len(readers) == 1:
        read = readers[0]
        for row in rows:
            value = read(row, graph)
            yield [] if value is None else [value]
    else:
        for row in rows:
            yield [read(row, graph) for read in readers]


def _distinct(rows: Iterator[list[Any]], plan: Plan) -> Iterator[list[Any]]:
    """Count each object once; rows of several values are all different, as Hibernate sees them."""
    if not plan.selects_objects:
        yield from rows
        return
    seen: set[int] = set()
    for row in rows:
        key = id(row[0].val) if row else 0
        if key not in seen:
            seen.add(key)
            yield row


@contextmanager
def _refusals(hql: str) -> Iterator[None]:
    """Turn what goes wrong into OMERO's exceptions."""
    try:
        yield
    except IllegalQueryError as error:
        raise illegal(hql, str(error)) from None
    except UnsupportedError as error:
        raise unsupported(hql, str(error)) from None
    except RecursionError:
        raise unsupported(hql, "conditions nested as deeply as these") from None
    except (OverflowError, UnicodeError) as error:
        raise misused(f"A value cannot be stored: {error}") from None
    except sa.exc.DBAPIError as error:
        if str(error.orig) == _INTERRUPTED:
            raise overused(
                f"query failed, probable timeout: it took longer than {execution.LONGEST_SECONDS} s"
            ) from None
        if getattr(error.orig, "sqlite_errorcode", 1) not in _FAULTS_OF_QUERIES:
            raise
        raise illegal(hql, str(error.orig)) from None
