"""The changes in a folder since its files were entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from omero_desk.server.files.checksums import checksum
from omero_desk.server.folder.ledger import Known, Shelved
from omero_desk.server.folder.walk import Seen, Sight


@dataclass
class Changes:
    """Renamed folders (old path, new path), and files that were moved, are gone, are back, or are to be read."""

    folders: list[tuple[str, str]] = field(default_factory=list)
    moved: list[tuple[Known, Seen]] = field(default_factory=list)
    gone: list[Known] = field(default_factory=list)
    back: list[Known] = field(default_factory=list)
    unread: list[Seen] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.folders or self.moved or self.gone or self.back or self.unread)


def compare(
    sight: Sight, files: Mapping[str, Known], folders: Mapping[str, Shelved], digest: Callable[[Known, Seen], bool]
) -> Changes:
    """Compare the files that are there with those that were entered; `digest` returns whether two are the same."""
    absent = [one for one in files.values() if one.path not in sight.files and not sight.hides(one.path)]
    new = [seen for path, seen in sight.files.items() if path not in files]
    moved = _match(new, absent, digest)
    at_new_places = {seen.path for _, seen in moved}
    left = {one.path for one, _ in moved}
    there = [(files[path], seen) for path, seen in sight.files.items() if path in files]
    changed = {seen.path for one, seen in there if not one.looks_like(seen)}
    return Changes(
        folders=_renamed(sight, folders),
        moved=moved,
        gone=[one for one in absent if not one.missing and one.path not in left],
        back=[one for one, _ in there if one.missing and one.path not in changed],
        unread=[
            seen
            for path, seen in sight.files.items()
            if path in changed or (path not in files and path not in at_new_places)
        ],
    )


def _match(
    new: Iterable[Seen], absent: Iterable[Known], digest: Callable[[Known, Seen], bool]
) -> list[tuple[Known, Seen]]:
    """Find moved files of equal size: by inode and time of change, else by content."""
    by_size: dict[int, list[Known]] = defaultdict(list)
    for one in absent:
        by_size[one.size].append(one)
    found = []
    for seen in new:
        candidates = by_size.get(seen.size, [])
        match = next((one for one in candidates if _is_same(one, seen)), None)
        match = match or next((one for one in candidates if digest(one, seen)), None)
        if match is not None:
            candidates.remove(match)
            found.append((match, seen))
    return found


def _is_same(one: Known, seen: Seen) -> bool:
    return one.inode == seen.inode != 0 and one.modified == seen.modified


def _renamed(sight: Sight, folders: Mapping[str, Shelved]) -> list[tuple[str, str]]:
    """Return renamed folders (old path, new path), matched by inode; parents come before their children."""
    absent = {one.inode: path for path, one in folders.items() if path not in sight.folders and one.inode}
    new = {inode: path for path, inode in sight.folders.items() if path not in folders}
    return sorted((absent[inode], new[inode]) for inode in absent.keys() & new.keys())


def same_content(root: Path, sha1: str | None, seen: Seen) -> bool:
    """Tell whether a file has a known SHA-1; one that cannot be read has not."""
    if not sha1:
        return False
    try:
        return checksum(root / seen.path, "SHA1-160") == sha1
    except OSError:
        return False
