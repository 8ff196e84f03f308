"""Run a query for a caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from omero import RObject, RType, rtypes
from omero.model import IObject
from omero.sys import Parameters
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.database.driver import is_interruption
from omero_desk.server.database.schema import Schema
from omero_desk.server.hql.columns import Row
from omero_desk.server.hql.compiler import Plan, compile_query
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError, illegal, misused, overused, unsupported
from omero_desk.server.hql.execution import Execution, seconds_for
from omero_desk.server.hql.graph import ResultGraph
from omero_desk.server.hql.parameters import lists_of, page_of, values_of
from omero_desk.server.hql.parser import parse
from omero_desk.server.hql.scope import World
from omero_desk.server.scheduling.allowance import TooMuchError
from omero_desk.server.scheduling.task import checkpoint

LONGEST_KEPT: Final = 20_000
"""Plans of queries of more characters are not kept: those have ids written into them, and do not come twice."""

_TOO_MUCH: Final = (
    "query failed: its answer would take too much memory. Ask for it in pages, by a filter with a limit, or for fewer "
    "properties."
)

_FAULTS_OF_QUERIES: Final = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG})  # others are a lock, a full disk


def run_projection(
    connection: Connection, schema: Schema, caller: Caller, group: int | None, hql: str, parameters: Parameters | None
) -> list[list[RType | None]]:
    """Answer a query with rows of RTypes; a row whose only value is null is empty, as OMERO sends it.

    `group` is the group of the call's context: -1 for all of the caller's, None for the session's. Raises
    omero.QueryException for what is no HQL or not in the model, omero.ApiUsageException for bad parameters and for
    HQL that this server does not answer, omero.OverUsageException for an answer that takes too long or too much memory.
    """
    with _refusals(hql):
        world = _world(schema, caller, group)
        plan = _plan(world, hql, lists_of(parameters))
        graph = ResultGraph(connection, world)
        rows = list(_rows(connection, plan, graph, parameters))
        graph.finish()
        return rows


def run_query(
    connection: Connection, schema: Schema, caller: Caller, group: int | None, hql: str, parameters: Parameters | None
) -> list[IObject | None]:
    """Answer a query with objects, one for each row, or each once where a collection is fetched.

    Raises as `run_projection` does, and omero.ApiUsageException for a query that does not select objects.
    """
    with _refusals(hql):
        world = _world(schema, caller, group)
        plan = _plan(world, hql, lists_of(parameters))
        if not plan.selects_objects:
            raise misused(f"The query does not select objects: {hql}")
        graph = ResultGraph(connection, world)
        objects = [_object_of(row) for row in _rows(connection, plan, graph, parameters)]
        graph.finish()
        return objects


def _world(schema: Schema, caller: Caller, group: int | None) -> World:
    """Return the context to compile a query in: without the session, so that all sessions of a user share plans."""
    return World(schema, replace(caller, session_id=0, session_uuid="", event_id=0), group)


def _plan(world: World, hql: str, lists: frozenset[str]) -> Plan:
    compile_plan = _kept_plan if len(hql) <= LONGEST_KEPT else _new_plan
    return compile_plan(world, hql, lists)


def _new_plan(world: World, hql: str, lists: frozenset[str]) -> Plan:
    return compile_query(world, parse(hql), lists)


_kept_plan = lru_cache(maxsize=512)(_new_plan)


def _rows(
    connection: Connection, plan: Plan, graph: ResultGraph, parameters: Parameters | None
) -> Iterator[list[RType | None]]:
    first, most = page_of(parameters)
    seconds = seconds_for(connection, is_admin=graph.caller.is_admin)
    asked = Execution(connection, plan, values_of(parameters, plan.parameters), seconds)
    if plan.object_paging is not None and (first or most is not None):
        return _distinct(_read(plan, asked.page_of_objects(plan.object_paging, first, most), graph), plan)
    if plan.pages_objects:
        rows = _read(plan, asked.all_rows(), graph)
        # The last row may hold a member of the first object, so every row is read.
        return iter(list(_distinct(rows, plan))[first : None if most is None else first + most])
    return _read(plan, asked.page(first, most), graph)


def _read(plan: Plan, rows: Iterable[Row], graph: ResultGraph) -> Iterator[list[RType | None]]:
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


def _distinct(rows: Iterator[list[RType | None]], plan: Plan) -> Iterator[list[RType | None]]:
    """Yield each object once, in a query for objects; other rows are never equal, as in Hibernate."""
    if not plan.selects_objects:
        yield from rows
        return
    seen: set[int] = set()
    for row in rows:
        key = id(_object_of(row))
        if key not in seen:
            seen.add(key)
            yield row


def _object_of(row: Sequence[RType | None]) -> IObject | None:
    value = row[0] if row else None
    return value.val if isinstance(value, RObject) else None


@contextmanager
def _refusals(hql: str) -> Iterator[None]:
    """Raise OMERO's exceptions in place of those that compiling and running a query raise."""
    try:
        yield
    except IllegalQueryError as error:
        raise illegal(hql, str(error)) from None
    except UnsupportedError as error:
        raise unsupported(hql, str(error)) from None
    except TooMuchError:
        raise overused(_TOO_MUCH) from None
    except RecursionError:
        raise unsupported(hql, "conditions nested as deeply as these") from None
    except (OverflowError, UnicodeError) as error:
        raise misused(f"A value cannot be stored: {error}") from None
    except sa.exc.DBAPIError as error:
        if is_interruption(error.orig):
            checkpoint()
            raise overused("query failed, probable timeout") from None
        if getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) not in _FAULTS_OF_QUERIES:
            raise
        raise illegal(hql, str(error.orig)) from None
