"""A folder of original files, which no path leads out of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import omero

from omero_desk.server.errors import security_violation, server_error

MANAGED_UUID: Final = "0a7e1b0c-5d3e-4f6a-9c55-7b2f3d1e8a90"
"""The UUID of the repository of a library with files in it, which original files refer to."""

PUBLIC_UUID: Final = "7c0f0f0e-52d1-4c8b-8a51-3f6b2f1f9d36"
"""The UUID of the library's folder as a repository: OMERO's LegacyRepositoryI over omero.data.dir."""

SCRIPT_UUID: Final = "ScriptRepo"
"""The UUID of the repository of official scripts (ScriptRepoHelper.SCRIPT_REPO)."""

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
    """Return whether a part of a path is a plain file name on this system, not "..", a drive or a device."""
    if part == ".." or "\0" in part or PurePath(part).parts != (part,):
        return False
    try:
        os.fsencode(part)
    except UnicodeEncodeError:
        return False
    return not _is_reserved(part)


def _is_reserved(part: str) -> bool:
    """Return whether a name means a device (CON), a stream (a:b) or another file (a.) to Windows."""
    return os.name == "nt" and (":" in part or part.endswith((" ", ".")) or PurePath(part).is_reserved())
