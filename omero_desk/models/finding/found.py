"""What was found by some words among loaded objects and commands, as the rows of a list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.finding.loaded_objects import Group, Hits, LoadedObjects
from omero_desk.models.finding.matching import Fit, Needle, spans
from omero_desk.models.guard import guarded
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import translate

Index = QModelIndex | QPersistentModelIndex

ROW: Final = Qt.ItemDataRole.UserRole + 1
"""The role that tells a row's `FoundRow`."""
ONLY_COMMANDS: Final = ">"
"""The letter in front of words that are looked for among commands alone."""
INSIDE: Final = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""Stands between what holds something and that."""
_SEARCH: Final = "search"
_REST: Final = 0.004
"""Seconds to work before the event loop has its turn."""


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command as it can be found: its name, the menu that it is in, its keys, what it does, and why it cannot."""

    id: str
    name: str
    menu: str
    keys: str = ""
    icon: str = ""
    tip: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row: a heading if it is neither an object nor a command. `place` says where it is, or why it cannot be used.

    `marks` are the starts and lengths of what was looked for in the title. `path` leads to an object in the tree, and
    is empty if it is not there.
    """

    title: str
    place: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    entity: Entity | None = None
    path: tuple[Ref, ...] = ()
    command: CommandRow | None = None

    @property
    def is_heading(self) -> bool:
        """True if it stands for nothing."""
        return self.entity is None and self.command is None


class FoundModel(TaskOwner, QAbstractListModel):
    """Searches while the user types: `groups` gives the loaded objects, `commands` what can be done.

    `completed`: all that there is for the words was found. Nothing is held between `end` and `begin`.
    """

    completed = Signal()

    def __init__(
        self,
        groups: Callable[[], Iterable[Group]],
        commands: Callable[[], Sequence[CommandRow]],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._groups, self._read_commands = groups, commands
        self._tasks = Tasks(report)
        self._objects: LoadedObjects | None = None
        self._commands: Sequence[CommandRow] = ()
        self._rows: list[FoundRow] = []
        self._text = ""
        self.number = 0
        """How many objects and commands were found."""

    @property
    def searching(self) -> bool:
        """True until all was found."""
        return _SEARCH in self._tasks

    def begin(self) -> None:
        """Look at what is loaded and can be done now."""
        self._commands = self._read_commands()
        self._objects = LoadedObjects(self._groups)

    def renew(self) -> None:
        """Look again at what is loaded, and search it for the same words; nothing is done after `end`."""
        if self._objects is not None:
            self._objects = LoadedObjects(self._groups)
            self.search(self._text)

    def search(self, text: str) -> None:
        """Look for words; after ">" among commands alone. Without words all commands are found."""
        self._text = text
        self._tasks.start(_SEARCH, self._search(text))

    def end(self) -> None:
        """Forget all."""
        self._tasks.cancel_all()
        self._objects, self._commands = None, ()
        self._show([], 0)

    def first_row(self) -> int:
        """Return the first row that is no heading, -1 if there is none."""
        return self.next_row(-1, 1)

    def next_row(self, row: int, step: int) -> int:
        """Return the next row that is no heading, in the direction of `step`; `row` itself if there is none."""
        following = row + step
        while 0 <= following < len(self._rows):
            if not self._rows[following].is_heading:
                return following
            following += step
        return row

    def next_group(self, row: int) -> int:
        """Return the first row below the next heading, or below the first one after the last."""
        headings = [place for place, one in enumerate(self._rows) if one.is_heading]
        return next((place for place in headings if place > row), headings[0] if headings else -2) + 1

    async def _search(self, text: str) -> None:
        only_commands = text.startswith(ONLY_COMMANDS)
        needle = Needle.of(text.removeprefix(ONLY_COMMANDS))
        commands = _find_commands(needle, self._commands)
        found, number = list[tuple[Fit, FoundRow]](), 0
        if not only_commands and needle.words and self._objects is not None:
            found, number = await self._find_objects(needle, self._objects)
        groups = [(translate("Finding", "Loaded here"), found), (translate("Finding", "Commands"), commands)]
        groups.sort(key=lambda group: min((fit for fit, _row in group[1]), default=Fit.BESIDE))
        rows = [row for title, some in groups if some for row in (FoundRow(title), *(one for _fit, one in some))]
        self._show(rows, number + len(commands))
        self.completed.emit()

    async def _find_objects(self, needle: Needle, objects: LoadedObjects) -> tuple[list[tuple[Fit, FoundRow]], int]:
        rested = perf_counter()
        for _ in objects.read():
            if perf_counter() - rested > _REST:
                await asyncio.sleep(0)
                rested = perf_counter()
        hits = Hits(needle)
        for hits in objects.search(needle):  # noqa: B007 - the last is complete
            if perf_counter() - rested > _REST:
                await asyncio.sleep(0)
                rested = perf_counter()
        best = [(fit, _object_row(needle, objects.entities[one], objects.above[one])) for fit, one in hits.best]
        return best, len(hits.all)

    def _show(self, rows: list[FoundRow], number: int) -> None:
        self.beginResetModel()
        self._rows, self.number = rows, number
        self.endResetModel()

    # QAbstractListModel

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self._rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row)
        return None


def spoken(row: FoundRow) -> str:
    """Return all that a row says, in the order in which it is to be heard."""
    kind = labels.kind_name(row.entity.ref.kind) if row.entity is not None else ""
    keys = row.command.keys if row.command is not None else ""
    return ", ".join(filter(None, (row.title, kind, row.place, keys)))


def _find_commands(needle: Needle, commands: Sequence[CommandRow]) -> list[tuple[Fit, FoundRow]]:
    found = [(needle.fit(folded(one.name), folded(f"{one.menu} {one.tip}")), one) for one in commands]
    fitting = [(fit, _command_row(needle, one)) for fit, one in found if fit is not None]
    return sorted(fitting, key=lambda pair: pair[0])


def _command_row(needle: Needle, command: CommandRow) -> FoundRow:
    marks = tuple(spans(needle.words, command.name))
    return FoundRow(command.name, command.why_not or command.menu, marks, command=command)


def _object_row(needle: Needle, entity: Entity, above: tuple[Entity, ...]) -> FoundRow:
    title = labels.shortened(labels.name(entity))
    path = (*(one.ref for one in above), entity.ref) if above or entity.ref.kind != Kind.IMAGE else ()
    place = INSIDE.join(labels.shortened(labels.name(one)) for one in above)
    kind = labels.kind_name(entity.ref.kind)
    if entity.ref.kind != Kind.ORPHANED_IMAGES:
        kind = translate("Finding", "{kind} {id}").format(kind=kind, id=entity.ref.id)
    marks = tuple(spans(needle.words, title))
    return FoundRow(title, " · ".join(filter(None, (place, kind))), marks, entity, path)
