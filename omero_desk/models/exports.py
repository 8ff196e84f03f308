"""Images on their way into files: one after the other, in the background."""

from __future__ import annotations

import errno
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final, Protocol

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.image_entities import ImageInfo, Length, RenderingSettings
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.imaging.composite import Picture
from omero_desk.models.messages import MessagesModel
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewport import Rect

BATCH: Final = 16 * 2**20
"""Bytes that are read at a time, one plane at least."""
LARGEST_PLANE: Final = 2**30
"""Bytes of the largest plane that is exported: one has to fit into memory."""
LONGEST_NAME: Final = 180
"""Bytes of an image's name in that of a file; file systems take 255 for all of it."""
_WINDOWS_NAMES: Final = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_WORDS: Final = {
    errno.ENOSPC: "There is not enough room on the disk.",
    errno.EFBIG: "The disk does not take files that large.",
    errno.EDQUOT: "There is not enough room left for you on the disk.",
    errno.EACCES: "You may not write there.",
    errno.EPERM: "You may not write there.",
    errno.EROFS: "Nothing can be written there.",
    errno.ENOENT: "That folder does not exist.",
    errno.ENOTDIR: "That folder does not exist.",
    errno.EISDIR: "There is a folder of that name.",
    errno.ENAMETOOLONG: "The name is too long.",
    errno.EINVAL: "The disk does not take such a name.",
}


class Extent(Enum):
    """How much of an image; the value is the word that the user reads."""

    PLANE = "This plane"
    STACK = "This stack"
    ALL = "All planes"


class FileFormat(Enum):
    """What kind of file; the value is how its name ends."""

    OME_TIFF = ".ome.tif"
    TIFF = ".tif"


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a level of an image, in its pixels, of which each is `scale` (across, down) of the image's own."""

    level: int
    rect: Rect
    scale: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def whole(cls, info: ImageInfo) -> Area:
        """All of the image's own pixels."""
        return cls(0, Rect(0, 0, info.size_x, info.size_y))


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What goes into which file: all channels of some sections and time points, as they were acquired.

    `settings` give the channels their colours; `area` is the part that is wanted, if not all of it is.
    """

    info: ImageInfo
    settings: RenderingSettings
    path: Path
    format: FileFormat
    sections: range
    times: range
    area: Area | None = None

    @property
    def written(self) -> ImageInfo:
        """The image as the file has it: with the sizes and lengths of the part."""
        if self.area is None:
            return self.info
        rect, (across, down) = self.area.rect, self.area.scale
        physical_x, physical_y = _times(self.info.physical_x, across), _times(self.info.physical_y, down)
        part = replace(self.info, physical_x=physical_x, physical_y=physical_y)
        return replace(part, size_x=rect.width, size_y=rect.height)

    @property
    def keys(self) -> tuple[PlaneKey, ...]:
        """The planes in the file's order: channels first, then z, then t."""
        return tuple(PlaneKey(z, c, t) for t in self.times for z in self.sections for c in range(self.info.size_c))

    @property
    def count(self) -> int:
        """How many planes there are."""
        return len(self.sections) * len(self.times) * self.info.size_c

    @property
    def size(self) -> int:
        """Bytes of all planes."""
        return self.count * self.written.plane_bytes


class ImageFile(Protocol):
    """A file that is being written under another name; each method works off the GUI's thread and raises OSError."""

    async def add(self, planes: Sequence[NDArray[Any]]) -> None:
        """Write the next planes."""

    async def finish(self) -> None:
        """All planes are there: give the file its name."""

    def abandon(self) -> object:
        """Leave nothing behind; waits for nothing."""


