"""The stage: a grid with an image's canvas, and those of tools around it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

MenuPlace = tuple[QWidget, int, int]
"""A widget with its row and its column."""


class Stage(QWidget):
    """Holds one canvas for good, and the widgets that a tool puts around it."""

    def __init__(self, canvas: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._grid.addWidget(canvas, 0, 0)
        self.guests: tuple[QWidget, ...] = ()

    def arrange(self, guests: Sequence[MenuPlace], row: int = 0, column: int = 0) -> None:
        """Put `guests` around the canvas, which stands at `row` and `column`; earlier guests are deleted."""
        for guest in self.guests:
            self._grid.removeWidget(guest)
            guest.hide()
            guest.deleteLater()
        self.guests = tuple(guest for guest, _row, _column in guests)
        self._grid.removeWidget(self._canvas)
        self._forget_stretches()
        for widget, at_row, at_column in ((self._canvas, row, column), *guests):
            self._grid.addWidget(widget, at_row, at_column)
            widget.show()

    def stretch(self, rows: Sequence[int], columns: Sequence[int]) -> None:
        """Set the shares of the room that rows and columns get."""
        for number, share in enumerate(rows):
            self._grid.setRowStretch(number, share)
        for number, share in enumerate(columns):
            self._grid.setColumnStretch(number, share)

    def _forget_stretches(self) -> None:
        self.stretch([0] * self._grid.rowCount(), [0] * self._grid.columnCount())
