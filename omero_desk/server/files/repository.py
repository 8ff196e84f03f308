"""A folder of files that original files name by path and name, and that nobody gets out of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import omero

from omero_desk.server.wire.exceptions import security_violation, server_error

MANAGED_UUID: Final = "0a7e1b0c-5d3e-4f6a-9c55-7b2f3d1e8a90"
"""What original files name as their repository: the library's own, there is no other."""

_SEPARATOR: Final = "/"


@dataclass(frozen=True)
class Repository:
    """Files under `root`: the library's own ones, or a person's folder, which is never written to.

    Paths are OMERO's: relative to the root, with slashes; a leading slash is the root.
    """

    root: Path
    is_writable: bool = True
    uuid: str = MANAGED_UUID

    def locate(self, path: str, name: str = "") -> Path:
        """Return the absolute place of a file or folder, whether it exists or not; symbolic links are followed.

        Raises omero.SecurityViolation for a path that leads outside the root, or that no file can have.
        """
        told = f"{path}{_SEPARATOR}{name}"
        parts = [part for part in told.split(_SEPARATOR) if part not in ("", ".")]
        if not all(_is_plain(part) for part in parts):
            raise security_violation(f"{told!r} is no path in this repository.")
        try:
            root = self.root.resolve()
            place = root.joinpath(*parts).resolve()
            place.exists()
        except (OSError, RuntimeError, ValueError):  # a ring of links, or a name that is too long for the disk
            raise security_violation(f"{told!r} is no path in this repository.") from None
        if not place.is_relative_to(root):
            raise security_violation(f"{told!r} leads outside the repository.")
        return place

    def find(self, path: str, name: str = "") -> Path:
        """Return the place of a file or folder that exists; raises as `locate` does, omero.ResourceError for none."""
        place = self.locate(path, name)
        if not place.exists():
            raise server_error(omero.ResourceError, f"The file {path}{name} is missing from the repository.")
        return place


def _is_plain(part: str) -> bool:
    """Whether a part of a path is one file's name to this system, and not a way up, a drive or a device."""
    if part == ".." or "\0" in part or PurePath(part).parts != (part,):
        return False
    try:
        os.fsencode(part)
    except UnicodeEncodeError:
        return False
    return not _is_reserved(part)


def _is_reserved(part: str) -> bool:
    """Windows answers for a device (CON), a stream (a:b) or another file (a.) to these names."""
    return os.name == "nt" and (":" in part or part.endswith((" ", ".")) or PurePath(part).is_reserved())
