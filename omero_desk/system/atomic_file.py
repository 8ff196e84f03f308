"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, content: str | bytes | Callable[[], bytes], private: bool = False) -> None:
    """Put `content`, a text as UTF-8, or what it makes, in place of the file: a crash leaves the old or the new.

    A `private` file is its owner's alone. Raises OSError; then nothing has changed.
    """
    made = content() if callable(content) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made.encode() if isinstance(made, str) else made)
            file.flush()
            os.fsync(file.fileno())
        if not private:
            share(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def share(path: Path) -> None:
    """Let those read and write a file whom a new one is for: a temporary one is its owner's alone."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
