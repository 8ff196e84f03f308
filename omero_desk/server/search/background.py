"""Words of rows that were there before the indexes, put in while the server answers already."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from omero_desk.server.database.store import Store
from omero_desk.server.search import index

log = logging.getLogger(__name__)

_IDS: Final = 5_000  # some hundredths of a second, in which nobody else can write
_PAUSE_S: Final = 0.01
_MESSAGE: Final = "Reading names for search"

Progress = Callable[[float, str], None]


@contextmanager
def filling(store: Store, progress: Progress) -> Iterator[None]:
    """Put in what waits while the context lasts; what is not done when it ends is left for the next time.

    `progress` is called in another thread, with the part that is done (0 to 1) and what is being done.
    """
    with store.read() as connection:
        total = index.waiting(connection)
    stopped = threading.Event()
    worker = threading.Thread(target=_fill, args=(store, total, stopped, progress), name="search words", daemon=True)
    if total:
        worker.start()
    try:
        yield
    finally:
        stopped.set()
        if total:
            worker.join()


def _fill(store: Store, total: int, stopped: threading.Event, progress: Progress) -> None:
    log.info("search: %d rows wait for their words to be read", total)
    left, told = total, 0
    try:
        while left and not stopped.wait(_PAUSE_S):
            with store.write() as connection:
                left = index.put_waiting(store.schema, connection, _IDS)
            done = 1 - left / total
            if round(done * 100) > told or not left:
                told = round(done * 100)
                progress(done, _MESSAGE)
    except Exception:
        log.exception("search: the words of older rows could not be read")
    else:
        log.info("search: %d rows are left", left)
