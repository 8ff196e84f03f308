"""The log file: rotating, for the user's eyes only, and without secrets."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
from io import TextIOWrapper
from pathlib import Path
from typing import Final

_BYTES: Final = 1_000_000
_FILES: Final = 3
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PASSWORD = re.compile(r"(?i)\b(password|passwd|pass)(['\"]?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|\S+)")
_HIDDEN: Final = "•••"


class SecretFormatter(logging.Formatter):
    """Leaves out session IDs, and whatever stands behind the word password: tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to write."""
        return redact(super().format(record))


def redact(text: str) -> str:
    """`text` without what opens a session."""
    return _PASSWORD.sub(rf"\1\2{_HIDDEN}", _UUID.sub(_HIDDEN, text))


class PrivateFileHandler(logging.handlers.RotatingFileHandler):
    """Opens its file with mode 0600."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding=self.encoding, write_through=True)


def start_log(folder: Path) -> Path:
    """Send the log of the whole program to a file in `folder`; tells its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "omero-desk.log"
    handler = PrivateFileHandler(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(SecretFormatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path
