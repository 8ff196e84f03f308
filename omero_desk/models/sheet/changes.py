"""The cells of a spreadsheet that were changed and are not saved, with undo and redo of what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from omero_desk.models.sheet.columns import Column

Cell = tuple[int, Column]
"""The id of an image, and a column."""
Texts = Mapping[Cell, str | None]
"""The new texts of cells; None is what the server has."""


class ChangesModel(QObject):
    """The texts of changed cells. `changed` carries the cells that say something else now.

    Each call of `set` is a step that `undo` takes back and `redo` makes again.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[Cell, str] = {}
        self._by_image: dict[int, int] = {}
        self._done: list[Texts] = []
        self._undone: list[Texts] = []

    @property
    def texts(self) -> Mapping[Cell, str]:
        """All changed cells."""
        return self._texts

    @property
    def images(self) -> int:
        """The number of images that have changed cells."""
        return len(self._by_image)

    @property
    def remembered(self) -> set[int]:
        """The images that have changed cells, or would have some again after `undo` or `redo`."""
        steps = (step for steps in (self._done, self._undone) for step in steps)
        return self._by_image.keys() | {image for step in steps for image, _column in step}

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return bool(self._undone)

    def set(self, texts: Texts) -> None:
        """Change cells; a text of None makes one as the server has it."""
        before = self._put(texts)
        if before:
            self._done.append(before)
            self._undone.clear()
            self.changed.emit(list(before))

    def undo(self) -> None:
        """Take the last step back."""
        self._turn(self._done, self._undone)

    def redo(self) -> None:
        """Make the last step again that was taken back."""
        self._turn(self._undone, self._done)

    def settle(self, cells: Iterable[Cell]) -> None:
        """Forget cells that are saved now; what was typed before cannot be taken back any more."""
        gone = [cell for cell in cells if cell in self._texts]
        self._put(dict.fromkeys(gone))
        self._done.clear()
        self._undone.clear()
        self.changed.emit(gone)

    def discard(self) -> None:
        """Make all cells as the server has them, which `undo` takes back."""
        self.set(dict.fromkeys(self._texts))

    def clear(self) -> None:
        """Forget everything."""
        cells = list(self._texts)
        self._texts.clear()
        self._by_image.clear()
        self._done.clear()
        self._undone.clear()
        self.changed.emit(cells)

    def _turn(self, steps: list[Texts], back: list[Texts]) -> None:
        if steps:
            before = self._put(steps.pop())
            back.append(before)
            self.changed.emit(list(before))

    def _put(self, texts: Texts) -> Texts:
        before: dict[Cell, str | None] = {}
        for cell, text in texts.items():
            old = self._texts.get(cell)
            if text == old:
                continue
            before[cell] = old
            if text is None:
                del self._texts[cell]
                self._count(cell[0], -1)
            else:
                self._texts[cell] = text
                self._count(cell[0], old is None)
        return before

    def _count(self, image_id: int, by: int) -> None:
        number = self._by_image.pop(image_id, 0) + by
        if number:
            self._by_image[image_id] = number
