"""Where an original file's bytes are is the server's to say: a client that could would read or write any file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import omero

from omero_desk.server.saving.graph import Node

_PLACE: Final = frozenset({"repo", "path", "name"})
_PROTECTED: Final = frozenset({"Directory", "Repository"})
"""Media types that only a repository gives (OMERO's _fs_protected_mimetype)."""


def check_place(node: Node, changed: Mapping[str, Any], current: Mapping[str, Any] | None) -> None:
    """Raise omero.SecurityViolation for an original file that is put into a repository, or moved in it.

    `changed` are the columns to be written, `current` those of the row that there is (BasicACLVoter.allowCreation
    and the triggers of OMERO's database).
    """
    if node.found.name != "OriginalFile":
        return
    was_in = current is not None and current["repo"] is not None
    if changed.get("repo") is not None or (was_in and _PLACE & changed.keys()):
        raise omero.SecurityViolation(message=f"cannot set repo property of {node} via ORM")
    if changed.get("mimetype") in _PROTECTED:
        raise omero.SecurityViolation(message=f"cannot set the mimetype {changed['mimetype']} of {node}")
