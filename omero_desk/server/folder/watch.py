"""Watches a folder for changes, as far as the system reports them; scans from time to time find the others."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Final

import watchfiles

log = logging.getLogger(__name__)
# It logs every change.
logging.getLogger("watchfiles").setLevel(logging.WARNING)

_SETTLED_MS: Final = 300
_TURN_MS: Final = 1_000
_FIRST_PAUSE_S: Final = 1
_LONGEST_PAUSE_S: Final = 60
_MOST_FOLDERS: Final = 5_000
_EACH_BY_ITSELF: Final = sys.platform == "linux"
"""True where a watch of the whole tree would follow symbolic links out of the folder and in rings."""


class Watch:
    """Sets `changed` when files in some folders below a root appear, change or go; network folders may not tell."""

    def __init__(self, root: Path, changed: threading.Event) -> None:
        self._root = root
        self._changed = changed
        self._stop = threading.Event()
        self._folders: frozenset[str] = frozenset()

    def follow(self, folders: Collection[str]) -> None:
        """Watch these folders, the root being "", in place of those before; soon after `changed` is set once."""
        wanted = frozenset(folders) if _EACH_BY_ITSELF else frozenset({""})
        if wanted != self._folders:
            self.close()
            self._folders = wanted
            self._stop = threading.Event()
            threading.Thread(target=self._run, args=(wanted, self._stop), name="folder watch", daemon=True).start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()

    def _run(self, folders: frozenset[str], stop: threading.Event) -> None:
        """Watch until stopped, again after a pause if watching fails, as it does at a file whose name is no text."""
        places = [self._root / folder for folder in sorted(folders)]
        pause = _FIRST_PAUSE_S
        while not stop.is_set():
            try:
                self._watch(places, stop)
            except Exception as error:  # noqa: BLE001 - it is looked at now and then anyway
                log.warning("%s is not watched for %d s: %s", self._root, pause, error)
                stop.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _watch(self, places: list[Path], stop: threading.Event) -> None:
        if len(places) > _MOST_FOLDERS:
            raise ValueError(f"it has {len(places)} folders")
        is_first = True
        for changes in watchfiles.watch(
            *places,
            recursive=not _EACH_BY_ITSELF,
            watch_filter=None,
            debounce=_SETTLED_MS,
            rust_timeout=_TURN_MS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            if changes or is_first:  # something may have happened before the watch began
                self._changed.set()
            is_first = False
