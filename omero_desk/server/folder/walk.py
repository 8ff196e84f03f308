"""The image files in a folder, found without opening any of them.

Symbolic links are not followed: their targets are outside the folder, or are found in it anyway, and a ring of links
would never end. Hidden files and folders, and those that operating systems leave behind, are ignored.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from omero_desk.server.folder.order import natural_key
from omero_desk.server.folder.passed_over import ending_of
from omero_desk.server.images.formats import headers_of, is_image_name

_JUNK: Final = frozenset({"__macosx", "$recycle.bin", "system volume information", "@eadir", "lost+found"})
_REPARSE_POINT: Final = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0x400)


@dataclass(frozen=True, slots=True)
class Seen:
    """An image file at a path relative to the root, with slashes, or an image that is a folder.

    `modified` is in nanoseconds; `inode` is the disk's own number of the file, 0 where there is none.
    """

    path: str
    size: int
    modified: int
    inode: int


@dataclass
class Sight:
    """The content of a folder: files and inodes of folders by path, and reasons why some could not be read.

    `passed_over` are the numbers of other files by their endings.
    """

    files: dict[str, Seen] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)

    def hides(self, path: str) -> bool:
        """Return whether a path lies in a folder that could not be read, and may therefore exist."""
        return any(path == folder or path.startswith(folder + "/") for folder in self.problems)


def look(root: Path, skipped: Path, check: Callable[[], object]) -> Sight:
    """Find all image files below a root, but not in `skipped`; `check` is called on the way and may raise.

    Raises OSError where the root itself cannot be read.
    """
    sight = Sight()
    waiting = [""]
    visited: set[tuple[int, int]] = set()
    while waiting:
        check()
        folder = waiting.pop()
        place = root / folder
        if place == skipped:
            continue
        try:
            below = _look_into(place, folder, sight, visited)
        except OSError as error:
            if not folder:
                raise
            sight.problems[folder] = error.strerror or str(error)
        else:
            waiting += reversed(below)
    return sight


def _look_into(place: Path, folder: str, sight: Sight, visited: set[tuple[int, int]]) -> list[str]:
    """Add the image files of one folder to `sight`; return the paths of the folders in it."""
    state = place.stat()
    if (state.st_dev, state.st_ino) in visited and state.st_ino:
        return []  # mounted twice
    visited.add((state.st_dev, state.st_ino))
    sight.folders[folder] = state.st_ino
    below: list[str] = []
    for entry in _entries(place):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not _is_text(entry.name):
            if entry.is_dir() or is_image_name(entry.name):
                sight.problems[_legible(path)] = "its name is no text that this system can show; rename it"
        elif entry.is_dir(follow_symlinks=False):
            header = _header(entry)
            if header is None:
                below.append(path)
            else:
                sight.files[path] = Seen(path, header.st_size, header.st_mtime_ns, header.st_ino)
        elif is_image_name(entry.name) and entry.is_file(follow_symlinks=False):
            found = entry.stat(follow_symlinks=False)
            sight.files[path] = Seen(path, found.st_size, found.st_mtime_ns, found.st_ino)
        elif ending := ending_of(entry.name):
            sight.passed_over[ending] += 1
    return below


def _entries(place: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(place) as entries:
        found = [entry for entry in entries if not _is_passed_over(entry)]
    yield from sorted(found, key=lambda entry: natural_key(entry.name))


def _is_passed_over(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.casefold() in _JUNK or entry.is_symlink():
        return True
    # A junction of Windows leads elsewhere without being a symbolic link.
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) if os.name == "nt" else 0
    return bool(attributes & _REPARSE_POINT)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _legible(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _header(entry: os.DirEntry[str]) -> os.stat_result | None:
    """Return the state of the file that describes an image that is a folder; None for any other folder."""
    for name in headers_of(Path(entry.path)):
        try:
            return Path(entry.path, name).lstat()
        except OSError:
            continue
    return None
