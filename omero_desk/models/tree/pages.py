"""Reading all children of an object, a page at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Cursor, Page, Ref, Scope
from omero_desk.entities.sentences import mark

Fetch = Callable[[Ref, Scope, Cursor | None, int], Awaitable[Page]]
"""Return one page of an object's children: of which object, in which scope, after which cursor, at most how many."""

FIRST_PAGE: Final = 200
PAGE: Final = 1000
_OLD_PAGES: Final = 3
"""Pages of objects that have all been sent before, which rows that somebody adds meanwhile can push on: not so many."""
_GOES_ROUND: Final = mark("Tree", "The server sends the same objects again and again.")


async def pages(fetch: Fetch, ref: Ref, scope: Scope) -> AsyncGenerator[Page, None]:
    """Yield each page of the children of `ref`; the next is being fetched while the caller works on one.

    The first is small, so that something shows soon. Raises GatewayError, also for a server that would go on for ever;
    close it (`contextlib.aclosing`), or a request may be left running.
    """
    request = asyncio.ensure_future(fetch(ref, scope, None, FIRST_PAGE))
    section, seen, old = 0, set[Ref](), 0
    try:
        while (following := _following(page := await request, section)) is not None:
            section = following.section
            request = asyncio.ensure_future(fetch(ref, scope, following, PAGE))
            await asyncio.sleep(0)  # a task sets out when the loop turns
            yield page
            refs = [entity.ref for entity in page.entities]
            old = old + 1 if refs and seen.issuperset(refs) else 0
            if old == _OLD_PAGES:
                raise FailedError(_GOES_ROUND)
            seen.update(refs)
        yield page
    finally:
        request.cancel()


def _following(page: Page, section: int) -> Cursor | None:
    """Return where to go on; None after the last page, and after one that is empty amid its section."""
    following = page.next
    is_in_vain = following is not None and not page.entities and following.section <= section
    return None if is_in_vain else following
