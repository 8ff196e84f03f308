"""The grid of a table's cells: any number of rows, columns that can be hidden and moved, ids that lead to objects."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.objects import Ref
from omero_desk.entities.tables import ColumnKind, TableHead
from omero_desk.models.guard import guarded
from omero_desk.models.labels import kind_name
from omero_desk.models.tables.cells import shown, title
from omero_desk.models.tables.rows import HEAD, VALUE, Index, TableRowsModel, alignment
from omero_desk.models.tables.table import TableModel
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Height, Radius
from omero_desk.views.widgets.painting import saved

_REST_MS: Final = 40
"""The time for which the same cells are in sight before they are read."""
_ROOM: Final = 8
_LONGEST: Final = 256
_WIDEST: Final = 260
"""Pixels of a column at first, at most."""
_SAMPLES: Final = {ColumnKind.STRING: "n" * 18, ColumnKind.BOOL: "false"}
_NUMBER: Final = "-1.234568e-05"
MOST_COPIED: Final = 200_000
"""Cells that are copied at once."""


class TableGrid(QTableView):
    """Shows the rows of a `TableModel`, and tells it what is in sight.

    `wanted` carries what a cell leads to; `refused` a sentence on what cannot be done.
    """

    wanted = Signal(Ref)
    refused = Signal(str)

    def __init__(self, table: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table, self._rows = table, table.rows
        self._hover = QModelIndex()
        self.setModel(table.rows)
        self.setItemDelegate(CellDelegate(self, table.rows))
        self.setAccessibleName(translate("Tables", "Cells of the table"))
        self._dress()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._watch)
        for moved in (self.verticalScrollBar(), self.horizontalScrollBar()):
            moved.valueChanged.connect(lambda _value: self._rest.start())
        self._rows.modelReset.connect(self._take_reset)
        table.opened.connect(self.fit)
        table.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))

    # Columns

    @property
    def shown_columns(self) -> list[int]:
        """The columns that are not hidden, from the left to the right, by their numbers."""
        header = self.horizontalHeader()
        every = (header.logicalIndex(place) for place in range(header.count()))
        return [column for column in every if not self.isColumnHidden(column)]

    def show_column(self, column: int, shown: bool) -> None:
        """Show a column or hide it; the last that is shown stays."""
        if shown or self.shown_columns != [column]:
            self.setColumnHidden(column, not shown)
            self._rest.start()

    def show_all(self) -> None:
        """Show all columns."""
        for column in range(self._rows.columnCount()):
            self.setColumnHidden(column, False)
        self._rest.start()

    def fit(self) -> None:
        """Make the columns as wide as their names and usual values need, and show all of them."""
        self.show_all()
        for column, head in enumerate(self._rows.table.heads):
            self.setColumnWidth(column, self._width(head))

    def _width(self, head: TableHead) -> int:
        sample = _SAMPLES.get(head.kind, "0000000" if head.links else _NUMBER)
        wide = max(self.fontMetrics().horizontalAdvance(text) for text in (sample, f"{title(head)[:_LONGEST]} ↓"))
        return min(wide + 3 * _ROOM, _WIDEST)

    def fit_column(self, column: int) -> None:
        """Make a column as wide as what of it is in sight."""
        rows = range(max(self.rowAt(0), 0), self._last_row() + 1)
        texts = [str(self._rows.index(row, column).data())[:_LONGEST] for row in rows]
        metrics = self.fontMetrics()
        wide = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 3 * _ROOM
        self.setColumnWidth(column, min(max(wide, self._width(self._rows.table.heads[column])), 3 * _WIDEST))

    # What is in sight

    def _last_row(self) -> int:
        last = self.rowAt(self.viewport().height() - 1)
        return last if last >= 0 else self._rows.rowCount() - 1

    def _watch(self) -> None:
        """Have what is in sight read."""
        first = self.rowAt(0)
        if not self.isVisible() or first < 0:
            self._rows.watch(0, -1, ())
            return
        right = self.viewport().width()
        columns = [
            column
            for column in self.shown_columns
            if self.columnViewportPosition(column) < right
            and self.columnViewportPosition(column) + self.columnWidth(column) > 0
            and self._rows.table.heads[column].kind is not ColumnKind.OTHER
        ]
        self._rows.watch(first, self._last_row(), columns)

    def _take_reset(self) -> None:
        """Make room for the numbers of the rows, and read what is in sight."""
        digits = len(str(max(self._rows.table.rows, 1)))
        width = self.fontMetrics().horizontalAdvance("0" * max(digits, 2)) + 2 * _ROOM
        self.verticalHeader().setFixedWidth(width)
        self.scrollToTop()
        self._rest.start()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rest.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rest.start()

    # Keys and mouse

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return follows a link, Ctrl+C copies."""
        ref = self.ref_of(self.currentIndex())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and ref is not None:
            self.wanted.emit(ref)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected cells of columns that are shown: numbers with all digits, a line for each row."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        if sum(one.width() * one.height() for one in ranges) > MOST_COPIED:
            self.refused.emit(translate("Tables", "Too many cells are selected to be copied. Save them as a file."))
            return
        rows = sorted({row for one in ranges for row in range(one.top(), one.bottom() + 1)})
        chosen = {column for one in ranges for column in range(one.left(), one.right() + 1)}
        heads = self._rows.table.heads
        columns = [one for one in self.shown_columns if one in chosen and heads[one].kind is not ColumnKind.OTHER]
        self._table.copy(rows, columns)

    def ref_of(self, index: Index) -> Ref | None:
        """Return what a cell leads to, None for nothing."""
        value, head = index.data(VALUE), index.data(HEAD)
        return ref_of(head, value) if isinstance(head, TableHead) else None

    def _link_at(self, point: QPoint) -> QModelIndex:
        """Return the cell whose link is at a place of the view, an invalid one for none."""
        index = self.indexAt(point)
        if self.ref_of(index) is None:
            return QModelIndex()
        words = QRect(self.visualRect(index)).adjusted(_ROOM, 0, -_ROOM, 0)
        words.setWidth(min(self.fontMetrics().horizontalAdvance(str(index.data())) + 2, words.width()))
        return index if words.contains(point) else QModelIndex()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where a link is."""
        super().mouseMoveEvent(event)
        over = self._link_at(event.position().toPoint())
        if over != self._hover:
            self._hover = over
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if over.isValid() else Qt.CursorShape.ArrowCursor
            )

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a link follows it."""
        super().mouseReleaseEvent(event)
        index = self._link_at(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        ref = self.ref_of(index)
        if plain and ref is not None and self.selectionModel().selectedIndexes() == [index]:
            self.wanted.emit(ref)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to follow a link, and to copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        ref = self.ref_of(index)
        if ref is not None:
            words = translate("Tables", "Go to {kind} {id}").format(kind=kind_name(ref.kind), id=ref.id)
            menu.addAction(words).triggered.connect(lambda _checked: self.wanted.emit(ref))
            menu.addSeparator()
        copy = menu.addAction(translate("Tables", "&Copy cells"))
        copy.setEnabled(self.selectionModel().hasSelection())
        copy.triggered.connect(lambda _checked: self.copy())
        place = self.visualRect(index).bottomLeft()
        menu.popup(self.viewport().mapToGlobal(place) if by_key else event.globalPos())

    # The heads of the columns

    def _sort_next(self, column: int) -> None:
        """Sort by a column: upwards, then downwards, then not at all."""
        turns = {None: False, (column, False): True}
        if self._table.sorting == (column, True):
            self._unsort()
        else:
            self.sort(column, turns.get(self._table.sorting, False))
        self.show_sorting()

    def sort(self, column: int, descending: bool) -> None:
        """Sort by a column, or say why that cannot be done."""
        why = self._table.why_not_sorted(column)
        if why:
            self.refused.emit(why)
        else:
            self._table.sort(column, descending)
        self.show_sorting()

    def _unsort(self) -> None:
        self._table.sort(None)
        self.show_sorting()

    def show_sorting(self) -> None:
        """Mark the column that the rows are sorted by."""
        self._rows.show_sorting(self._table.sorting)

    def _open_header_menu(self, point: QPoint) -> None:
        column = self.horizontalHeader().logicalIndexAt(point)
        if column < 0:
            return
        menu = self.header_menu(column)
        menu.popup(self.horizontalHeader().mapToGlobal(point))

    def header_menu(self, column: int) -> QMenu:
        """Return the menu of a column's head."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        why = self._table.why_not_sorted(column)
        for text, descending in (
            (translate("Tables", "Sort &up"), False),
            (translate("Tables", "Sort &down"), True),
        ):
            action = menu.addAction(text)
            action.setEnabled(not why)
            action.setToolTip(why or text.replace("&", ""))
            action.triggered.connect(lambda _checked, down=descending: self.sort(column, down))
        plain = menu.addAction(translate("Tables", "&Order of the table"))
        plain.setEnabled(self._table.sorting is not None)
        plain.triggered.connect(lambda _checked: self._unsort())
        menu.addSeparator()
        hide = menu.addAction(translate("Tables", "&Hide"))
        hide.setEnabled(len(self.shown_columns) > 1)
        hide.triggered.connect(lambda _checked: self.show_column(column, False))
        menu.addAction(translate("Tables", "&Fit")).triggered.connect(lambda _checked: self.fit_column(column))
        every = menu.addAction(translate("Tables", "Show &all columns"))
        every.setEnabled(len(self.shown_columns) < self._rows.columnCount())
        every.triggered.connect(lambda _checked: self.show_all())
        return menu

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setProperty("grid", "cells")
        self.setMouseTracking(True)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(tall(Height.TABLE_ROW, self.font()))
        rows.setHighlightSections(False)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setSectionsMovable(True)
        columns.setSectionsClickable(True)
        columns.setMinimumSectionSize(32)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.customContextMenuRequested.connect(self._open_header_menu)
        columns.sectionClicked.connect(self._sort_next)
        columns.sectionMoved.connect(lambda *_: self._rest.start())
        columns.sectionResized.connect(lambda *_: self._rest.start())


class CellDelegate(QStyledItemDelegate):
    """Draws a cell: what is not read as a grey block, an id that leads somewhere as a link, marked rows tinted."""

    def __init__(self, grid: TableGrid, rows: TableRowsModel) -> None:
        super().__init__(grid)
        self._grid, self._rows = grid, rows

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect = current(), option.rect
        row, column = index.row(), index.column()  # not asked by roles: each of those goes to Qt and back
        head, value = self._rows.table.heads[column], self._rows.value(row, column)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, QColor(tokens.selection if self._grid.hasFocus() else tokens.selection_idle))
        elif self._rows.is_marked(row):
            painter.fillRect(rect, QColor(tokens.match_ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        if option.state & QStyle.StateFlag.State_HasFocus and self._grid.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        words = rect.adjusted(_ROOM, 0, -_ROOM, -1)
        if value is None:
            self._paint_block(painter, words, head)
            return
        is_link = ref_of(head, value) is not None
        with saved(painter):
            painter.setPen(QColor(_colour(value, is_link, selected)))
            if is_link:
                font = painter.font()
                font.setUnderline(True)
                painter.setFont(font)
            side = QStyle.visualAlignment(option.direction, alignment(head))
            short = option.fontMetrics.elidedText(shown(value)[:_LONGEST], Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, int(side | Qt.TextFlag.TextSingleLine), short)

    def _paint_block(self, painter: QPainter, words: QRect, head: TableHead) -> None:
        """Draw what is on its way; nothing for a column that is not read."""
        if head.kind is ColumnKind.OTHER:
            return
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(current().hover))
            block = QRectF(words.left(), words.center().y() - 5, words.width() * 0.6, 10)
            painter.drawRoundedRect(block, Radius.SMALL, Radius.SMALL)


def _colour(value: object, is_link: bool, selected: bool) -> str:
    """Return the colour of a cell's words: links, and what is no number, have their own."""
    tokens = current()
    if selected:
        return tokens.selection_text
    if is_link:
        return tokens.link
    return tokens.text_faint if isinstance(value, float) and value != value else tokens.text  # noqa: PLR0124 - NaN


def ref_of(head: TableHead, value: object) -> Ref | None:
    """Return what a cell leads to, None for nothing."""
    is_id = bool(head.links) and isinstance(value, int) and value > 0
    return Ref(head.links, value) if is_id and isinstance(value, int) else None
