"""Attached files on their way to this computer: saved where the user says, or opened from a private folder."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.annotations import StoredFile
from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.sentences import mark
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.annotations.files.endings import may_open, safe_name
from omero_desk.models.labels import plain
from omero_desk.models.messages import Action, Message, MessagesModel, Severity, describe
from omero_desk.models.quantities import size as size_in_words
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, say, translate
from omero_desk.models.unsaved import Unsaved

Download = Callable[[StoredFile, Path, Callable[[int], object]], Awaitable[None]]
NEVER_OPENED: Final = mark(
    "Annotations", "{name} may be a program or a script, so OMERO Desk does not open it. You can download it."
)
_NO_FOLDER: Final = mark("Annotations", "There is no place for a file to be opened: {reason}")


@dataclass(frozen=True, slots=True)
class _Running:
    """A download under way: the name of the file, and the number of its activity."""

    name: str
    row: int


class DownloadsModel(TaskOwner, QObject):
    """Downloads files, each as an activity with its progress, which can be cancelled.

    `arrived` carries the path of a file that is to be opened with the system's program. Such files are in a folder that
    only this user may look into, which `forget` deletes. `show_folder` shows where a file was saved.
    """

    arrived = Signal(object)
    changed = Signal()

    def __init__(
        self, download: Download, activities: ActivitiesModel, messages: MessagesModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.show_folder: Callable[[Path], object] = lambda path: None
        self._download, self._activities, self._messages = download, activities, messages
        self._tasks = Tasks(messages.report)
        self._numbers = count(1)
        self._running: dict[int, _Running] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._here: dict[int, Path] = {}

    def save(self, file: StoredFile, path: Path) -> None:
        """Write a file to the place that the user chose."""
        self._begin(file, path, lambda: self._saved(path), lambda: self.save(file, path))

    def open(self, file: StoredFile) -> None:
        """Have a file opened, once it is here. Of a program it is only said that this is not done."""
        if not may_open(file.name):
            words = say(NEVER_OPENED).format(name=safe_name(file.name))
            self._messages.post(Message(words, severity=Severity.WARNING))
            return
        here = self._here.get(file.id)
        if here is not None and here.exists():
            self.arrived.emit(here)
            return
        try:
            path = self._place() / safe_name(file.name)
        except OSError as error:
            self._messages.report(FailedError(_NO_FOLDER, reason=error.strerror or str(error)))
            return
        self._begin(file, path, lambda: self._arrived(file, path), lambda: self.open(file))

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return what is under way, as what would be lost."""
        number, names = len(self._running), tuple(one.name for one in self._running.values())
        if not number:
            return ()
        words = plural(
            "Annotations", "%n files are still being downloaded", "%n file is still being downloaded", number
        )
        return (Unsaved(words, self.changed, lambda: None, self.cancel_all, names),)

    def cancel(self, number: int) -> None:
        """Give one up, perhaps before it has begun; nothing of its file is left behind."""
        self._tasks.cancel(number)
        self._end(number)

    @override
    def cancel_all(self) -> None:
        for number in tuple(self._running):
            self.cancel(number)

    def forget(self) -> None:
        """Give up what is under way, and delete the files that were opened: nobody's are left for the next account."""
        self.cancel_all()
        self._here.clear()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def _place(self) -> Path:
        """Return a new folder in the private one. Raises OSError."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="omero-desk-", ignore_cleanup_errors=True)
        return Path(tempfile.mkdtemp(dir=self._folder.name))

    def _begin(self, file: StoredFile, path: Path, done: Callable[[], object], again: Callable[[], object]) -> None:
        name, number = plain(path.name), next(self._numbers)
        title = translate("Annotations", "Downloading {file}").format(file=name)
        row = self._activities.begin("download", title, "", lambda: self.cancel(number))
        self._running[number] = _Running(name, row)
        self._tasks.start(number, self._keep(number, file, path, done, again))
        self.changed.emit()

    async def _keep(
        self, number: int, file: StoredFile, path: Path, done: Callable[[], object], again: Callable[[], object]
    ) -> None:
        try:
            await self._run(self._running[number].row, file, path, done, again)
        finally:
            self._end(number)

    def _end(self, number: int) -> None:
        """Forget one; where it did not come to its end it was given up."""
        one = self._running.pop(number, None)
        if one is not None:
            self._activities.cancelled(one.row)
            self.changed.emit()

    async def _run(
        self, row: int, file: StoredFile, path: Path, done: Callable[[], object], again: Callable[[], object]
    ) -> None:
        name = plain(path.name)
        try:
            await self._download(file, path, lambda so_far: self._tell(row, so_far, file.size or 0))
        except GatewayError as error:
            message = describe(error)
            title = translate("Annotations", "{file} was not downloaded").format(file=name)
            actions = (Action(translate("Exports", "Try again"), again),)
            self._activities.fail(row, title, message.text, message.detail, actions)
            said = translate("Annotations", "{file} was not downloaded. {why}").format(file=name, why=message.text)
            self._messages.report(FailedError(said, message.detail))
        else:
            show = Action(translate("Exports", "Show file"), lambda: self.show_folder(path))
            title = translate("Annotations", "Downloaded {file}").format(file=name)
            self._activities.finish(row, title, plain(str(path.parent)), (show,))
            done()

    def _tell(self, row: int, so_far: int, total: int) -> None:
        words = size_in_words(so_far)
        if total:
            words = translate("Annotations", "{done} of {all}").format(done=words, all=size_in_words(total))
        self._activities.progress(row, so_far, max(total, so_far) if total else 0, words)

    def _saved(self, path: Path) -> None:
        show = Action(translate("Exports", "Show file"), lambda: self.show_folder(path))
        self._messages.inform(translate("Exports", "Saved {path}").format(path=path), show)

    def _arrived(self, file: StoredFile, path: Path) -> None:
        self._here[file.id] = path
        self.arrived.emit(path)
