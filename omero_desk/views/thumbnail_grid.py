"""Thumbnails in rows: of any number of images only those on the screen are laid out, drawn and fetched."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
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
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QPixmapCache,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip, QWidget

from omero_desk.gateway.entities import Entity
from omero_desk.models.contents import ENTITY, ContentsModel
from omero_desk.models.thumbnails import SIZES, ThumbnailsModel
from omero_desk.views import icons

Index = QModelIndex | QPersistentModelIndex

SMALLEST: Final = 64
LARGEST: Final = 384
USUAL: Final = 128
_GAP: Final = 8
_PADDING: Final = 5
_BEYOND: Final = 1
"""Rows above and below the screen that are fetched too."""
_STEP: Final = 16
_ZOOMS: Final = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: -_STEP}
_PIXMAPS_KB: Final = 96 * 1024


class ThumbnailGrid(QAbstractItemView):
    """A grid over a `ContentsModel`; `opened` tells the entity that was double-clicked, or that Enter was pressed on.

    Where everything is follows from the number of columns: nothing is kept for each image.
    """

    opened = Signal(object)
    menu_wanted = Signal(QPoint)
    zoomed = Signal(int)

    def __init__(self, contents: ContentsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contents, self._thumbnails = contents, thumbnails
        self._side = USUAL
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _PIXMAPS_KB))
        self.setModel(contents)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Thumbnails")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted)
        self.activated.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(self._want)
        thumbnails.arrived.connect(self._arrive)
        for changed in (contents.rowsInserted, contents.rowsRemoved, contents.layoutChanged, contents.modelReset):
            changed.connect(self._relayout)

    # Sizes

    @property
    def side(self) -> int:
        """The longest side of a thumbnail, in logical pixels."""
        return self._side

    def set_side(self, side: int) -> None:
        """Show larger or smaller thumbnails; what is current stays in sight."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self._side:
            self._side = side
            self._relayout()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())
            self.zoomed.emit(side)

    @property
    def _cell(self) -> QSize:
        return QSize(self._side + 2 * _PADDING + _GAP, self._side + 2 * _PADDING + self._line + _GAP)

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 4

    @property
    def _columns(self) -> int:
        return max((self.viewport().width() - _GAP) // self._cell.width(), 1)

    @property
    def _fetched_side(self) -> int:
        """The size to ask for: the next that is large enough for the screen's own pixels."""
        needed = self._side * self.devicePixelRatioF()
        return next((size for size in SIZES if size >= needed), SIZES[-1])

    # What Qt asks of a view

    def visualRect(self, index: Index) -> QRect:
        """Qt's: where an image is in the viewport."""
        if not index.isValid() or index.column():
            return QRect()
        row, column = divmod(index.row(), self._columns)
        cell = self._cell
        left = _GAP + column * cell.width()
        top = _GAP + row * cell.height() - self.verticalOffset()
        return QRect(left, top, cell.width() - _GAP, cell.height() - _GAP)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Qt's: the image at a place of the viewport."""
        cell = self._cell
        column, row = (point.x() - _GAP) // cell.width(), (point.y() - _GAP + self.verticalOffset()) // cell.height()
        number = row * self._columns + column
        if not 0 <= column < self._columns or not 0 <= number < self._contents.rowCount():
            return QModelIndex()
        index = self._contents.index(number, 0)
        return index if self.visualRect(index).contains(point) else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Qt's: bring an image into sight."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
        elif rect.top() < _GAP:
            bar.setValue(bar.value() + rect.top() - _GAP)
        elif rect.bottom() > self.viewport().height() - _GAP:
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + _GAP)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Qt's: where a key leads from the current image."""
        count = self._contents.rowCount()
        if not count:
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self._contents.index(0, 0)
        page = max(self.viewport().height() // self._cell.height(), 1) * self._columns
        moves = QAbstractItemView.CursorAction
        steps = {
            moves.MoveLeft: -1,
            moves.MovePrevious: -1,
            moves.MoveRight: 1,
            moves.MoveNext: 1,
            moves.MoveUp: -self._columns,
            moves.MoveDown: self._columns,
            moves.MovePageUp: -page,
            moves.MovePageDown: page,
            moves.MoveHome: -count,
            moves.MoveEnd: count,
        }
        wanted = current.row() + steps.get(action, 0)
        if action in (moves.MoveUp, moves.MoveDown) and not 0 <= wanted < count:
            wanted = current.row()
        return self._contents.index(min(max(wanted, 0), count - 1), 0)

    def horizontalOffset(self) -> int:
        """Qt's."""
        return 0

    def verticalOffset(self) -> int:
        """Qt's."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        """Qt's: the columns beside the first are for tables."""
        return index.column() > 0

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Qt's: select what a rectangle of the viewport touches."""
        selection = QItemSelection()
        for first, last in self._spans(rect.normalized()):
            selection.select(self._contents.index(first, 0), self._contents.index(last, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Qt's: all there is to see, which costs less than to ask each of 100,000 images."""
        return QRegion(self.viewport().rect())

    def updateGeometries(self) -> None:
        """Qt's: how far there is to scroll."""
        rows = -(-self._contents.rowCount() // self._columns)
        height = rows * self._cell.height() + _GAP
        bar = self.verticalScrollBar()
        bar.setRange(0, max(height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(self._cell.height() // 3, 1))
        super().updateGeometries()

    def _spans(self, rect: QRect) -> list[tuple[int, int]]:
        """The first and last number in each row of cells that a rectangle touches."""
        cell, count, columns = self._cell, self._contents.rowCount(), self._columns
        top, bottom = ((y - _GAP + self.verticalOffset()) // cell.height() for y in (rect.top(), rect.bottom()))
        left, right = ((x - _GAP) // cell.width() for x in (rect.left(), rect.right()))
        left, right = max(left, 0), min(right, columns - 1)
        if left > right:
            return []
        rows = range(max(top, 0), min(bottom, (count - 1) // columns) + 1)
        spans = ((row * columns + left, min(row * columns + right, count - 1)) for row in rows)
        return [(first, last) for first, last in spans if first < count]

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the images that are in sight."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for first, last in self._spans(event.rect()):
            for number in range(first, last + 1):
                self._paint_cell(painter, self._contents.index(number, 0))

    def _paint_cell(self, painter: QPainter, index: QModelIndex) -> None:
        rect = self.visualRect(index)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = rect
        selected = self.selectionModel().isSelected(index)
        if selected:
            option.state |= QStyle.StateFlag.State_Selected
        option.state |= QStyle.StateFlag.State_Enabled
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self)
        entity: Entity = index.data(ENTITY)
        self._paint_picture(painter, entity, QRect(rect.x() + _PADDING, rect.y() + _PADDING, self._side, self._side))
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(QPalette.ColorGroup.Normal, role))
        words = QRect(rect.x() + _PADDING, rect.bottom() - self._line + 1, self._side, self._line)
        name = self.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, self._side)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), name)
        if index == self.currentIndex() and self.hasFocus():
            painter.setPen(option.palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_picture(self, painter: QPainter, entity: Entity, area: QRect) -> None:
        thumbnail = self._thumbnails.get(entity.ref.id, self._fetched_side)
        pixmap = self._pixmap(entity.ref.id, thumbnail.picture) if thumbnail is not None else None
        if pixmap is not None:
            size = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(0, 0), size)
            target.moveCenter(area.center())
            painter.drawPixmap(target, pixmap)
            return
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.AlternateBase))
        if thumbnail is not None:
            icon = QRect(0, 0, 24, 24)
            icon.moveCenter(area.center())
            icons.icon("warning").paint(painter, icon)

    def _pixmap(self, image_id: int, picture: bytes) -> QPixmap | None:
        """The decoded picture; None if there is none, or it is none."""
        if not picture:
            return None
        key = f"thumbnail {id(picture)} {image_id} {len(picture)}"
        pixmap = QPixmap()
        if not QPixmapCache.find(key, pixmap):
            if not pixmap.loadFromData(picture):
                return None
            QPixmapCache.insert(key, pixmap)
        return pixmap

    # Fetching

    def _want(self) -> None:
        """Have fetched what is in sight, and a row more on either side."""
        reach = self.viewport().rect().adjusted(0, -_BEYOND * self._cell.height(), 0, _BEYOND * self._cell.height())
        in_sight = self._ids(self.viewport().rect())
        self._thumbnails.want([*in_sight, *self._ids(reach)], self._fetched_side)

    def _ids(self, rect: QRect) -> list[int]:
        spans = self._spans(rect)
        return [self._contents.entities[number].ref.id for first, last in spans for number in range(first, last + 1)]

    def _arrive(self, image_ids: set[int]) -> None:
        self.viewport().update()

    def _relayout(self) -> None:
        self.updateGeometries()
        self.viewport().update()
        if self.isVisible():
            self._want()

    # The mouse and the keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's: keep what is at the top at the top."""
        super().resizeEvent(event)
        self._relayout()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: now there is something on the screen."""
        self._relayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, larger and smaller; else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_side(self._side + (_STEP if event.angleDelta().y() > 0 else -_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; + and - with Ctrl make larger and smaller."""
        step = _ZOOMS.get(Qt.Key(event.key())) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif step is not None:
            self.set_side(self._side + step)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell why a thumbnail is missing, in its tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(self.indexAt(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, index: QModelIndex) -> str:
        if not index.isValid():
            return ""
        thumbnail = self._thumbnails.get(index.data(ENTITY).ref.id, self._fetched_side)
        tip: str = index.data(Qt.ItemDataRole.ToolTipRole)
        return f"{tip}\n{thumbnail.reason}" if thumbnail is not None and thumbnail.reason else tip

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ENTITY))
