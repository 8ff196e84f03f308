"""Cells of one size in rows, of which only those on the screen are laid out and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

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
from typing_extensions import override

from omero_desk.views.widgets.grid_geometry import GAP, GridGeometry

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
Move = QAbstractItemView.CursorAction
_FEW: Final = 8
"""Rows that are asked for their places one by one."""


def few_rows(selection: QItemSelection) -> list[QModelIndex] | None:
    """Return the first cells of the rows of a selection, None where they are not few."""
    parts = [selection.at(number) for number in range(min(selection.count(), _FEW))]
    if len(parts) < selection.count() or sum(part.height() for part in parts) > _FEW:
        return None
    return [part.topLeft().sibling(row, 0) for part in parts for row in range(part.top(), part.bottom() + 1)]


class GridView(QListView):
    """A grid over the rows of a table. `moved`: the cells in sight may have changed.

    It is a list view for screen readers' sake; the places of the cells are computed here.
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
        self._sight: tuple[object, ...] = ()
        for changed in (model.rowsRemoved, model.modelReset):
            changed.connect(self.relayout)
        for come in (model.rowsInserted, model.layoutChanged):
            come.connect(self._follow_rows)

    def set_cell_size(self, size: QSize) -> None:
        """Make the cells larger or smaller; the current cell stays in sight, or else the top row at the top."""
        first, current = next(self.geometry_of_cells.spans(self.sight), (0, 0))[0], self.currentIndex()
        in_sight = self.viewport().rect().intersects(self.visualRect(current))
        self._cell_size = size
        self.relayout()
        if in_sight:
            self.scrollTo(current)
        else:
            self.scrollTo(self.model().index(first, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    @property
    def cell_size(self) -> QSize:
        """The least size of a cell."""
        return self._cell_size

    def relayout(self) -> None:
        """Compute the places of the cells anew, and draw them."""
        self._sight = ()
        self.updateGeometries()
        self.viewport().update()
        self.moved.emit()

    def row_key(self, row: int) -> object:
        """Return what is in a row, to tell whether another is in its place; here nothing that would tell that."""
        return object()

    def _follow_rows(self) -> None:
        """Compute the places of the cells for more rows, and draw them if others are in sight."""
        self.updateGeometries()
        spans = self.geometry_of_cells.spans(self.sight)
        sight = tuple(self.row_key(row) for first, last in spans for row in range(first, last + 1))
        if sight != self._sight:
            self._sight = sight
            self.viewport().update()
            self.moved.emit()

    @property
    def geometry_of_cells(self) -> GridGeometry:
        """The places of the cells."""
        return GridGeometry(
            self.viewport().width(), self.model().rowCount(), self._cell_size.width(), self._cell_size.height()
        )

    @property
    def sight(self) -> QRect:
        """The visible rectangle in the coordinates of the geometry."""
        return self.viewport().rect().translated(0, self.verticalOffset())

    def cells(self, region: QRegion) -> Iterator[tuple[QModelIndex, QRect]]:
        """Yield the cells that a region of the viewport touches, with their rectangles in the viewport."""
        geometry, offset, model = self.geometry_of_cells, self.verticalOffset(), self.model()
        for first, last in geometry.spans(self._mirrored(region.boundingRect()).translated(0, offset)):
            for number in range(first, last + 1):
                rect = self._mirrored(geometry.rect(number).translated(0, -offset))
                if region.intersects(rect):
                    yield model.index(number, 0), rect

    def paint_band(self, painter: QPainter) -> None:
        """Draw the rubber band while the mouse drags it."""
        if self.state() is QAbstractItemView.State.DragSelectingState:
            option = QStyleOptionRubberBand()
            option.initFrom(self.viewport())
            option.rect = self._band
            self.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self)

    # Places of cells

    def _mirrored(self, place: QRect) -> QRect:
        """Return a place where rows of cells begin at the right, as the geometry has it; and the other way round."""
        return QStyle.visualRect(self.layoutDirection(), self.viewport().rect(), place)

    @override
    def doItemsLayout(self) -> None:
        """Update the scroll bar: there is nothing else to lay out."""
        self.updateGeometries()

    @override
    def visualRect(self, index: Index) -> QRect:
        """Return the rectangle of a cell in the viewport."""
        if not index.isValid() or index.column():
            return QRect()
        return self._mirrored(self.geometry_of_cells.rect(index.row()).translated(0, -self.verticalOffset()))

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the cell at a point of the viewport."""
        place = self._mirrored(QRect(point, QSize(1, 1))).topLeft()
        number = self.geometry_of_cells.at(place + QPoint(0, self.verticalOffset()))
        return QModelIndex() if number is None else self.model().index(number, 0)

    @override
    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into sight."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
        elif rect.top() < GAP or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + rect.top() - GAP)
        elif rect.bottom() > self.viewport().height() - GAP:
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + GAP)

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    @override
    def updateGeometries(self) -> None:
        """Set the range of the scroll bar."""
        geometry, bar = self.geometry_of_cells, self.verticalScrollBar()
        bar.setRange(0, max(geometry.height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(geometry.row_height // 3, 1))

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what stays in sight rather than paint it again."""
        self.viewport().scroll(dx, dy)

    # Keys and selection

    @override
    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the cell to which a key leads from the current one."""
        geometry, current = self.geometry_of_cells, self.currentIndex()
        if not geometry.count or not current.isValid():
            return self.model().index(0, 0)
        count, across = geometry.count, geometry.columns
        page = max(self.viewport().height() // geometry.row_height, 1) * across
        on = -1 if self.isRightToLeft() else 1
        single = {Move.MoveLeft: -on, Move.MovePrevious: -1, Move.MoveRight: on, Move.MoveNext: 1}
        rows = {Move.MoveUp: -across, Move.MoveDown: across, Move.MovePageUp: -page, Move.MovePageDown: page}
        wanted = current.row() + {**single, **rows, Move.MoveHome: -count, Move.MoveEnd: count}.get(action, 0)
        if action in rows and not 0 <= wanted < count:
            wanted = geometry.end_of_column(current.row(), down=wanted > 0)
        return self.model().index(min(max(wanted, 0), count - 1), 0)

    @override
    def selectAll(self) -> None:
        """Select all cells as one range: Qt asks the model about each of them."""
        model = self.model()
        if model.rowCount():
            last = model.index(model.rowCount() - 1, model.columnCount() - 1)
            self.selectionModel().select(QItemSelection(model.index(0, 0), last), Flag.ClearAndSelect)

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the cells that a rubber band touches, else those from one cell to another."""
        rect = rect.normalized()
        selection = QItemSelection()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            self._band = rect
            self.viewport().update()
            for first, last in self.geometry_of_cells.spans(self._mirrored(rect).translated(0, self.verticalOffset())):
                selection.select(self.model().index(first, 0), self.model().index(last, 0))
        else:
            self._select_range(self.indexAt(rect.center()), command, selection)
        self.selectionModel().select(selection, command)

    def _select_range(
        self, target: QModelIndex, command: QItemSelectionModel.SelectionFlag, selection: QItemSelection
    ) -> None:
        """Add the cells from the anchor to `target`; with `Current` in `command`, to the current cell."""
        if command & Flag.Current:
            target = self.currentIndex()
        if not command & Flag.Current or not self._anchor.isValid():
            self._anchor = QPersistentModelIndex(target)
        ends = sorted((self._anchor.row(), target.row()))
        if ends[0] >= 0:
            selection.select(self.model().index(ends[0], 0), self.model().index(ends[1], 0))

    @override
    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Select whole rows, as a table shares the selection."""
        return super().selectionCommand(index, event) | Flag.Rows

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return the places of a few cells; of more the whole viewport, which costs less than to ask each."""
        rows = few_rows(selection)
        if rows is None:
            return QRegion(self.viewport().rect())
        region = QRegion()
        for index in rows:
            region = region.united(self.visualRect(index))
        return region

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remove the rubber band."""
        super().mouseReleaseEvent(event)
        self._band = QRect()
        self.viewport().update()

    # The window

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Compute the places of the cells for another width."""
        super().resizeEvent(event)
        self.relayout()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Announce the cells that are in sight now."""
        super().showEvent(event)
        self.relayout()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Announce that no cells are in sight any more."""
        super().hideEvent(event)
        self.moved.emit()
