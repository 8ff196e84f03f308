"""Saves what was changed in a spreadsheet as one action, and takes back into its cells what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from omero_desk.entities.edits import Edit, Receipt, Rename, SetManyPairs
from omero_desk.entities.objects import Kind
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import PendingEdit
from omero_desk.models.labels import plain, shortened
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.columns import Column, Field
from omero_desk.models.sheet.saving import planned
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import plural, translate
from omero_desk.models.unsaved import Unsaved

_MOST_ITEMS: Final = 100
_LONGEST_ITEM: Final = 200
_REST_MS: Final = 50
"""How long nothing else is saved before rows are read again."""


class SheetSaver(QObject):
    """Hands the changes of a `SheetModel` to the `EditsModel`. `changed`: there are others, or some are saved.

    A refused edit is given back to its cells with the reason, and leaves the queue: nothing typed is lost, and the
    next save is made against what the server has then. Rows that anything else changes are read again; a cell counts
    as changed until its row has come.
    """

    changed = Signal()

    def __init__(self, sheet: SheetModel, edits: EditsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet, self._edits = sheet, edits
        self._action = 0
        self._sent: dict[Edit, tuple[Cell, ...]] = {}
        self._open: Counter[Cell] = Counter()
        self._texts: dict[Cell, str] = {}
        self._failed: set[Cell] = set()
        self._met: dict[Cell, str] = {}
        """What the server had in cells that came back, until their rows are read again."""
        self._saved: set[Cell] = set()
        self._again: set[int] = set()
        self.total = 0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._read)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._give_up)
        edits.done.connect(self._take)
        edits.given_back.connect(self._take_back)
        edits.changed.connect(self._look.start)
        sheet.rows.arrived.connect(self._settle)
        sheet.changes.changed.connect(self._follow)

    @property
    def left(self) -> int:
        """The number of edits that are on their way."""
        return len(self._sent)

    @property
    def is_saving(self) -> bool:
        """True while changes are on their way."""
        return bool(self._sent)

    @property
    def unsaved(self) -> list[Cell]:
        """The changed cells, without those that are saved and whose rows are on their way."""
        return [cell for cell in self._sheet.changes.texts if cell not in self._saved]

    def save(self) -> None:
        """Send all changes as one action. Raises FailedError where nobody is signed in."""
        if self.is_saving:
            return
        texts = {cell: self._sheet.changes.texts[cell] for cell in self.unsaved}
        plans = planned(texts, self._sheet.all_entities, self._sheet.rows.known)
        if not plans:
            return
        self._sent = {plan.edit: plan.cells for plan in plans}
        self._open = Counter(cell for plan in plans for cell in plan.cells)
        self._texts, self._failed, self.total = texts, set(), len(plans)
        self._met.clear()
        self._sheet.forget_problems()
        self._action = self._edits.submit([(plan.edit, plan.name) for plan in plans])
        self.changed.emit()

    def stop(self) -> None:
        """Forget what is on its way: another account comes."""
        self._sent.clear()
        self._saved.clear()
        self._again.clear()
        self._met.clear()

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return the changed cells, as what would be lost."""
        cells = [] if self.is_saving else self.unsaved
        if not cells:
            return ()
        words = plural("Sheet", "%n changed cells are not saved", "%n changed cell is not saved", len(cells))
        items = tuple(map(self._item, cells[:_MOST_ITEMS]))
        return (Unsaved(words, self.changed, self.save, self._sheet.changes.clear, items),)

    def _item(self, cell: Cell) -> str:
        image, column = cell
        entity = self._sheet.all_entities.get(image)
        name = plain(entity.name) if entity is not None else str(image)
        text = plain(self._sheet.changes.texts[cell][:_LONGEST_ITEM])
        return translate("Sheet", "{image}, {column}: {text}").format(image=name, column=column.title, text=text)

    def _take(self, edit: PendingEdit, receipt: Receipt) -> None:
        self._again.update(ref.id for ref in edit.edit.refs if ref.kind == Kind.IMAGE)
        left_out = {ref.id for ref in receipt.left_out}
        cells = self._close(edit)
        refused = [cell for cell in cells if cell[0] in left_out]
        if refused:
            self._refuse(refused, translate("Sheet", "You may not annotate this image, or it is not there any more."))
        others = {(ref.id, Column(Field.KEY, key)) for ref, key in receipt.conflicts}
        met = [cell for cell in cells if cell in others]
        if met:
            self._meet(met, translate("Sheet", "Somebody else has changed this meanwhile."))
        self._end()

    def _take_back(self, edit: PendingEdit) -> None:
        cells = self._close(edit)
        if cells:
            self._again.update(image for image, _column in cells)
            (self._meet if isinstance(edit.edit, Rename | SetManyPairs) else self._refuse)(cells, edit.reason)
            self._edits.discard(edit.id)
        self._end()

    def _give_up(self) -> None:
        """Keep as changed what somebody took out of the queue."""
        if self._sent and not any(one.action == self._action for one in self._edits.pending):
            self._failed.update(cell for cells in self._sent.values() for cell in cells)
            self._sent.clear()
            self._end()

    def _close(self, edit: PendingEdit) -> tuple[Cell, ...]:
        """Return the cells of an edit of ours that has ended; those of which nothing is on its way are saved."""
        cells = self._sent.pop(edit.edit, ()) if edit.action == self._action else ()
        self._open.subtract(cells)
        self._saved.update(cell for cell in cells if self._open[cell] <= 0)
        return cells

    def _meet(self, cells: Sequence[Cell], reason: str) -> None:
        """Refuse cells that somebody else may have changed, and say what they are now when that is known."""
        self._met.update((cell, self._sheet.saved_text(cell)) for cell in cells)
        self._refuse(cells, reason)

    def _say_what_is(self, image_ids: Set[int]) -> None:
        """Say of cells whose rows have come what somebody else has written there; the same as was typed is saved."""
        sheet, here = self._sheet, [cell for cell in self._met if cell[0] in image_ids]
        for cell in here:
            before, now = self._met.pop(cell), sheet.saved_text(cell)
            if now == sheet.text(cell):
                sheet.settle([cell])
            elif now != before:
                sheet.refuse([cell], _told(now))

    def _refuse(self, cells: Sequence[Cell], reason: str) -> None:
        self._failed.update(cells)
        self._sheet.refuse(cells, reason)

    def _end(self) -> None:
        self._saved -= self._failed
        if not self._sent and self._again:
            self._rest.start()
        self.changed.emit()

    def _read(self) -> None:
        again, self._again = self._again, set()
        self._sheet.rows.read_again(again)

    def _settle(self, image_ids: Iterable[int]) -> None:
        """Forget the changes of saved cells whose rows have come, unless something else was typed meanwhile."""
        arrived, texts = set(image_ids) - self._again, self._sheet.changes.texts
        here = {cell for cell in self._saved if cell[0] in arrived}
        if here:
            self._saved -= here
            self._sheet.settle(cell for cell in here if texts.get(cell) == self._texts.get(cell))
            self.changed.emit()
        if self._met:
            self._say_what_is(arrived)
            self.changed.emit()

    def _follow(self, cells: Iterable[Cell]) -> None:
        """Take what is typed into a saved cell for a new change."""
        texts = self._sheet.changes.texts
        self._saved -= {cell for cell in cells if texts.get(cell) != self._texts.get(cell)}
        self.changed.emit()


def _told(now: str) -> str:
    """Return what is said of a cell that somebody else has changed."""
    if not now:
        return translate("Sheet", "Somebody else has removed this meanwhile.")
    return translate("Sheet", "Somebody else has changed this to “{text}” meanwhile.").format(text=shortened(now))
