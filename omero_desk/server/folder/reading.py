"""One file of a folder read: the images in it, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omero_desk.server.folder.walk import Seen
from omero_desk.server.images.library import ImageFile, read_image_file

_AT_ONCE_BYTES: Final = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Read:
    """What a file was found to hold: `file`, or else the `reason` why it could not be read.

    `members` are the paths of all files that the images lie in, the first among them; what of it was read is `seen`.
    """

    seen: Seen
    file: ImageFile | None
    reason: str
    members: tuple[str, ...]

    @property
    def is_measured(self) -> bool:
        """Whether all pixels were looked at, or there are none."""
        images = self.file.images if self.file is not None else ()
        return all(channel.extremes is not None for image in images for channel in image.channels)


def read_seen(root: Path, seen: Seen) -> Read:
    """Read a file that was seen below a root; whatever is wrong with it becomes a reason."""
    path = root / seen.path
    try:
        file = read_image_file(inside(root, seen.path), measured=is_measured_at_once(path, seen))
        members = _members(root, file)
    except Exception as error:  # noqa: BLE001 - one file of strangers must not keep the others out
        return Read(seen, None, _reason(error, path), (seen.path,))
    return Read(seen, file, "", (seen.path, *(each for each in members if each != seen.path)))


def is_measured_at_once(path: Path, seen: Seen) -> bool:
    """Tell whether an image is small enough to look at all of its pixels before it is shown."""
    return seen.size <= _AT_ONCE_BYTES and not path.is_dir()


def _members(root: Path, file: ImageFile) -> list[str]:
    """The files of a set, by their paths below the root; ValueError for one that leads outside."""
    found = []
    for member in file.members:
        found.append(member.relative_to(root).as_posix())
        inside(root, found[-1])
    return found


def inside(root: Path, path: str) -> Path:
    """Return the place of a path below a root; ValueError for one that leads outside by now."""
    place = root / path
    if not place.resolve().is_relative_to(root):
        raise ValueError(f"{place.name} leads outside the folder.")
    return place


def _reason(error: Exception, path: Path) -> str:
    told = str(error).replace(str(path), path.name)
    return told or f"{path.name} could not be read ({type(error).__name__})."
