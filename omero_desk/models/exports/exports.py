"""Exports: planes, pictures and tables are written to files in the background."""

from __future__ import annotations

import errno
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.images import ImageInfo, Length, RenderingSettings
from omero_desk.entities.pixels import Plane, PlaneKey
from omero_desk.entities.sentences import Text, mark
from omero_desk.imaging.composite import Picture
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.labels import plain
from omero_desk.models.messages import Action, MessagesModel, Posted
from omero_desk.models.quantities import number as in_digits
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, say, translate
from omero_desk.models.unsaved import Unsaved

BATCH: Final = 16 * 2**20
"""Bytes that are read in one request, at least one plane."""
LARGEST_PLANE: Final = 2**30
"""Bytes of the largest plane that is exported: a whole plane is in memory at a time."""
LONGEST_NAME: Final = 180
"""Bytes of an image's name in a file's name; file systems take 255 for the whole name."""
_WINDOWS_NAMES: Final = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_NO_PERMISSION: Final = mark("Exports", "You do not have permission to write to that folder.")
_NO_FOLDER: Final = mark("Exports", "That folder does not exist.")
_REASONS: Final[dict[int, Text]] = {
    errno.ENOSPC: mark("Exports", "There is not enough space on the disk."),
    errno.EFBIG: mark("Exports", "The disk does not allow files of that size."),
    errno.EDQUOT: mark("Exports", "Your space on that disk is used up."),
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: mark("Exports", "That disk is read-only."),
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EISDIR: mark("Exports", "A folder already has that name."),
    errno.ENAMETOOLONG: mark("Exports", "The file name is too long."),
    errno.EINVAL: mark("Exports", "The disk does not allow such a file name."),
}


class Extent(Enum):
    """The planes of an image that are exported: the one in view, its whole z-stack, or all."""

    PLANE = "plane"
    STACK = "stack"
    ALL = "all"


