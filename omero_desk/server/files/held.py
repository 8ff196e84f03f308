"""The files that are open as something else than bytes: as bytes they are not written meanwhile."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_held: Final = Counter[Path]()
_lock: Final = threading.Lock()


def is_held(path: Path) -> bool:
    """Return whether somebody holds a file."""
    with _lock:
        return _held[path] > 0


@contextmanager
def holding(path: Path) -> Iterator[bool]:
    """Hold a file until it is let go, or the block fails; give whether it was held before."""
    with _lock:
        before = _held[path]
        _held[path] += 1
    try:
        yield before > 0
    except BaseException:
        let_go(path)
        raise


def let_go(path: Path) -> None:
    """Hold a file once less."""
    with _lock:
        _held[path] -= 1
        if _held[path] <= 0:
            del _held[path]
