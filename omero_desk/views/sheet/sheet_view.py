"""The grid of a spreadsheet: cells are edited in place, copied, pasted and filled as in any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from omero_desk.models.sheet import ranges
from omero_desk.models.sheet.blocks import as_tabs, from_clipboard, table_from_clipboard
from omero_desk.models.sheet.columns import Column, Field
from omero_desk.models.sheet.importing import is_table
from omero_desk.models.sheet.ranges import Range
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import translate
from omero_desk.views.sheet.delegate import SheetDelegate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.table_rows import close_editor

_REST_MS: Final = 60
_WIDTHS: Final = {
    Field.NAME: 200,
    Field.TAGS: 190,
    Field.KEY: 112,
    Field.RATING: 100,
    Field.COMMENTS: 110,
    Field.SIZE: 110,
    Field.ACQUIRED: 140,
}
_WIDEST: Final = 180
"""Pixels that a heading may take of itself."""
_ICONS: Final = {
    Field.TAGS: "tag",
    Field.KEY: "key-value",
    Field.RATING: "rating",
    Field.COMMENTS: "comment",
}
Flag = QItemSelectionModel.SelectionFlag


class SheetView(QTableView):
    """Shows a `SheetModel`. `told` carries a sentence on what was left out, `rested`: other rows are in sight.

    Return edits, and in a field goes to the next row; Tab to the next cell; Esc leaves a cell as it was.
    """

    told = Signal(str)
    table_pasted = Signal(object)
    rested = Signal()
    picked = Signal()

    def __init__(self, sheet: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._widths: dict[Column, int] = {}
        self._hidden: set[Column] = set()
        self._current: tuple[int, Column] | None = None
        self._laying_out = False
        sheet.icon_of = _icon_of
        self.setModel(sheet)
        self._delegate = SheetDelegate(self, sheet)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(translate("Sheet", "Spreadsheet"))
        self.setProperty("rows", "own")
        self.setProperty("grid", "sheet")
        self._keys: dict[str, Callable[[], object]] = {
            "Ctrl+C": self.copy,
            "Ctrl+X": self.cut,
            "Ctrl+V": self.paste,
            "Ctrl+D": self.fill_down,
            "Del": self.clear_cells,
            "Backspace": self.clear_cells,
            "Return": self._enter,
            "Enter": self._enter,
            "F2": self._enter,
        }
        self._look()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.rested)
        self._connect()
        self._lay_columns_out()

    # Ranges

    @property
    def places(self) -> list[tuple[int, int]]:
        """The rows and columns of all selected cells that are shown."""
        found: dict[tuple[int, int], None] = {}
        selection = self.selectionModel().selection()
        for part in map(selection.at, range(selection.count())):
            columns = [one for one in range(part.left(), part.right() + 1) if not self.isColumnHidden(one)]
            for row in range(part.top(), part.bottom() + 1):
                found.update(dict.fromkeys((row, column) for column in columns))
        return list(found)

    @property
    def block(self) -> Range | None:
        """The smallest block that holds all selected cells, its columns as they are seen; None without any."""
        selection = self.selectionModel().selection()
        parts = [selection.at(number) for number in range(selection.count())]
        if not parts:
            return None
        rows = range(min(part.top() for part in parts), max(part.bottom() for part in parts) + 1)
        picked = {column for part in parts for column in range(part.left(), part.right() + 1)}
        columns = [column for column in self.shown_columns if column in picked]
        return Range(rows, columns) if columns else None

    @property
    def shown_columns(self) -> list[int]:
        """The columns that are not hidden, in the order in which they are seen."""
        header = self.horizontalHeader()
        logical = (header.logicalIndex(place) for place in range(header.count()))
        return [column for column in logical if not self.isColumnHidden(column)]

    @property
    def rows_in_sight(self) -> list[int]:
        """The ids of the images whose rows are in sight; none while the sheet is not."""
        if not self.isVisible() or not self._sheet.image_ids:
            return []
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return list(self._sheet.image_ids[max(first, 0) : last + 1 if last >= 0 else None])

    @property
    def rows_picked(self) -> list[int]:
        """The ids of the images with selected cells, from the top down."""
        selection = self.selectionModel().selection()
        parts = map(selection.at, range(selection.count()))
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        ids = self._sheet.image_ids
        return [ids[row] for row in sorted(rows) if row < len(ids)]

    def copy(self) -> None:
        """Copy the selected block for another spreadsheet."""
        if self.block is not None:
            QGuiApplication.clipboard().setText(as_tabs(ranges.texts_of(self._sheet, self.block)))

    def cut(self) -> None:
        """Copy the selected block and empty it."""
        self.copy()
        self.clear_cells()

    def paste(self) -> None:
        """Put the copied block in from the first selected cell on; a single cell into all that are selected.

        A whole table, with a heading that has names or IDs of images, is put in by those.
        """
        text = QGuiApplication.clipboard().text()
        if is_table(table := table_from_clipboard(text)):
            self.table_pasted.emit(table)
            return
        where, block = self.block, from_clipboard(text)
        if where is None or not block.rows:
            return
        if len(block.rows) == 1 and block.width == 1 and not where.is_one:
            self._sheet.put(ranges.filled(self._sheet, self.places, block.rows[0][0]))
            return
        rows = range(where.rows[0], len(self._sheet.image_ids))
        columns = self.shown_columns[self.shown_columns.index(where.columns[0]) :]
        self._sheet.put(ranges.pasted(self._sheet, block, rows, columns))
        over = len(block.rows) - len(rows), block.width - len(columns)
        if over[0] > 0 or over[1] > 0 or block.is_cut:
            self.told.emit(translate("Sheet", "What was copied is larger than the sheet: the rest was left out."))
        last = self._sheet.index(
            min(rows[0] + len(block.rows), rows[-1] + 1) - 1, columns[min(block.width, len(columns)) - 1]
        )
        self._select(self._sheet.index(rows[0], columns[0]), last)

    def fill_down(self) -> None:
        """Put what the first selected row says into the others; of a single cell, what the one above it says."""
        where = self.block
        if where is None:
            return
        if len(where.rows) == 1 and where.rows[0] > 0:
            where = Range([where.rows[0] - 1, *where.rows], where.columns)
        self._sheet.put(ranges.filled_down(self._sheet, where))

    def clear_cells(self) -> None:
        """Empty the selected cells."""
        self._sheet.put(ranges.filled(self._sheet, self.places, ""))

    def put(self, text: str) -> None:
        """Put one text into all selected cells."""
        self._sheet.put(ranges.filled(self._sheet, self.places, text))

    def select_rows(self, image_ids: set[int]) -> None:
        """Go to the first of some images, unless one of them is where the focus is."""
        current = self.currentIndex()
        if current.isValid() and self._sheet.image_ids[current.row()] in image_ids:
            return
        rows = [row for image in image_ids if (row := self._sheet.row_of(image)) is not None]
        if rows:
            index = self._sheet.index(min(rows), max(current.column(), 0))
            self.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)
            self.scrollTo(index)

    # Columns

    def is_shown(self, column: Column) -> bool:
        """Return whether a column is shown."""
        return column not in self._hidden

    def show_column(self, column: Column, shown: bool) -> None:
        """Show a column, or hide it; the name stays."""
        if column.field is Field.NAME:
            return
        (self._hidden.discard if shown else self._hidden.add)(column)
        self._lay_columns_out()

    def forget(self) -> None:
        """Have all columns in their places, in their first widths: another account comes."""
        self._hidden.clear()
        self._widths.clear()
        self._current = None
        self._delegate.forget()
        header = self.horizontalHeader()
        for section in range(header.count()):
            header.moveSection(header.visualIndex(section), section)
        self._lay_columns_out()

    # Keys

    @override
    def event(self, event: QEvent) -> bool:
        """Keep the keys of the sheet from the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meant(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._meant(event)
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)

    def _meant(self, event: QKeyEvent) -> Callable[[], object] | None:
        keys = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        if keys == "Ctrl+Z":
            return self._sheet.changes.undo if self._sheet.changes.can_undo else None
        if keys in ("Ctrl+Y", "Ctrl+Shift+Z"):
            return self._sheet.changes.redo if self._sheet.changes.can_redo else None
        return self._keys.get(keys)

    def _enter(self) -> None:
        if self.currentIndex().isValid() and self.state() is not QAbstractItemView.State.EditingState:
            self.edit(self.currentIndex())  # the Return that ends editing comes here too

    @override
    def edit(self, index: QModelIndex | QPersistentModelIndex, *how: Any) -> Any:
        """Begin to edit a cell that can be changed; say why another one cannot."""
        trigger = how[0] if how else QAbstractItemView.EditTrigger.AllEditTriggers
        reason = self._sheet.why_not(self._sheet.cell(index.row(), index.column())) if index.isValid() else ""
        if reason and trigger & self.editTriggers():
            self.told.emit(reason)
            return False
        return super().edit(index, *how)

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go on to the next cell or row after Tab and Return."""
        index, close = self.currentIndex(), super().closeEditor
        close_editor(self, editor, lambda: close(editor, QAbstractItemDelegate.EndEditHint.NoHint))
        hints = QAbstractItemDelegate.EndEditHint
        steps = {hints.EditNextItem: (0, 1), hints.EditPreviousItem: (0, -1), hints.SubmitModelCache: (1, 0)}
        if hint in steps and index.isValid():
            self._go(index, *steps[hint])

    def _go(self, index: QModelIndex, down: int, on: int) -> None:
        columns = self.shown_columns
        place = columns.index(index.column()) + on if index.column() in columns else 0
        if 0 <= place < len(columns):
            other = self._sheet.index(index.row() + down, columns[place])
            if other.isValid():
                self.setCurrentIndex(other)

    # How it looks

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._delegate.forget()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rest.start()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _look(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(True)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(True)
        self.setCornerButtonEnabled(True)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(tall(Height.SHEET_ROW, self.font()))
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionsMovable(True)
        columns.setSectionsClickable(True)
        columns.setHighlightSections(False)
        rows.setHighlightSections(False)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.setMinimumSectionSize(40)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.setToolTip(translate("Sheet", "Double click sorts; drag moves; right click for more"))

    def _connect(self) -> None:
        sheet, header = self._sheet, self.horizontalHeader()
        for change in (sheet.modelReset, sheet.layoutChanged, self.verticalScrollBar().valueChanged):
            change.connect(lambda *_: self._rest.start())
        sheet.modelAboutToBeReset.connect(self._note_current)
        sheet.modelReset.connect(self._restore_current)
        sheet.columns_changed.connect(self._lay_columns_out)
        sheet.modelReset.connect(self._show_sorting)
        sheet.layoutChanged.connect(self._show_sorting)
        header.sectionResized.connect(self._note_width)
        header.sectionDoubleClicked.connect(self._turn_order)
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())

    def sort(self, section: int, descending: bool) -> None:
        """Sort by a column."""
        self._sheet.sort_by(self._sheet.columns[section], descending)
        self._show_sorting()

    def _turn_order(self, section: int) -> None:
        column, order = self._sheet.columns[section], self._sheet.sorted_by
        self.sort(section, order == (column, False))

    def _show_sorting(self, *_: object) -> None:
        order = self._sheet.sorted_by
        section = self._sheet.columns.index(order[0]) if order is not None and order[0] in self._sheet.columns else -1
        down = order is not None and order[1]
        way = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, way)

    def _lay_columns_out(self) -> None:
        self._laying_out = True
        for section, column in enumerate(self._sheet.columns):
            self.setColumnWidth(section, self._widths.get(column, 0) or self._first_width(section))
            self.setColumnHidden(section, column in self._hidden)
        self._laying_out = False

    def _first_width(self, section: int) -> int:
        """Return the width of a column that nobody has changed: a key that is not too long is there as a whole."""
        usual = _WIDTHS[self._sheet.columns[section].field]
        return max(usual, min(self.horizontalHeader().sectionSizeHint(section), _WIDEST))

    def _note_width(self, section: int, _old: int, new: int) -> None:
        if not self._laying_out and new and section < len(self._sheet.columns):
            self._widths[self._sheet.columns[section]] = new

    def _note_current(self) -> None:
        index = self.currentIndex()
        self._current = self._sheet.cell(index.row(), index.column()) if index.isValid() else None

    def _restore_current(self) -> None:
        """Go back to the cell that had the focus, wherever it is now."""
        cell = self._current
        row = self._sheet.row_of(cell[0]) if cell is not None else None
        if cell is not None and row is not None and cell[1] in self._sheet.columns:
            index = self._sheet.index(row, self._sheet.columns.index(cell[1]))
            self.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)

    def _select(self, first: QModelIndex, last: QModelIndex) -> None:
        self.selectionModel().select(QItemSelection(first, last), Flag.ClearAndSelect)

    def header_at(self, point: QPoint) -> int:
        """Return the column whose heading is at a point, -1 for none."""
        return self.horizontalHeader().logicalIndexAt(point)


def _icon_of(column: Column) -> object:
    name = _ICONS.get(column.field)
    return icons.icon(name) if name else None
