"""Reads files on threads while others are entered, in order; one that takes long comes when it is done."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Final

from omero_desk.server.folder.reading import Read
from omero_desk.server.folder.walk import Seen

_THREADS: Final = 8
"""Four that read, and as many that wait for what takes long."""

_AHEAD: Final = 64
_SLOW_S: Final = 1.0
_TURN_S: Final = 0.1


def read_ahead(
    read: Callable[[Seen], Read], files: Iterable[Seen], check: Callable[[], object]
) -> Iterator[Read | None]:
    """Give what was read from each file; None where it takes a moment to the next. `check` may raise to stop.

    A file that has been at the head for a second is slow: those behind it go on, and its turn is when it is read.
    """
    pool = ThreadPoolExecutor(_THREADS, "folder reader")
    coming = iter(files)
    waiting: deque[Future[Read]] = deque()
    slow: set[Future[Read]] = set()
    since = time.monotonic()
    try:
        while True:
            check()
            waiting.extend(pool.submit(read, seen) for seen in islice(coming, _AHEAD - len(waiting)))
            if not waiting and not slow:
                return
            wait([*islice(waiting, 1), *slow], _TURN_S, FIRST_COMPLETED)
            done = [each for each in slow if each.done()]
            slow.difference_update(done)
            while waiting and waiting[0].done():
                done.append(waiting.popleft())
            if not done and waiting and waiting[0].running() and time.monotonic() - since > _SLOW_S:
                slow.add(waiting.popleft())
            if done:
                yield from (each.result() for each in done)
                since = time.monotonic()
            else:
                yield None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