class FileFormat(Enum):
    """The format of a file of planes; the value is the ending of the file's name."""

    OME_TIFF = ".ome.tif"
    TIFF = ".tif"


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a level of an image, in the level's pixels, each `scale` (across, down) pixels of the image."""

    level: int
    rect: Rect
    scale: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def whole(cls, info: ImageInfo) -> Area:
        """Return the area of all of the image's own pixels."""
        return cls(0, Rect(0, 0, info.size_x, info.size_y))


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """The content of one file: all channels of some sections and time points, with the pixel values as acquired.

    `settings` give the channels their colours; `area` is the part to export, None for the whole planes.
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
        """The image as it is in the file: with the sizes and the pixel lengths of the exported part."""
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
        """The number of planes."""
        return len(self.sections) * len(self.times) * self.info.size_c

    @property
    def size(self) -> int:
        """The bytes of all planes."""
        return self.count * self.written.plane_bytes


class ExportFile(Protocol):
    """A file of planes, under a temporary name until it is finished (an atomic write).

    Each method works off the GUI's thread and raises OSError.
    """

    async def add(self, planes: Sequence[Plane]) -> None:
        """Write the next planes."""

    async def finish(self) -> None:
        """Give the file its name, once all planes are written."""

    def abandon(self) -> object:
        """Delete what has been written; does not wait for that."""


ReadExportPlanes = Callable[[ExportPlan, Sequence[PlaneKey]], Awaitable[Sequence[Plane]]]
"""Reads the planes of a plan, or the plan's part of each; raises GatewayError."""
StartFile = Callable[[ExportPlan], Awaitable[ExportFile]]
Content = bytes | str | Callable[[], bytes]
"""The content of a file, or a function that makes it off the GUI's thread."""
Work = Callable[[], Awaitable[None]]
Tell = Callable[[int, int, str], object]
"""Takes how much of how much is done, and that in words."""
WriteBytes = Callable[[Path, Content], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RunningExport:
    """A file that is being written: `done` of its `total` planes are in it; `total` is 0 for files without planes."""

    number: int
    path: Path
    total: int = 0
    done: int = 0


class ExportsModel(TaskOwner, QObject):
    """Writes files, each as an activity, and tells when one is saved or cannot be.

    `show_file` shows a file that was saved; there is no offer to do so without it. `under_way` has the running exports
    by number; `changed` is emitted when they or their progress change.
    """

    changed = Signal()

    def __init__(
        self,
        read: ReadExportPlanes,
        start_file: StartFile,
        write: WriteBytes,
        messages: MessagesModel,
        parent: QObject | None = None,
        activities: ActivitiesModel | None = None,
    ) -> None:
        super().__init__(parent)
        self.show_file: Callable[[Path], object] | None = None
        self._activities = activities if activities is not None else ActivitiesModel(self)
        self.under_way: dict[int, RunningExport] = {}
        self._read, self._start_file, self._write, self._messages = read, start_file, write, messages
        self._tasks = Tasks(messages.report)
        self._count = 0
        self._rows: dict[int, int] = {}

    def start(self, plan: ExportPlan) -> int:
        """Write an image's planes to a file, and return the export's number."""
        export = self._next(plan.path, plan.count)
        return self._begin(export, lambda: self._export(export.number, plan), lambda: self.start(plan))

    def draw(self, path: Path, picture: Callable[[], Awaitable[Picture]], finish: Callable[[Picture], Content]) -> int:
        """Write the picture that `picture` makes, as the content that `finish` turns it into.

        Returns the export's number.
        """

        async def write() -> None:
            await self._write(path, finish(await picture()))

        return self._begin(self._next(path), write)

    def stream(self, path: Path, small: str, write: Callable[[Tell], Awaitable[None]]) -> int:
        """Have `write` write a file, which raises OSError or GatewayError where it cannot; returns the number.

        `small` says what goes on. It tells how far it is, and leaves nothing behind where it does not get to its end.
        """
        export = self._next(path)
        number = export.number

        def tell(done: int, total: int, words: str) -> None:
            self.under_way[number] = replace(self.under_way[number], done=done, total=total)
            self._activities.progress(self._rows[number], done, total, words)
            self.changed.emit()

        return self._begin(export, lambda: write(tell), lambda: self.stream(path, small, write), small)

    def save(self, path: Path, content: Content, tell: bool = True) -> None:
        """Write content that is here already; success is reported only if `tell` is True."""
        self._tasks.start(path, self._follow(path, lambda: self._write(path, content), tell))

    def cancel(self, number: int) -> None:
        """Cancel an export; nothing of its file is left behind."""
        self._tasks.cancel(number)

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return the running exports as what would be lost: saving them is to wait for their ends."""
        running = tuple(self.under_way.values())
        number = len(running)
        if not number:
            return ()
        words = plural("Exports", "%n files are still being written", "%n file is still being written", number)
        names = tuple(one.path.name for one in running)
        return (Unsaved(words, self.changed, lambda: None, self.cancel_all, names),)

    def _next(self, path: Path, total: int = 0) -> RunningExport:
        self._count += 1
        return RunningExport(self._count, path, total)

    def _begin(
        self, export: RunningExport, work: Work, again: Callable[[], object] | None = None, small: str = ""
    ) -> int:
        number = export.number
        title = translate("Exports", "Saving {file}").format(file=plain(export.path.name))
        small = small or translate("Exports", "Reading pixels")
        self._rows[number] = self._activities.begin("export", title, small, lambda: self.cancel(number))
        self.under_way[number] = export
        following = self._follow(export.path, work, row=self._rows[number], again=again)
        self._tasks.start(number, following, lambda: self._end(number))
        self.changed.emit()
        return number

    def _end(self, number: int) -> None:
        """Forget an export; where it did not come to its end it was given up."""
        self._activities.cancelled(self._rows.pop(number))
        del self.under_way[number]
        self.changed.emit()

    async def _follow(
        self, path: Path, work: Work, tell: bool = True, row: int = 0, again: Callable[[], object] | None = None
    ) -> None:
        """Do the work, and tell of its end; `row` is the number of its activity."""
        try:
            await work()
        except (OSError, GatewayError) as error:
            self._tell_failure(path, error, row, again)
        else:
            self._tell_saved(path, tell, row)

    def _tell_saved(self, path: Path, tell: bool, row: int) -> None:
        actions: tuple[Action, ...] = ()
        if (show := self.show_file) is not None:
            actions = (Action(translate("Exports", "Show file"), lambda: show(path)),)
        title = translate("Exports", "Saved {file}").format(file=plain(path.name))
        self._activities.finish(row, title, plain(str(path.parent)), actions)
        if tell:
            self._messages.inform(translate("Exports", "Saved {path}").format(path=path), *actions)

    def _tell_failure(
        self, path: Path, error: OSError | GatewayError, row: int, again: Callable[[], object] | None
    ) -> None:
        reason = disk_words(error) if isinstance(error, OSError) else say(error.sentence)
        detail = str(error) if isinstance(error, OSError) else error.detail
        kind = FailedError if isinstance(error, OSError) else type(error)
        posted: list[Posted | None] = []

        def retry() -> None:
            for told in filter(None, posted):
                told.retract()
            if again is not None:
                again()

        actions = (Action(translate("Exports", "Try again"), retry),) if again is not None else ()
        posted.append(self._messages.report(kind(_not_saved(path, reason), detail), *actions))
        title = translate("Exports", "{file} was not saved").format(file=plain(path.name))
        self._activities.fail(row, title, reason, detail, actions)

    async def _export(self, number: int, plan: ExportPlan) -> None:
        file = await self._start_file(plan)
        try:
            await self._fill(number, file, plan)
            await file.finish()
        except BaseException:
            file.abandon()
            raise

    async def _fill(self, number: int, file: ExportFile, plan: ExportPlan) -> None:
        keys = plan.keys
        count = max(BATCH // max(plan.written.plane_bytes, 1), 1)
        for first in range(0, len(keys), count):
            await file.add(await self._read(plan, keys[first : first + count]))
            done = min(first + count, len(keys))
            self.under_way[number] = replace(self.under_way[number], done=done)
            small = plural("Exports", "{done} of %n planes", "{done} of %n plane", len(keys)).format(
                done=in_digits(done)
            )
            self._activities.progress(self._rows[number], done, len(keys), small)
            self.changed.emit()


def _not_saved(path: Path, reason: str) -> str:
    """Return the message about a file that could not be written; `reason` is a sentence."""
    return translate("Exports", "{file} was not saved. {reason}").format(file=path.name, reason=reason)


def _times(length: Length | None, factor: float) -> Length | None:
    return None if length is None else replace(length, value=length.value * factor)


def disk_words(error: OSError) -> str:
    """Return the reason why a file could not be written, as a sentence: the system's own for errors not known here."""
    reason = _REASONS.get(error.errno or 0)
    return f"{error.strerror or error}." if reason is None else say(reason)


def file_name(name: str, *parts: str) -> str:
    """Return a file name without an ending that every file system allows, made of an image's name and `parts`."""
    stem = re.sub(r"(\.ome)?\.\w{2,5}$", "", name.replace("\\", "/").rpartition("/")[2], flags=re.IGNORECASE)
    stem = "".join(character if _is_plain(character) else "_" for character in stem)
    stem = stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(". ")
    if not stem or _WINDOWS_NAMES.match(stem):
        stem = f"image_{stem}".rstrip("_")
    return "_".join((stem, *parts))


def _is_plain(character: str) -> bool:
    """True if a character is allowed in file names everywhere, is visible and does not change the text's direction."""
    return character not in '<>:"|?*' and (character == " " or character.isprintable())
