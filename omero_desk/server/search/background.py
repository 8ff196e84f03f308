"""Put the rows that are older than the full-text indexes into them, while the server already answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from omero_desk.server.database import full_text as index
from omero_desk.server.database.store import Store
from omero_desk.server.search.contents import read_texts, unread

log = logging.getLogger(__name__)

_IDS: Final = 5_000  # ids in a transaction: it takes some hundredths of a second, in which nobody else can write
_PAUSE_S: Final = 0.01
_MESSAGE: Final = "Reading names for search"

Progress = Callable[[float, str], None]


@contextmanager
def filling(store: Store, progress: Progress) -> Iterator[None]:
    """Index waiting rows and texts of files while the context lasts; what is left at its end is left for the next one.

    `progress` is called on another thread with the fraction that is done (0 to 1) and a text to show.
    """
    with store.read() as connection:
        total = index.waiting(connection)
    files, stopped = unread(store), threading.Event()

    def work() -> None:
        read_texts(store, files, stopped)
        _fill(store, total, stopped, progress)

    worker = threading.Thread(target=work, name="search words", daemon=True)
    if total or files:
        worker.start()
    try:
        yield
    finally:
        stopped.set()
        if total or files:
            worker.join()


def _fill(store: Store, total: int, stopped: threading.Event, progress: Progress) -> None:
    if not total:
        return
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
