"""The headers of a Zarr folder: short texts of JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.regular_file import open_regular

_MAX_HEADER: Final = 2**24
_MAX_OBJECTS: Final = 2**20


def read_header(path: Path) -> dict[str, Any]:
    """Return the object in a file of JSON, {} if there is no such file; ImageFileError for one that is too long."""
    text = read_text(path, _MAX_HEADER)
    if text is None:
        return {}
    if text.count(b"{") + text.count(b"[") > _MAX_OBJECTS:
        raise ImageFileError(f"{path} is too long.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImageFileError(f"{path} is damaged: it is no JSON.") from error
    return found if isinstance(found, dict) else {}


def read_text(path: Path, longest: int) -> bytes | None:
    """Return the bytes of a file, None if there is none; ImageFileError for a longer one, and for pipes."""
    if not path.exists():
        return None
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > longest:
            raise ImageFileError(f"{path} is too long.")
        return file.read()
