"""Reading all children of an object, a page at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from omero_desk.entities.objects import Cursor, Page, Ref, Scope

Fetch = Callable[[Ref, Scope, Cursor | None, int], Awaitable[Page]]
"""Return one page of an object's children: of which object, in which scope, after which cursor, at most how many."""

FIRST_PAGE: Final = 200
PAGE: Final = 1000


async def pages(fetch: Fetch, ref: Ref, scope: Scope) -> AsyncGenerator[Page, None]:
    """Yield each page of the children of `ref`; the next is being fetched while the caller works on one.

    The first is small, so that something shows soon. Raises GatewayError; close it (`contextlib.aclosing`), or a
    request may be left running.
    """
    request = asyncio.ensure_future(fetch(ref, scope, None, FIRST_PAGE))
    try:
        while (page := await request).next is not None:
            request = asyncio.ensure_future(fetch(ref, scope, page.next, PAGE))
            await asyncio.sleep(0)  # a task sets out when the loop turns
            yield page
        yield page
    finally:
        request.cancel()
