"""Privacy of a library on the disk: files that others cannot read, and a log without the keys to sessions."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from typing_extensions import override

_FILES: Final = ("omero.db*", "server.*", "password", "folder.json")
_FOLDERS: Final = ("Files", "ManagedRepository", "Pixels", "Thumbnails")
_UUID: Final = re.compile(r"\b([0-9a-fA-F]{4})[0-9a-fA-F]{4}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
_CONTROLS: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that end lines, command terminals, turn the writing direction, or cannot be written as UTF-8."""
_MARGIN: Final = "  | "


class DiscreetFormatter(logging.Formatter):
    """Cuts every UUID short, in messages and tracebacks: that of a session is the key to it.

    What clients send cannot look like another record: a message is one line, in which control characters are escaped,
    and the lines of a traceback stand behind a margin.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        first, *rest = _UUID.sub(r"\1…", super().format(record)).split("\n")
        return "\n".join([first, *(_MARGIN + _one_line(line) for line in rest)])

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        return _one_line(super().formatMessage(record))


def _one_line(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def close_to_others(folder: Path) -> None:
    """Take the rights of others from the library in a folder, which may be older than the rule; no more is touched."""
    for entry in (each for pattern in (*_FILES, *_FOLDERS) for each in folder.glob(pattern)):
        with suppress(OSError):  # of another user, or on a file system without rights
            if not entry.is_symlink():
                entry.chmod(entry.stat().st_mode & 0o700)
