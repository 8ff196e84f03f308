"""The place of the library of a person's folder, which is never in that folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Final

import platformdirs

HOME_VARIABLE: Final = "OMERO_DESK_HOME"
_RECORD: Final = "folder.json"
_NAME_LENGTH: Final = 40


class NoFolderError(Exception):
    """A folder to be served cannot be read; the text says why."""


def usual_data(name: str) -> Path:
    """Return the place of data of OMERO Desk by name; "folders" is that of the libraries of folders."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser().absolute() / "data" / name
    return platformdirs.PlatformDirs("omero-desk", appauthor=False).user_data_path / name


def readable_folder(folder: Path) -> Path:
    """Return the folder's real place; raises NoFolderError."""
    try:
        place = folder.expanduser().resolve(strict=True)
        with os.scandir(place):
            return place
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NoFolderError(f"The folder {folder} cannot be opened: {reason}.") from error


def library_of(folder: Path, libraries: Path) -> Path:
    """Return the place of a folder's library, which need not exist yet.

    A folder that was moved or renamed on its disk has its library come along.
    """
    place = libraries / _name(folder)
    former = None if place.exists() else _former_library(folder, libraries)
    if former is not None:
        former.rename(place)
    return place


def record(folder: Path, library: Path) -> None:
    """Write down the folder that a library belongs to."""
    state = folder.stat()
    text = json.dumps({"path": str(folder), "device": state.st_dev, "inode": state.st_ino})
    (library / _RECORD).write_text(text, "ascii")


def _name(folder: Path) -> str:
    digest = hashlib.sha1(os.fsencode(folder), usedforsecurity=False).hexdigest()
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '_', folder.name)[:_NAME_LENGTH]}-{digest[:12]}"


def _former_library(folder: Path, libraries: Path) -> Path | None:
    """Return the library of a folder that is gone, and that had the device and inode of this one."""
    state = folder.stat()
    for file in sorted(libraries.glob(f"*/{_RECORD}")):
        told = _read(file)
        is_same = told.get("inode") == state.st_ino != 0 and told.get("device") == state.st_dev
        if is_same and not Path(str(told.get("path"))).exists():
            return file.parent
    return None


def _read(file: Path) -> dict[str, object]:
    try:
        values = json.loads(file.read_text("ascii"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
