"""Paths as OMERO's repositories have them: components between slashes, made safe for every file system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import omero

from omero_desk.server.errors import server_error

Components = tuple[str, ...]

_REPLACED: Final = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "_"),
    **{ord(bad): good for bad, good in zip('"*/:<>?\\|', "'x!;[]%!!", strict=True)},
}
_DEVICES: Final = frozenset(
    {"AUX", "CLOCK$", "CON", "NUL", "PRN", *(name + str(n) for name in ("COM", "LPT") for n in range(1, 10))}
)
_KEPT_FOLDERS: Final = 3


def split(path: str) -> Components:
    """Split a path, with "." and ".." resolved; raises omero.ValidationException if it leads above the root."""
    found: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not found:
                raise server_error(omero.ValidationException, "Path may not make references above root")
            found.pop()
        elif part not in ("", "."):
            found.append(part)
    return tuple(found)


def split_legal(path: str) -> Components:
    """Split the path of a file in a repository; raises omero.ValidationException for unsafe names."""
    found = split(path)
    if any(made_safe(part) != part for part in found):
        raise server_error(omero.ValidationException, "Path contains illegal components")
    return found


def made_safe(name: str) -> str:
    """Return a file's name by the rules "Windows required, UNIX required" (MakePathComponentSafe)."""
    upper = name.upper()
    if upper in _DEVICES:
        name += "_"
    if name.startswith("$") or any(upper.startswith(device + ".") for device in _DEVICES):
        name = "_" + name
    safe = name.translate(_REPLACED).encode("utf-8", "replace").decode()
    return safe + "_" if safe.endswith((".", " ")) else safe


def relative_paths(client_paths: Sequence[str]) -> tuple[Components, list[Components]]:
    """Return the folder that files of a client share, and each path below it.

    Of folders above the files the last three are kept (ManagedRepositoryI.trimPaths).
    """
    paths = [tuple(map(made_safe, split(path))) for path in client_paths]
    base: list[str] = []
    for level in zip(*(path[:-1] for path in paths), strict=False):
        if len(set(level)) > 1:
            break
        base.append(level[0])
    trimmed = max(0, min(map(len, paths)) - _KEPT_FOLDERS - 1)
    return tuple(base[trimmed:]), [path[len(base) :] for path in paths]


def joined(parts: Sequence[str]) -> str:
    """Join components with slashes."""
    return "/".join(parts)


def folder_of(parts: Sequence[str]) -> str:
    """Return the path that an original file has beside its name: "a/b/", and "/" at the root."""
    return joined(parts[:-1]) + "/"
