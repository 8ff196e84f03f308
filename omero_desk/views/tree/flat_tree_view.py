"""A tree view that lays out no row before it is in sight: all rows are of one height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QMetaObject,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QAccessible, QHoverEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyle, QStyleOptionViewItem, QTreeView, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.tree.flat_rows import FlatRows
from omero_desk.views.widgets.grid_view import few_rows

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
Move = QAbstractItemView.CursorAction
Hint = QAbstractItemView.ScrollHint
_HOVERED: Final = (QEvent.Type.HoverEnter, QEvent.Type.HoverMove)
_OTHER_LETTERS: Final = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class FlatTreeView(QTreeView):
    """Shows the rows of a model, which the delegate paints whole, each with its first column.

    Qt's own view asks the model about every row before it shows the first, at each change. This one asks about those in
    sight, and knows the places of all others by counting. It is a tree view still, which keeps what is open, and whose
    rows screen readers know: for them alone Qt lays out all rows as well.
    """

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flat = FlatRows(model, self.isExpanded)
        self._height = 0
        self._hovered = QPersistentModelIndex()
        self._on_chevron = False
        self._told_all = self._placing = False
        self._sight: tuple[int, ...] = ()
        self.expanded.connect(lambda index: self._note(index, True))
        self.collapsed.connect(lambda index: self._note(index, False))
        for changed in (model.rowsInserted, model.rowsRemoved, model.layoutChanged, model.modelReset):
            changed.connect(self._flat.forget)
        self.setModel(model)
        self.setUniformRowHeights(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.doubleClicked.connect(self._toggle)

    # What is laid out

    @override
    def setItemDelegate(self, delegate: QAbstractItemDelegate) -> None:
        """Have another delegate paint the rows, and say how high they are."""
        super().setItemDelegate(delegate)
        self._height = 0
        self.scheduleDelayedItemsLayout()

    @property
    def row_height(self) -> int:
        """The height of every row, in logical pixels."""
        if not self._height:
            self._height = max(self.itemDelegate().sizeHint(self._option(), QModelIndex()).height(), 1)
        return self._height

    def _note(self, index: QModelIndex, is_open: bool) -> None:
        self._flat.note(index, is_open)
        if is_open and self.model().canFetchMore(index):
            self.model().fetchMore(index)
        self.viewport().update()
        self.scheduleDelayedItemsLayout()

    @override
    def doItemsLayout(self) -> None:
        """Fetch what is open and not here yet, and update the scroll bar: there is nothing else to lay out."""
        self._told_all = self._told_all or QAccessible.isActive()
        if self._told_all:
            super().doItemsLayout()
            return
        model = self.model()
        for index in list(self._flat.open_rows()):
            if model.canFetchMore(index):
                model.fetchMore(index)
        self.updateGeometries()
        self.header().doItemsLayout()
        self._show_sight()

    def _show_sight(self) -> None:
        """Paint what is in sight if it is other rows, or elsewhere: most that arrive are out of sight."""
        first, last = self._place_at(0), self._place_at(self.viewport().height())
        rows = range(max(first, 0), min(last, len(self._flat) - 1) + 1)
        sight = self.verticalOffset(), *(self._flat.at(place).internalId() for place in rows)
        if sight != self._sight:
            self._sight = sight
            self.viewport().update()

    @override
    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Lay out anew, once for all changes until the window has its turn."""
        super().rowsInserted(parent, start, end)
        self.scheduleDelayedItemsLayout()

    @override
    def dataChanged(self, topLeft: Index, bottomRight: Index, roles: Sequence[int] = ()) -> None:
        """Paint what has changed: Qt looks among the rows that it has laid out, and not while a layout is due."""
        super().dataChanged(topLeft, bottomRight, list(roles))
        first, last = self._flat.place(topLeft), self._flat.place(bottomRight)
        if first is not None and last is not None:
            height = (last - first + 1) * self.row_height
            self.viewport().update(0, self._top(first), self.viewport().width(), height)

    @override
    def updateGeometries(self) -> None:
        """Place the header, and set the range of the scroll bar."""
        if self._placing:
            return
        self._placing = True
        header, bar = self.header(), self.verticalScrollBar()
        height = 0 if header.isHidden() else max(header.minimumHeight(), header.sizeHint().height())
        self.setViewportMargins(0, height, 0, 0)
        area = self.viewport().geometry()
        header.setGeometry(area.left(), area.top() - height, area.width(), height)
        QMetaObject.invokeMethod(header, "updateGeometries")
        bar.setRange(0, max(len(self._flat) * self.row_height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self.row_height)
        QAbstractItemView.updateGeometries(self)
        self._placing = False

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Take the height of rows in another font."""
        super().changeEvent(event)
        if event.type() in _OTHER_LETTERS:
            self._height = 0
            self._sight = ()
            self.scheduleDelayedItemsLayout()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what stays in sight rather than paint it again."""
        self.viewport().scroll(dx, dy)

    # Where rows are

    @override
    def visualRect(self, index: Index) -> QRect:
        """Return the rectangle of a cell in the viewport, without the room before a row's own."""
        place = self._flat.place(index)
        if place is None or self.isColumnHidden(index.column()):
            return QRect()
        left, width = self.columnViewportPosition(index.column()), self.columnWidth(index.column())
        if index.column() == 0:
            room = self.indentation() * (self._flat.level(index) + int(self.rootIsDecorated()))
            width -= room
            left += 0 if self.isRightToLeft() else room
        return QRect(left, self._top(place), width, self.row_height)

    def _whole_row(self, index: Index) -> QRect:
        """Return the rectangle of a row in the viewport from edge to edge, an empty one where it is not shown."""
        place = self._flat.place(index)
        if place is None:
            return QRect()
        return QRect(0, self._top(place), self.viewport().width(), self.row_height)

    def _top(self, place: int) -> int:
        return place * self.row_height - self.verticalOffset()

    def _place_at(self, y: int) -> int:
        """Return the place that a line of the viewport belongs to, where there need be no row."""
        return (y + self.verticalOffset()) // self.row_height

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the cell at a point of the viewport."""
        index, column = self._flat.at(self._place_at(point.y())), self.columnAt(point.x())
        if not index.isValid() or column < 0:
            return QModelIndex()
        return index if column == 0 else index.siblingAtColumn(column)

    @override
    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = Hint.EnsureVisible) -> None:
        """Open what is above a row, and bring it into sight."""
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()
        self.executeDelayedItemsLayout()
        place = self._flat.place(index)
        if place is None:
            return
        top, room, bar = self._top(place), self.viewport().height() - self.row_height, self.verticalScrollBar()
        if hint is Hint.PositionAtCenter:
            bar.setValue(bar.value() + top - room // 2)
        elif hint is Hint.PositionAtTop or (hint is Hint.EnsureVisible and top < 0):
            bar.setValue(bar.value() + top)
        elif hint is Hint.PositionAtBottom or top > room:
            bar.setValue(bar.value() + top - room)

    # Painting

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in sight."""
        painter, area = QPainter(self.viewport()), event.region().boundingRect()
        option = self._option()
        first, last = self._place_at(area.top()), self._place_at(area.bottom())
        for place in range(max(first, 0), min(last, len(self._flat) - 1) + 1):
            self._paint_row(painter, self._flat.at(place), option)
        painter.end()

    def _option(self) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        return option

    def _paint_row(self, painter: QPainter, index: QModelIndex, usual: QStyleOptionViewItem) -> None:
        selection, state = self.selectionModel(), QStyle.StateFlag
        option = QStyleOptionViewItem(usual)
        hovered = self._hovered.isValid() and _index(self._hovered).siblingAtColumn(0) == index
        current = self.currentIndex().siblingAtColumn(0) == index and self.hasFocus()
        for flag, is_on in (
            (state.State_Selected, selection.isSelected(index)),
            (state.State_MouseOver, hovered),
            (state.State_HasFocus, current),
            (state.State_Enabled, self.isEnabled()),
        ):
            option.state = option.state | flag if is_on else option.state & ~flag
        for column in range(self.model().columnCount()):
            if not self.isColumnHidden(column):
                cell = index.siblingAtColumn(column) if column else index
                option.rect = self.visualRect(cell)
                self.itemDelegateForIndex(cell).paint(painter, option, cell)

    # The mouse

    def _chevron_at(self, point: QPoint) -> QModelIndex:
        """Return the row whose chevron is at a point of the viewport; an invalid index for none."""
        index = self._flat.at(self._place_at(point.y()))
        if not index.isValid() or self.columnAt(point.x()) != 0 or not self.model().hasChildren(index):
            return QModelIndex()
        own = self.visualRect(index)
        left = own.right() + 1 if self.isRightToLeft() else own.left() - self.indentation()
        return index if left <= point.x() < left + self.indentation() else QModelIndex()

    def _toggle(self, index: QModelIndex) -> None:
        """Open a row that can be opened, or close it."""
        row = index.siblingAtColumn(0)
        if self.isExpanded(row):
            self.collapse(row)
        elif self.model().hasChildren(row):
            self.expand(row)

    def _press_chevron(self, event: QMouseEvent) -> bool:
        index = self._chevron_at(event.position().toPoint())
        self._on_chevron = index.isValid() and event.button() is Qt.MouseButton.LeftButton
        if self._on_chevron:
            self._toggle(index)
        return self._on_chevron

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open or close a row at its chevron; select it elsewhere."""
        if not self._press_chevron(event):
            super().mousePressEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open or close a row; at its chevron as two clicks."""
        if not self._press_chevron(event):
            QAbstractItemView.mouseDoubleClickEvent(self, event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select no rows by a drag that began at a chevron."""
        if not self._on_chevron:
            super().mouseMoveEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click; one at a chevron is none on the row."""
        if self._on_chevron:
            self._on_chevron = False
        else:
            super().mouseReleaseEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        """Note the row below the mouse."""
        if isinstance(event, QHoverEvent):
            is_over = event.type() in _HOVERED
            self._hover(self.indexAt(event.position().toPoint()) if is_over else QModelIndex())
        return super().viewportEvent(event)

    def _hover(self, index: QModelIndex) -> None:
        if self._hovered != index:
            for one in (self._hovered, index):
                self.viewport().update(self._whole_row(one))
            self._hovered = QPersistentModelIndex(index)

    # Keys and selection

    @override
    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the row to which a key leads from the current one, which Left and Right may open or close."""
        self.executeDelayedItemsLayout()
        current = self.currentIndex()
        place = self._flat.place(current)
        if place is None:
            return self._flat.at(0)
        if action in (Move.MoveLeft, Move.MoveRight):
            return self._sideways(current, inwards=(action is Move.MoveRight) is not self.isRightToLeft())
        page = max(self.viewport().height() // self.row_height, 1)
        steps = {Move.MoveUp: -1, Move.MovePrevious: -1, Move.MoveDown: 1, Move.MoveNext: 1}
        far = {Move.MovePageUp: -page, Move.MovePageDown: page, Move.MoveHome: -place, Move.MoveEnd: len(self._flat)}
        wanted = place + {**steps, **far}.get(action, 0)
        found = self._flat.at(min(max(wanted, 0), len(self._flat) - 1))
        return found.siblingAtColumn(current.column())

    def _sideways(self, current: QModelIndex, inwards: bool) -> QModelIndex:
        """Open a row, or go to the first below it; close it, or go to the one above it."""
        row = current.siblingAtColumn(0)
        if inwards and not self.isExpanded(row):
            if self.model().hasChildren(row):
                self.expand(row)
            return current
        if not inwards and self.isExpanded(row):
            self.collapse(row)
            return current
        found = self.model().index(0, current.column(), row) if inwards else row.parent()
        return found.siblingAtColumn(current.column()) if found.isValid() else current

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        """Paint both rows anew, as the mark of the current one is wider than its cell."""
        super().currentChanged(current, previous)
        for one in (previous, current):
            self.viewport().update(self._whole_row(one))

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the rows from one line of the viewport to another, one range below each open row."""
        area, selection, last = rect.normalized(), QItemSelection(), self.model().columnCount() - 1
        for parent, top, bottom in self._flat.ranges(self._place_at(area.top()), self._place_at(area.bottom())):
            selection.select(self.model().index(top, 0, parent), self.model().index(bottom, last, parent))
        if selection.isEmpty():
            if command & Flag.Clear:
                self.selectionModel().clear()
            return
        self.selectionModel().select(selection, command)

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return a few rows from edge to edge; of more the whole viewport, which costs less than to ask for each."""
        rows = few_rows(selection)
        if rows is None:
            return QRegion(self.viewport().rect())
        region = QRegion()
        for index in rows:
            region = region.united(self._whole_row(index))
        return region

    @override
    def selectAll(self) -> None:
        """Select all rows that are shown, as one range below each open row: Qt makes them row by row."""
        selection, last = QItemSelection(), self.model().columnCount() - 1
        for parent, top, bottom in self._flat.ranges(0, len(self._flat) - 1):
            selection.select(self.model().index(top, 0, parent), self.model().index(bottom, last, parent))
        self.selectionModel().select(selection, Flag.ClearAndSelect)


def _index(kept: QPersistentModelIndex) -> QModelIndex:
    return kept.sibling(kept.row(), kept.column())