ReadPlanes = Callable[[ExportPlan, Sequence[PlaneKey]], Awaitable[Sequence[NDArray[Any]]]]
StartFile = Callable[[ExportPlan], Awaitable[ImageFile]]
Content = bytes | str | Callable[[], bytes]
"""What a file holds; a function makes it off the GUI's thread."""
Work = Callable[[], Awaitable[None]]
WriteBytes = Callable[[Path, Content], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Export:
    """A file under way: how many of its `total` planes are in it; 0 where it is not known how long it takes."""

    number: int
    path: Path
    total: int = 0
    done: int = 0


class ExportsModel(QObject):
    """Writes files; each ends with a message. `changed`: what is under way, or how far it is."""

    changed = Signal()

    def __init__(
        self,
        read: ReadPlanes,
        start_file: StartFile,
        write: WriteBytes,
        messages: MessagesModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.under_way: dict[int, Export] = {}
        self._read, self._start_file, self._write, self._messages = read, start_file, write, messages
        self._tasks = Tasks(messages.report)
        self._count = 0

    def start(self, plan: ExportPlan) -> int:
        """Write an image's planes into a file; returns the export's number."""
        export = self._next(plan.path, plan.count)
        return self._begin(export, lambda: self._export(export.number, plan))

    def draw(self, path: Path, picture: Callable[[], Awaitable[Picture]], finish: Callable[[Picture], Content]) -> int:
        """Write a picture once it is there, as `finish` makes it a file; returns the export's number."""

        async def write() -> None:
            await self._write(path, finish(await picture()))

        return self._begin(self._next(path), write)

    def save(self, path: Path, content: Content, tell: bool = True) -> None:
        """Write what there is already, such as a picture, and tell of it."""
        self._tasks.start(path, self._follow(path, lambda: self._write(path, content), tell))

    def cancel(self, number: int) -> None:
        """Give an export up; nothing of its file stays."""
        self._tasks.cancel(number)

    def cancel_all(self) -> None:
        """Give everything up."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _next(self, path: Path, total: int = 0) -> Export:
        self._count += 1
        return Export(self._count, path, total)

    def _begin(self, export: Export, work: Work) -> int:
        self.under_way[export.number] = export
        self._tasks.start(export.number, self._keep(export, work))
        self.changed.emit()
        return export.number

    async def _keep(self, export: Export, work: Work) -> None:
        try:
            await self._follow(export.path, work)
        finally:
            del self.under_way[export.number]
            self.changed.emit()

    async def _follow(self, path: Path, work: Work, tell: bool = True) -> None:
        """Tell how it ends."""
        try:
            await work()
        except OSError as error:
            self._tell_failure(path, error)
        except GatewayError as error:
            self._messages.report(type(error)(f"{path.name} was not saved. {error.message}", error.detail))
        else:
            if tell:
                self._messages.inform(f"Saved {path}")

    async def _export(self, number: int, plan: ExportPlan) -> None:
        file = await self._start_file(plan)
        try:
            await self._fill(number, file, plan)
            await file.finish()
        except BaseException:
            file.abandon()
            raise

    async def _fill(self, number: int, file: ImageFile, plan: ExportPlan) -> None:
        keys = plan.keys
        count = max(BATCH // max(plan.written.plane_bytes, 1), 1)
        for first in range(0, len(keys), count):
            await file.add(await self._read(plan, keys[first : first + count]))
            self.under_way[number] = replace(self.under_way[number], done=min(first + count, len(keys)))
            self.changed.emit()

    def _tell_failure(self, path: Path, error: OSError) -> None:
        self._messages.report(FailedError(f"{path.name} was not saved. {disk_words(error)}", str(error)))


def _times(length: Length | None, factor: float) -> Length | None:
    return None if length is None else replace(length, value=length.value * factor)


def disk_words(error: OSError) -> str:
    """Why a file could not be written, in a sentence."""
    return _WORDS.get(error.errno or 0, f"{error.strerror or error}.")


def file_name(name: str, *parts: str) -> str:
    """A name that every file system takes, without an ending, of an image's name and what is exported of it."""
    stem = re.sub(r"(\.ome)?\.\w{2,5}$", "", name.replace("\\", "/").rpartition("/")[2], flags=re.IGNORECASE)
    stem = "".join(character if _is_plain(character) else "_" for character in stem)
    stem = stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(". ")
    if not stem or _WINDOWS_NAMES.match(stem):
        stem = f"image_{stem}".rstrip("_")
    return "_".join((stem, *parts))


def _is_plain(character: str) -> bool:
    """Whether a character may stand in a name everywhere: it can be seen, and turns no other around."""
    return character not in '<>:"|?*' and (character == " " or character.isprintable())
