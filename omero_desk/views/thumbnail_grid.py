"""Thumbnails in rows: of any number of images only those on the screen are laid out, drawn and fetched."""

from __future__ import annotations

from time import monotonic
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from omero_desk.models.contents import ENTITY, ContentsModel
from omero_desk.models.thumbnails import ThumbnailsModel
from omero_desk.views.grid_geometry import GAP, GridGeometry
from omero_desk.views.thumbnail_cell import PADDING, ThumbnailCell

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
Move = QAbstractItemView.CursorAction

SMALLEST: Final = 64
LARGEST: Final = 384
USUAL: Final = 112
_BEYOND: Final = 1
"""Rows above and below the screen that are fetched too."""
_STEP: Final = 16
_ZOOMS: Final = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: -_STEP}
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TYPING_S: Final = 1.0
"""Letters that follow each other within this time are one word to look for."""


class ThumbnailGrid(QListView):
    """A grid over a `ContentsModel`; `opened` tells the entity that was double-clicked, or that Enter was pressed on.

    `menu_wanted` tells where on the screen. Qt's list view is below it for what it tells a screen reader; where the
    cells are is decided here.
    """

    opened = Signal(object)
    menu_wanted = Signal(QPoint)
    zoomed = Signal(int)

    def __init__(self, contents: ContentsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contents, self._thumbnails = contents, thumbnails
        self._anchor = QPersistentModelIndex()
        self._band = QRect()
        self._typed, self._typed_at = "", 0.0
        self._cells = ThumbnailCell(self, thumbnails, USUAL)
        self.setModel(contents)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Thumbnails")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._want_menu)
        self.doubleClicked.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(self._want)
        thumbnails.arrived.connect(self.viewport().update)
        thumbnails.forgotten.connect(self._relayout)
        for changed in (contents.rowsInserted, contents.rowsRemoved, contents.layoutChanged, contents.modelReset):
            changed.connect(self._relayout)

    # Sizes

    @property
    def side(self) -> int:
        """The longest side of a thumbnail, in logical pixels."""
        return self._cells.side

    @property
    def pictures(self) -> bool:
        """Whether thumbnails are fetched and shown, or icons alone."""
        return self._cells.pictures

    def show_pictures(self, shown: bool) -> None:
        """Fetch and show thumbnails, or leave it at icons."""
        self._cells.pictures = shown
        self._relayout()

    def set_side(self, side: int) -> None:
        """Show larger or smaller thumbnails; what is current stays in sight, or what is at the top stays there."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self.side:
            first, current = next(self._geometry.spans(self._sight), (0, 0))[0], self.currentIndex()
            in_sight = self.viewport().rect().intersects(self.visualRect(current))
            self._cells.side = side
            self._relayout()
            if in_sight:
                self.scrollTo(current)
            else:
                self.scrollTo(self._contents.index(first, 0), QAbstractItemView.ScrollHint.PositionAtTop)
            self.zoomed.emit(side)

    @property
    def _geometry(self) -> GridGeometry:
        height = self.side + 2 * PADDING + self._cells.line
        return GridGeometry(self.viewport().width(), len(self._contents.entities), self.side + 2 * PADDING, height)

    @property
    def _sight(self) -> QRect:
        """What can be seen, as the geometry counts."""
        return self.viewport().rect().translated(0, self.verticalOffset())

    # What Qt asks of a view

    def doItemsLayout(self) -> None:
        """Qt's: there is nothing to lay out but the scroll bar."""
        self.updateGeometries()

    def visualRect(self, index: Index) -> QRect:
        """Qt's: where an image is in the viewport."""
        if not index.isValid() or index.column():
            return QRect()
        return self._geometry.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Qt's: the image at a place of the viewport."""
        number = self._geometry.at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if number is None else self._contents.index(number, 0)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Qt's: bring an image into sight."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
        elif rect.top() < GAP or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + rect.top() - GAP)
        elif rect.bottom() > self.viewport().height() - GAP:
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + GAP)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Qt's: where a key leads from the current image."""
        count, current = len(self._contents.entities), self.currentIndex()
        if not count or not current.isValid():
            return self._contents.index(0, 0)
        across = self._geometry.columns
        page = max(self.viewport().height() // self._geometry.row_height, 1) * across
        single = {Move.MoveLeft: -1, Move.MovePrevious: -1, Move.MoveRight: 1, Move.MoveNext: 1}
        rows = {Move.MoveUp: -across, Move.MoveDown: across, Move.MovePageUp: -page, Move.MovePageDown: page}
        wanted = current.row() + {**single, **rows, Move.MoveHome: -count, Move.MoveEnd: count}.get(action, 0)
        if action in rows and not 0 <= wanted < count:
            wanted = self._end_of_column(current.row(), down=wanted > 0)
        return self._contents.index(min(max(wanted, 0), count - 1), 0)

    def _end_of_column(self, number: int, down: bool) -> int:
        """The last image below another, or in the row below it; the first above it."""
        across, count = self._geometry.columns, len(self._contents.entities)
        if not down:
            return number % across
        return min((self._geometry.rows - 1) * across + number % across, count - 1)

    def horizontalOffset(self) -> int:
        """Qt's."""
        return 0

    def verticalOffset(self) -> int:
        """Qt's."""
        return self.verticalScrollBar().value()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Qt's: with the mouse drawn over them, all that a rectangle touches; else all from one image to another."""
        rect = rect.normalized()
        selection = QItemSelection()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            self._band = rect
            self.viewport().update()
            for first, last in self._geometry.spans(rect.translated(0, self.verticalOffset())):
                selection.select(self._contents.index(first, 0), self._contents.index(last, 0))
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
            selection.select(self._contents.index(ends[0], 0), self._contents.index(ends[1], 0))

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Qt's: whole rows, for a table shares the selection."""
        return super().selectionCommand(index, event) | Flag.Rows

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Qt's: all there is to see, which costs less than to ask each of 100,000 images."""
        return QRegion(self.viewport().rect())

    def updateGeometries(self) -> None:
        """Qt's: how far there is to scroll."""
        geometry, bar = self._geometry, self.verticalScrollBar()
        bar.setRange(0, max(geometry.height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(geometry.row_height // 3, 1))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt's: what stays in sight is moved and not painted again."""
        self.viewport().scroll(dx, dy)

    def keyboardSearch(self, search: str) -> None:
        """Qt's: letters lead to the next image whose name starts with them."""
        again = monotonic() - self._typed_at < _TYPING_S
        self._typed, self._typed_at = (self._typed + search if again else search), monotonic()
        same = len(set(self._typed.casefold())) == 1
        start = max(self.currentIndex().row(), 0) + (1 if same and self.currentIndex().isValid() else 0)
        row = self._contents.find_name(self._typed[:1] if same else self._typed, start)
        if row is not None:
            self.setCurrentIndex(self._contents.index(row, 0))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the images that are in sight."""
        painter = QPainter(self.viewport())
        geometry, offset = self._geometry, self.verticalOffset()
        self._cells.begin()
        for first, last in geometry.spans(event.rect().translated(0, offset)):
            for number in range(first, last + 1):
                self._cells.paint(
                    painter, self._contents.index(number, 0), geometry.rect(number).translated(0, -offset)
                )
        if self.state() is QAbstractItemView.State.DragSelectingState:
            self._cells.paint_band(painter, self._band)
        if self._cells.late:
            self.viewport().update()

    # Fetching

    def _want(self) -> None:
        """Have fetched what is in sight, and a row more on either side."""
        if self._cells.pictures and self.isVisible():
            beyond = _BEYOND * self._geometry.row_height
            wanted = [*self._ids(self._sight), *self._ids(self._sight.adjusted(0, -beyond, 0, beyond))]
            self._thumbnails.want(wanted, self._cells.fetched_side)
        else:
            self._thumbnails.want((), self._cells.fetched_side)

    def _ids(self, rect: QRect) -> list[int]:
        entities = self._contents.entities
        return [entity.ref.id for first, last in self._geometry.spans(rect) for entity in entities[first : last + 1]]

    def _relayout(self) -> None:
        self.updateGeometries()
        self.viewport().update()
        self._want()

    # The mouse and the keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's: keep what is at the top at the top."""
        super().resizeEvent(event)
        self._relayout()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: now there is something on the screen."""
        super().showEvent(event)
        self._relayout()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's: what nobody sees is not fetched."""
        super().hideEvent(event)
        self._want()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt's; the frame that was drawn over the images goes."""
        super().mouseReleaseEvent(event)
        self._band = QRect()
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, larger and smaller; else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_side(self.side + (_STEP if event.angleDelta().y() > 0 else -_STEP))
            event.accept()
        else:
            QAbstractItemView.wheelEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; + and - with Ctrl make larger and smaller."""
        step = _ZOOMS.get(Qt.Key(event.key())) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if event.key() in _OPENING and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif step is not None:
            self.set_side(self.side + step)
        else:
            super().keyPressEvent(event)

    def _want_menu(self, point: QPoint) -> None:
        self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ENTITY))
