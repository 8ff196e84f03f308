"""The geometry of a grid: places follow from a few numbers, nothing is kept for each cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect

GAP: Final = 8
"""Logical pixels between two cells, and around them all."""


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """`count` cells of at least `cell_width`, in as many columns as fit into `width`; the cells share what is left.

    All coordinates are logical pixels from the grid's top left corner; cells are numbered row by row.
    """

    width: int
    count: int
    cell_width: int
    cell_height: int

    @property
    def columns(self) -> int:
        """The number of columns."""
        return max((self.width - GAP) // (self.cell_width + GAP), 1)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return -(-self.count // self.columns)

    @property
    def row_height(self) -> int:
        """The distance from the top of one row to that of the next."""
        return self.cell_height + GAP

    @property
    def height(self) -> int:
        """The height of the whole grid."""
        return self.rows * self.row_height + GAP

    def end_of_column(self, number: int, down: bool) -> int:
        """Return the last cell in a cell's column (or else of all) if `down`, the first one otherwise."""
        if not down:
            return number % self.columns
        return min((self.rows - 1) * self.columns + number % self.columns, self.count - 1)

    @property
    def _pitch(self) -> int:
        return max((self.width - GAP) // self.columns, self.cell_width + GAP)

    def rect(self, number: int) -> QRect:
        """Return the rectangle of a cell."""
        row, column = divmod(number, self.columns)
        return QRect(GAP + column * self._pitch, GAP + row * self.row_height, self._pitch - GAP, self.cell_height)

    def at(self, point: QPoint) -> int | None:
        """Return the number of the cell at a point, None between cells."""
        column, row = (point.x() - GAP) // self._pitch, (point.y() - GAP) // self.row_height
        number = row * self.columns + column
        inside = 0 <= column < self.columns and 0 <= number < self.count
        return number if inside and self.rect(number).contains(point) else None

    def spans(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """Yield the first and last number of the cells that a rectangle touches in each row."""
        left = max(rect.left() // self._pitch, 0)
        right = min((rect.right() - GAP) // self._pitch, self.columns - 1)
        top = max(rect.top() // self.row_height, 0)
        bottom = min((rect.bottom() - GAP) // self.row_height, self.rows - 1)
        for row in range(top, bottom + 1):
            first, last = row * self.columns + left, min(row * self.columns + right, self.count - 1)
            if left <= right and first <= last:
                yield first, last
