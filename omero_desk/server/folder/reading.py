"""One file of a folder read: the images in it, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from omero_desk.server.folder.walk import Seen
from omero_desk.server.images.library import ImageFile, read_image_file


@dataclass(frozen=True, slots=True)
class Read:
    """What a file was found to hold: `file`, or else the `reason` why it could not be read.

    `members` are the paths of all files that the images lie in, the first among them; what of it was read is `seen`.
    """

    seen: Seen
    file: ImageFile | None
    reason: str
    members: tuple[str, ...]


def read_seen(root: Path, seen: Seen) -> Read:
    """Read a file that was seen below a root; whatever is wrong with it becomes a reason."""
    path = root / seen.path
    try:
        file = read_image_file(path)
        members = _members(root, file)
    except Exception as error:  # noqa: BLE001 - one file of strangers must not keep the others out
        return Read(seen, None, _reason(error, path), (seen.path,))
    return Read(seen, file, "", (seen.path, *(each for each in members if each != seen.path)))


def _members(root: Path, file: ImageFile) -> list[str]:
    """The files of a set, by their paths below the root; ValueError for one that leads outside."""
    found = []
    for member in getattr(file, "members", (file.path,)):
        if not member.resolve().is_relative_to(root):
            raise ValueError(f"It names {member.name}, which leads outside the folder.")
        found.append(member.relative_to(root).as_posix())
    return found


def _reason(error: Exception, path: Path) -> str:
    told = str(error).replace(str(path), path.name)
    return told or f"{path.name} could not be read ({type(error).__name__})."
