"""Notices that something happens in a folder, as far as the system tells; who wants to be sure looks now and then."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Final

import watchfiles

log = logging.getLogger(__name__)

_SETTLED_MS: Final = 300
_RUST_TIMEOUT_MS: Final = 5_000


class Watch:
    """Sets `changed` when files below a folder appear, change or go; network folders may not tell."""

    def __init__(self, folder: Path, changed: threading.Event) -> None:
        self._folder = folder
        self._changed = changed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="folder watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def _run(self) -> None:
        try:
            for _ in watchfiles.watch(
                self._folder,
                watch_filter=None,
                debounce=_SETTLED_MS,
                rust_timeout=_RUST_TIMEOUT_MS,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                self._changed.set()
        except Exception as error:  # noqa: BLE001 - it is looked at now and then anyway
            log.warning("%s is not watched, only looked at now and then: %s", self._folder, error)
