"""Reads one file of a folder: the images in it, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from omero_desk.server.folder.walk import Seen
from omero_desk.server.images.library import ImageFileRecord, read_image_file
from omero_desk.server.workers.crew import CrewClosedError

_AT_ONCE_BYTES: Final = 4 * 2**20
_AT_ONCE_WORK: Final = 2**26


@dataclass(frozen=True, slots=True)
class Read:
    """The result of reading the file `seen`: its images in `file`, or the `reason` why it could not be read.

    `members` are the paths of all files that hold the images, this one first.
    """

    seen: Seen
    file: ImageFileRecord | None
    reason: str
    members: tuple[str, ...]

    @property
    def is_measured(self) -> bool:
        """True if all pixels were measured, or there are none."""
        images = self.file.images if self.file is not None else ()
        return all(channel.extremes is not None for image in images for channel in image.channels)


class ReadImageFile(Protocol):
    """A function such as images.library.read_image_file, in this process or in another."""

    def __call__(self, path: Path, *, measured: bool, most_work: float) -> ImageFileRecord:
        """Return what a file holds; raises ImageFileError."""


def read_seen(root: Path, seen: Seen, read_file: ReadImageFile = read_image_file) -> Read:
    """Read a file below a root; any error but that of the server's end becomes the reason of the result."""
    path = root / seen.path
    try:
        file = read_file(inside(root, seen.path), measured=is_measured_at_once(path, seen), most_work=_AT_ONCE_WORK)
        members = _members(root, file)
    except CrewClosedError:
        raise
    except Exception as error:  # noqa: BLE001 - one file of strangers must not keep the others out
        return Read(seen, None, _reason(error, path), (seen.path,))
    return Read(seen, file, "", (seen.path, *(each for each in members if each != seen.path)))


def is_measured_at_once(path: Path, seen: Seen) -> bool:
    """Return whether an image is small enough to be measured before it is shown."""
    return seen.size <= _AT_ONCE_BYTES and not path.is_dir()


def _members(root: Path, file: ImageFileRecord) -> list[str]:
    """The files of a set, by their paths below the root; ValueError for one that leads outside."""
    found = []
    for member in file.members:
        found.append(member.relative_to(root).as_posix())
        inside(root, found[-1])
    return found


def inside(root: Path, path: str) -> Path:
    """Return the place of a path below a root; ValueError if it leads outside, through a link."""
    place = root / path
    if not place.resolve().is_relative_to(root):
        raise ValueError(f"{place.name} leads outside the folder.")
    return place


def _reason(error: Exception, path: Path) -> str:
    told = str(error).replace(str(path), path.name)
    return told or f"{path.name} could not be read ({type(error).__name__})."
