"""The log file: rotating, for the user's eyes only, and without secrets."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from typing_extensions import override

_BYTES: Final = 1_000_000
_FILES: Final = 3
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PASSWORD = re.compile(r"(?i)\b(password|passwd|pass)(['\"]?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|\S+)")
_HIDDEN: Final = "•••"
_CONTROLS: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that end lines, command terminals, turn the writing direction, or cannot be written as UTF-8."""
_MARGIN: Final = "  | "


class SecretFormatter(logging.Formatter):
    """Leaves out session IDs, and whatever stands behind the word password: tracebacks included.

    Many texts come from servers, and none of them can look like another record: a message is one line, in which control
    characters are escaped, and the lines of a traceback stand behind a margin.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record without secrets, in which each line after the first has a margin."""
        first, *rest = redact(super().format(record)).split("\n")
        return "\n".join([first, *(_MARGIN + one_line(line) for line in rest)])

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        return one_line(super().formatMessage(record))


def one_line(text: str) -> str:
    """Return `text` with its line ends and other control characters escaped as Python writes them, but for tabs."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def redact(text: str) -> str:
    """Return `text` without session IDs and passwords."""
    return _PASSWORD.sub(rf"\1\2{_HIDDEN}", _UUID.sub(_HIDDEN, text))


class PrivateFileHandler(logging.handlers.RotatingFileHandler):
    """Opens its file with mode 0600."""

    _has_failed = False

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding=self.encoding, write_through=True)

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Say once on the terminal that nothing can be logged: a full disk is no reason for a traceback a record."""
        if not self._has_failed:
            self._has_failed = True
            _tell_terminal(Path(self.baseFilename), str(sys.exc_info()[1]))


def start_log(folder: Path) -> Path:
    """Send the log of the whole program to a file in `folder`; return its path.

    Where there can be no such folder, warnings go to the terminal, and the file is not there.
    """
    path = folder / "omero-desk.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _tell_terminal(path, str(error))
        return path
    handler = PrivateFileHandler(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(SecretFormatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path


def _tell_terminal(path: Path, reason: str) -> None:
    if sys.stderr is not None:  # a frozen program may have none
        sys.stderr.write(f"The log {path} cannot be written: {reason}\n")
