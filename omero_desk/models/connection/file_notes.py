"""The files of a folder that cannot be read, or are missing, as a table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.file_notes import FileNote, FileNotes
from omero_desk.entities.sentences import mark
from omero_desk.models.cells import tabbed
from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain, unmarked
from omero_desk.models.messages import describe
from omero_desk.models.quantities import number as in_digits
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, say, translate

Index = QModelIndex | QPersistentModelIndex
ReadNotes = Callable[[], Awaitable[FileNotes]]
"""Return the notes on all images of the account. Raises GatewayError."""

NOWHERE: Final = QModelIndex()
HEADINGS: Final = (mark("Connection", "File"), mark("Connection", "In"), mark("Connection", "What is wrong"))
_TEXT_ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_TASK: Final = "notes"


class FileNotesModel(TaskOwner, QAbstractTableModel):
    """A row for each note, by the names of files. `problem` is why they could not be read, "" if they were.

    `changed` follows when there are others, or a problem.
    """

    changed = Signal()

    def __init__(
        self, read: ReadNotes, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.problem = ""
        self._read = read
        self._found = FileNotes()
        self._tasks = Tasks(report)

    @property
    def summary(self) -> str:
        """The number of files, or the problem; "" where every file can be read."""
        if self.problem:
            return self.problem
        number = len(self._found.notes)
        if self._found.has_more:
            return translate("Connection", "The first {number} of more files").format(number=in_digits(number))
        return plural("Connection", "%n files cannot be read", "%n file cannot be read", number) if number else ""

    def refresh(self) -> None:
        """Read the notes again."""
        self._tasks.start(_TASK, self._refresh())

    def clear(self) -> None:
        """Forget all, for nobody is signed in any more."""
        self._tasks.cancel(_TASK)
        self._show(FileNotes())

    def as_text(self, rows: Iterable[int]) -> str:
        """Return rows for the clipboard, tabs between the columns."""
        return tabbed(_cells(self._found.notes[row]) for row in rows)

    async def _refresh(self) -> None:
        try:
            found = await self._read()
        except GatewayError as error:
            self._show(FileNotes(), describe(error).text)
        else:
            self._show(found)

    def _show(self, found: FileNotes, problem: str = "") -> None:
        self.beginResetModel()
        self._found, self.problem = found, problem
        self.endResetModel()
        self.changed.emit()

    @override
    @guarded(0)
    def rowCount(self, parent: Index = NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._found.notes)

    @override
    @guarded(0)
    def columnCount(self, parent: Index = NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(HEADINGS)

    @override
    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if not index.isValid():
            return None
        text = _cells(self._found.notes[index.row()])[index.column()]
        if role in _TEXT_ROLES:
            return text
        return unmarked(text) if role == Qt.ItemDataRole.ToolTipRole else None

    @override
    @guarded(None)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        is_title = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return say(HEADINGS[section]) if is_title else None


def _cells(note: FileNote) -> tuple[str, str, str]:
    return plain(note.name), plain(note.dataset), plain(note.text)
