"""Counting what a call of the gateway asks the query service for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from omero_desk.gateway.connection.session import LaneSession

P = ParamSpec("P")
T = TypeVar("T")


def counted(
    function: Callable[Concatenate[LaneSession, P], T],
) -> Callable[Concatenate[LaneSession, P], tuple[T, int]]:
    """Return the function with, beside what it returns, its round trips: queries sent together count as one."""

    def run(session: LaneSession, /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, int]:
        query = session.gateway.getQueryService()
        began, ended, alone = query.begin_projection, query.end_projection, query.projection
        open_queries: set[int] = set()
        trips = 0

        def begin(*arguments: Any, **options: Any) -> Any:
            nonlocal trips
            trips += not open_queries
            result = began(*arguments, **options)
            open_queries.add(id(result))
            return result

        def end(result: Any) -> Any:
            open_queries.discard(id(result))
            return ended(result)

        def one(*arguments: Any, **options: Any) -> Any:
            nonlocal trips
            trips += 1
            return alone(*arguments, **options)

        with pytest.MonkeyPatch.context() as patch:
            for name, replacement in (("begin_projection", begin), ("end_projection", end), ("projection", one)):
                patch.setattr(query, name, replacement)
            return function(session, *args, **kwargs), trips

    return run
