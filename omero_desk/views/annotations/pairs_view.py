"""A card of key-value pairs: rows that are edited in place, pasted as a block, moved and removed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from omero_desk.models.annotations.pairs import from_text
from omero_desk.models.annotations.pairs_table import KEY, VALUE, PairsTable
from omero_desk.models.cells import tabbed
from omero_desk.models.guard import guarded
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Height
from omero_desk.views.widgets.table_rows import close_editor

Index = QModelIndex | QPersistentModelIndex
_KEY_WIDTH: Final = 92
_ROOM: Final = 8
_LONGEST: Final = 256
_MOST_ROWS: Final = 12
"""Rows that are shown before the card scrolls."""


class PairsView(QTableView):
    """Shows the rows of a `PairsTable`. Return: next row, Tab: next cell, Esc: as it was; Del removes, Alt+Up moves.

    Ctrl+C copies rows for a spreadsheet, Ctrl+V puts in rows of two columns.
    """

    def __init__(self, table: PairsTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.setModel(table)
        self.setProperty("rows", "own")
        self.setItemDelegate(PairsDelegate(self))
        self.setAccessibleName(translate("Annotations", "Key-value pairs"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.SelectedClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(tall(Height.LIST_ROW, self.font()))
        self.horizontalHeader().setSectionResizeMode(KEY, QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.setColumnWidth(KEY, _KEY_WIDTH)
        self._cell = 0, KEY
        table.modelAboutToBeReset.connect(self._keep_cell)
        table.modelReset.connect(self._take_cell_up)
        table.modelReset.connect(self.updateGeometry)

    def add(self) -> None:
        """Let the user type one more pair."""
        last = self._table.index(self._table.rowCount() - 1, KEY)
        self.setFocus()
        self.setCurrentIndex(last)
        self.edit(last)

    def finish(self) -> None:
        """Take what is being typed, as when another cell is gone to."""
        editor = self.viewport().findChild(QLineEdit)
        if editor is not None:
            self.commitData(editor)
            self._close(editor)

    def _close(self, editor: QWidget) -> None:
        close = super().closeEditor
        close_editor(self, editor, lambda: close(editor, QAbstractItemDelegate.EndEditHint.NoHint))

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        rows = min(self._table.rowCount(), _MOST_ROWS)
        return QSize(_KEY_WIDTH * 2, rows * self.verticalHeader().defaultSectionSize())

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_KEY_WIDTH, self.sizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        """Keep the keys of the card from the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, control = self.currentIndex().row(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by, column = -1 if event.key() == Qt.Key.Key_Up else 1, self.currentIndex().column()
            self._table.move(row, by)
            self.setCurrentIndex(self._table.index(row + by, column))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._table.remove(self._rows())
        elif control and event.key() == Qt.Key.Key_C:
            self.copy()
        elif control and event.key() == Qt.Key.Key_V:
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected rows, or all, as two columns."""
        rows = self._rows() or list(range(len(self._table.pairs)))
        QGuiApplication.clipboard().setText(tabbed(self._table.pairs[row] for row in rows))

    def paste(self) -> None:
        """Put the rows of the clipboard in before the current one."""
        pairs = from_text(QGuiApplication.clipboard().text())
        row = self.currentIndex().row()
        self._table.insert(row if row >= 0 else len(self._table.pairs), pairs)

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go on to the next cell or row after Return and Tab."""
        row, column = self.currentIndex().row(), self.currentIndex().column()
        self._close(editor)
        hints = QAbstractItemDelegate.EndEditHint
        if hint is hints.EditNextItem:
            self._go(row, VALUE) if column == KEY else self._go(row + 1, KEY)
        elif hint is hints.EditPreviousItem:
            self._go(row, KEY) if column == VALUE else self._go(row - 1, VALUE)
        elif hint is hints.SubmitModelCache:
            self._go(*((row, VALUE) if column == KEY and row == len(self._table.pairs) else (row + 1, column)))

    def _keep_cell(self) -> None:
        current = self.currentIndex()
        self._cell = max(current.row(), 0), max(current.column(), 0)

    def _take_cell_up(self) -> None:
        """Stay in the cell where one was, though other pairs are shown: a view forgets it."""
        row, column = self._cell
        last = self._table.rowCount() - 1
        self.selectionModel().setCurrentIndex(
            self._table.index(min(row, last), column), QItemSelectionModel.SelectionFlag.NoUpdate
        )

    def _go(self, row: int, column: int) -> None:
        index = self._table.index(row, column)
        if index.isValid():
            self.setCurrentIndex(index)
            self.edit(index)

    def _rows(self) -> list[int]:
        rows = {index.row() for index in self.selectionModel().selectedIndexes()}
        return sorted(row for row in rows if row < len(self._table.pairs))


class PairsDelegate(QStyledItemDelegate):
    """Draws plain texts, keys fainter than values, and lines between rows; edits in a field as large as the cell."""

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect = current(), option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            focused = option.state & QStyle.StateFlag.State_Active
            painter.fillRect(rect, QColor(tokens.selection if focused else tokens.selection_idle))
        if index.row() < index.model().rowCount() - 1:
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        faint = tokens.text_faint if index.data(Qt.ItemDataRole.UserRole) else tokens.text_quiet
        painter.setPen(QColor(faint if index.column() == KEY or index.data(Qt.ItemDataRole.UserRole) else tokens.text))
        words = rect.adjusted(_ROOM, 0, -_ROOM, -1)
        text = " ".join(str(index.data() or "")[:_LONGEST].split())
        side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        short = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(side | Qt.TextFlag.TextSingleLine), short)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setAccessibleName(translate("Annotations", "Key") if index.column() == KEY else "")
        if index.column() == VALUE:
            field.setAccessibleName(translate("Annotations", "Value"))
        return field

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)


def _is_ours(event: QKeyEvent) -> bool:
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return True
    if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return True
    return bool(control and event.key() in (Qt.Key.Key_C, Qt.Key.Key_V))
