"""A layout that places widgets in a row, and in more rows if one is too short."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded


class FlowLayout(QLayout):
    """Lays widgets out like words in a paragraph, each as large as it wants to be."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)

    @override
    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def expandingDirections(self) -> Qt.Orientation:
        """Return none: room that is left stays empty."""
        return Qt.Orientation(0)

    @override
    def hasHeightForWidth(self) -> bool:
        """Return True: the narrower, the more rows."""
        return True

    @guarded(0)
    @override
    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        return self._flow(QRect(0, 0, width, 0), move=False)

    @override
    def setGeometry(self, rect: QRect) -> None:
        """Place every widget."""
        super().setGeometry(rect)
        self._flow(rect, move=True)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        """Return the size of all widgets in one row."""
        sizes = [item.sizeHint() for item in self._shown()]
        gaps = self.spacing() * max(len(sizes) - 1, 0)
        return self._framed(sum(one.width() for one in sizes) + gaps, max((one.height() for one in sizes), default=0))

    @override
    def minimumSize(self) -> QSize:
        """Return the size of the widest widget and the highest."""
        sizes = [item.sizeHint() for item in self._shown()]
        return self._framed(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _framed(self, width: int, height: int) -> QSize:
        edges = self.contentsMargins()
        return QSize(width + edges.left() + edges.right(), height + edges.top() + edges.bottom())

    def _flow(self, rect: QRect, move: bool) -> int:
        """Go through the rows, place the widgets if `move`, and return the height of all rows."""
        edges, top = self.contentsMargins(), rect.top() + self.contentsMargins().top()
        left = rect.left() + edges.left()
        x, right = left, rect.right() + 1 - edges.right()
        row: list[tuple[QLayoutItem, int]] = []
        height = 0
        for item in self._shown():
            width = item.sizeHint().width()
            if row and x + width > right:
                top += self._place(row, top, height, move) + self.spacing()
                x, height, row = left, 0, []
            row.append((item, x))
            x += width + self.spacing()
            height = max(height, item.sizeHint().height())
        return top + self._place(row, top, height, move) + edges.bottom() - rect.top()

    @staticmethod
    def _place(row: list[tuple[QLayoutItem, int]], top: int, height: int, move: bool) -> int:
        for item, x in row if move else ():
            size = item.sizeHint()
            item.setGeometry(QRect(QPoint(x, top + (height - size.height()) // 2), size))
        return height


def empty(layout: QLayout, start: int = 0) -> None:
    """Take the widgets out of a layout from a place on, at once from sight and then from life."""
    while (item := layout.takeAt(start)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
