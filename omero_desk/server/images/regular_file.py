"""Regular files alone are opened: a pipe or a device in place of one would keep the reader waiting for ever."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, Final

from omero_desk.server.images.errors import ImageFileError

_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_regular(path: Path, *, buffering: int = -1) -> IO[bytes]:
    """Open a regular file to read, with the `buffering` of `open`; raises OSError, and ImageFileError for no file."""
    descriptor = os.open(path, _FLAGS)
    try:
        _check(path, os.fstat(descriptor))
    except ImageFileError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb", buffering)


def check_regular(path: Path) -> int:
    """Return the size of a regular file in bytes; raises ImageFileError for anything else, and OSError."""
    state = path.stat()
    _check(path, state)
    return state.st_size


def _check(path: Path, state: os.stat_result) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise ImageFileError(f"{path} is not a file but a folder, a pipe or a device.")
