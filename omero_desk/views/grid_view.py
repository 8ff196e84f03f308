"""Cells of one size in rows: of any number only those on the screen are laid out and drawn."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionRubberBand, QWidget

from omero_desk.views.grid_geometry import GAP, GridGeometry

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
Move = QAbstractItemView.CursorAction


class GridView(QListView):
    """A grid over the rows of a table. `moved`: others may be in sight than before, or none.

    Qt's list view is below it for what it tells a screen reader; where the cells are is decided here.
    """

    moved = Signal()

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell_size = QSize(1, 1)
        self._anchor = QPersistentModelIndex()
        self._band = QRect()
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self.moved)
        for changed in (model.rowsInserted, model.rowsRemoved, model.layoutChanged, model.modelReset):
            changed.connect(self.relayout)

    def set_cell_size(self, size: QSize) -> None:
        """Make the cells larger or smaller; what is current stays in sight, or what is at the top stays there."""
        first, current = next(self.geometry_of_cells.spans(self.sight), (0, 0))[0], self.currentIndex()
        in_sight = self.viewport().rect().intersects(self.visualRect(current))
        self._cell_size = size
        self.relayout()
        if in_sight:
            self.scrollTo(current)
        else:
            self.scrollTo(self.model().index(first, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def relayout(self) -> None:
        """Draw all again, for there are other cells or they are elsewhere."""
        self.updateGeometries()
        self.viewport().update()
        self.moved.emit()

    @property
    def geometry_of_cells(self) -> GridGeometry:
        """Where the cells are."""
        return GridGeometry(
            self.viewport().width(), self.model().rowCount(), self._cell_size.width(), self._cell_size.height()
        )

    @property
    def sight(self) -> QRect:
        """What can be seen, as the geometry counts."""
        return self.viewport().rect().translated(0, self.verticalOffset())

    def cells(self, region: QRegion) -> Iterator[tuple[QModelIndex, QRect]]:
        """The cells that a region of the viewport touches, and where they are in the viewport."""
        geometry, offset, model = self.geometry_of_cells, self.verticalOffset(), self.model()
        for first, last in geometry.spans(region.boundingRect().translated(0, offset)):
            for number in range(first, last + 1):
                rect = geometry.rect(number).translated(0, -offset)
                if region.intersects(rect):
                    yield model.index(number, 0), rect

    def paint_band(self, painter: QPainter) -> None:
        """Draw the frame that the mouse pulls over the cells, while it does."""
        if self.state() is QAbstractItemView.State.DragSelectingState:
            option = QStyleOptionRubberBand()
            option.initFrom(self.viewport())
            option.rect = self._band
            self.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self)

    # Where the cells are

    def doItemsLayout(self) -> None:
        """Qt's: there is nothing to lay out but the scroll bar."""
        self.updateGeometries()

    def visualRect(self, index: Index) -> QRect:
        """Qt's: where a cell is in the viewport."""
        if not index.isValid() or index.column():
            return QRect()
        return self.geometry_of_cells.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Qt's: the cell at a place of the viewport."""
        number = self.geometry_of_cells.at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if number is None else self.model().index(number, 0)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Qt's: bring a cell into sight."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
        elif rect.top() < GAP or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + rect.top() - GAP)
        elif rect.bottom() > self.viewport().height() - GAP:
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + GAP)

    def horizontalOffset(self) -> int:
        """Qt's."""
        return 0

    def verticalOffset(self) -> int:
        """Qt's."""
        return self.verticalScrollBar().value()

    def updateGeometries(self) -> None:
        """Qt's: how far there is to scroll."""
        geometry, bar = self.geometry_of_cells, self.verticalScrollBar()
        bar.setRange(0, max(geometry.height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(geometry.row_height // 3, 1))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt's: what stays in sight is moved and not painted again."""
        self.viewport().scroll(dx, dy)

    # Keys and selection

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Qt's: where a key leads from the current cell."""
        geometry, current = self.geometry_of_cells, self.currentIndex()
        if not geometry.count or not current.isValid():
            return self.model().index(0, 0)
        count, across = geometry.count, geometry.columns
        page = max(self.viewport().height() // geometry.row_height, 1) * across
        single = {Move.MoveLeft: -1, Move.MovePrevious: -1, Move.MoveRight: 1, Move.MoveNext: 1}
        rows = {Move.MoveUp: -across, Move.MoveDown: across, Move.MovePageUp: -page, Move.MovePageDown: page}
        wanted = current.row() + {**single, **rows, Move.MoveHome: -count, Move.MoveEnd: count}.get(action, 0)
        if action in rows and not 0 <= wanted < count:
            wanted = geometry.end_of_column(current.row(), down=wanted > 0)
        return self.model().index(min(max(wanted, 0), count - 1), 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Qt's: with the mouse drawn over them, all that a rectangle touches; else all from one cell to another."""
        rect = rect.normalized()
        selection = QItemSelection()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            self._band = rect
            self.viewport().update()
            for first, last in self.geometry_of_cells.spans(rect.translated(0, self.verticalOffset())):
                selection.select(self.model().index(first, 0), self.model().index(last, 0))
        else:
            self._select_range(self.indexAt(rect.center()), command, selection)
        self.selectionModel().select(selection, command)

    def _select_range(
        self, target: QModelIndex, command: QItemSelectionModel.SelectionFlag, selection: QItemSelection
    ) -> None:
        """Qt asks with `Current` for all from where the selection began to what is current now."""
        if command & Flag.Current:
            target = self.currentIndex()
        if not command & Flag.Current or not self._anchor.isValid():
            self._anchor = QPersistentModelIndex(target)
        ends = sorted((self._anchor.row(), target.row()))
        if ends[0] >= 0:
            selection.select(self.model().index(ends[0], 0), self.model().index(ends[1], 0))

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Qt's: whole rows, for a table shares the selection."""
        return super().selectionCommand(index, event) | Flag.Rows

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Qt's: all there is to see, which costs less than to ask each of 100,000 cells."""
        return QRegion(self.viewport().rect())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt's; the frame that was drawn over the cells goes."""
        super().mouseReleaseEvent(event)
        self._band = QRect()
        self.viewport().update()

    # The window

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's: keep what is at the top at the top."""
        super().resizeEvent(event)
        self.relayout()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: now there is something on the screen."""
        super().showEvent(event)
        self.relayout()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's: nobody sees anything."""
        super().hideEvent(event)
        self.moved.emit()
