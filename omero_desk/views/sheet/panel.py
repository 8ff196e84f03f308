"""The spreadsheet of the images in Contents: filters, the grid, find and replace, and the bar of changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.messages import Action
from omero_desk.models.sheet.blocks import Block
from omero_desk.models.sheet.columns import Column, Field
from omero_desk.models.sheet.importing import Matched
from omero_desk.models.sheet.ranges import cells_of
from omero_desk.models.sheet.replacing import PatternError, Replacing, replaced
from omero_desk.models.sheet.saver import SheetSaver
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.edit_dialogs import LineDialog
from omero_desk.views.sheet.change_bar import ChangeBar
from omero_desk.views.sheet.dialogs import DiscardDialog, ImportDialog, ReviewDialog, difference
from omero_desk.views.sheet.filter_row import FilterRow
from omero_desk.views.sheet.find_bar import FindBar
from omero_desk.views.sheet.sheet_view import SheetView
from omero_desk.views.sheet.tools import SheetTools
from omero_desk.views.widgets.names import add_named
from omero_desk.views.widgets.state_card import PartialStrip

_LATE_MS: Final = 1000
"""Loading that is over sooner is not told."""
_WORDS_MS: Final = 8000
_LEAST_ROWS: Final = 2
_HEADS: Final = {field: field.name.capitalize() for field in Field if field is not Field.KEY}
"""The headings of files, in any language the ones that are known when they are imported again."""


class SheetPanel(QWidget):
    """Shows a `SheetModel`. `shown` and `left`: the sheet is in sight, or not any more."""

    shown = Signal()
    left = Signal()
    save_wanted = Signal()

    def __init__(self, sheet: SheetModel, saver: SheetSaver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet, self._saver = sheet, saver
        self.view = SheetView(sheet)
        self.tools = SheetTools(self.view, sheet)
        self.filters = FilterRow(self.view, sheet)
        self.finder = FindBar()
        self.bar = ChangeBar(sheet, saver)
        self.strip = PartialStrip()
        self._words = QTimer(self, singleShot=True, interval=_WORDS_MS)
        self._late = QTimer(self, singleShot=True, interval=_LATE_MS)
        self._asking: list[QDialog] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.strip, self.filters, self.view, self.finder, self.bar):
            column.addWidget(widget, int(widget is self.view))
        self.setFocusProxy(self.view)
        self._connect()

    def open_import(self, name: str, block: Block) -> ImportDialog | None:
        """Show what a file would change; None where it has no rows."""
        if len(block.rows) < _LEAST_ROWS:
            self.tell(translate("Sheet", "This file has no rows below a heading."))
            return None
        dialog = ImportDialog(name, block, self._sheet, self.window())
        dialog.chosen.connect(self._take)
        self._ask(dialog)
        return dialog

    def review(self) -> ReviewDialog:
        """List what is changed."""
        cells = self._saver.unsaved
        lines = [difference(self._sheet, cell, self._sheet.changes.texts[cell]) for cell in cells]
        dialog = ReviewDialog(lines, len({image for image, _column in cells}), self.window())
        dialog.save.clicked.connect(lambda _checked=False: self.save_wanted.emit())
        self._ask(dialog)
        return dialog

    def ask_discard(self) -> DiscardDialog:
        """Ask whether what is changed is to be forgotten."""
        cells = self._saver.unsaved
        dialog = DiscardDialog(len(cells), len({image for image, _column in cells}), self.window())
        dialog.accepted.connect(self._sheet.changes.discard)
        dialog.accepted.connect(self.view.setFocus)
        self._ask(dialog)
        return dialog

    def rows(self) -> list[list[str]]:
        """Return the sheet as it is seen, its headings and the ID of each image first."""
        columns = [self._sheet.columns[column] for column in self.view.shown_columns]
        heads = ["ID", *(column.key if column.field is Field.KEY else _HEADS[column.field] for column in columns)]
        cells = [[str(image), *(self._sheet.text((image, one)) for one in columns)] for image in self._sheet.image_ids]
        return [heads, *cells]

    def forget(self) -> None:
        """Show nothing of how another account has looked at its images, and close what asks about them."""
        for dialog in (*self._asking,):
            dialog.reject()
        self._words.stop()
        self._late.stop()
        self.strip.tell("")
        self.tools.filters.setChecked(False)
        self.finder.forget()
        self.view.forget()

    def _ask(self, dialog: QDialog) -> None:
        """Open a dialog, which ends with the account that it is for."""
        self._asking.append(dialog)
        dialog.finished.connect(lambda _result: self._asking.remove(dialog))
        dialog.open()

    def tell(self, words: str) -> None:
        """Say something above the sheet for a while."""
        self.strip.tell(words)
        self._words.start()

    def open_find(self) -> None:
        """Find and replace, in the selected cells where there are several."""
        block = self.view.block
        self.finder.enter(block is not None and not block.is_one)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.shown.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()

    @override
    def event(self, event: QEvent) -> bool:
        """Keep the keys of the sheet from the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_ours(event):
            (self.open_find if event.key() == Qt.Key.Key_H else self.save_wanted.emit)()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        tools, view, sheet = self.tools, self.view, self._sheet
        tools.fill.triggered.connect(lambda _checked=False: view.fill_down())
        tools.replace.triggered.connect(lambda _checked=False: self.open_find())
        tools.filters.toggled.connect(self.filters.setVisible)
        tools.columns_wanted.connect(self._fill_columns)
        self.filters.filtered.connect(sheet.filter_by)
        self.finder.wanted.connect(self._replace)
        self.finder.closed.connect(view.setFocus)
        self.bar.discard_wanted.connect(self.ask_discard)
        self.bar.review_wanted.connect(self.review)
        self.bar.save_wanted.connect(self._save)
        view.told.connect(self.tell)
        view.table_pasted.connect(lambda table: self.open_import(translate("Sheet", "Clipboard"), table))
        sheet.refused.connect(self.tell)
        view.rested.connect(lambda: sheet.rows.look_at(view.rows_in_sight))
        view.horizontalHeader().customContextMenuRequested.connect(self._open_head_menu)
        self._words.timeout.connect(self._show_state)
        self._late.timeout.connect(self._show_state)
        sheet.rows.changed.connect(self._show_soon)
        sheet.rows.arrived.connect(lambda _ids: self._show_soon())

    def _save(self) -> None:
        """Go back to the cells, as the button goes once all is saved."""
        self.view.setFocus()
        self.save_wanted.emit()

    def _show_soon(self) -> None:
        if self._sheet.rows.is_reading and not self._late.isActive() and not self.strip.words.text():
            self._late.start()
        elif not self._words.isActive() and not self._late.isActive():
            self._show_state()

    def _show_state(self) -> None:
        """Say how far reading is, or why it did not go on."""
        rows, total = self._sheet.rows, len(self._sheet.entities)
        if rows.problem is not None:
            words = translate("Sheet", "Not all rows could be read. {why}").format(why=rows.problem.text)
            self.strip.tell(words, Action(translate("Sheet", "Try again"), rows.retry))
        elif rows.is_reading and rows.missing:
            said = translate("Sheet", "Loading, {done} of {all} rows")
            self.strip.tell(said.format(done=f"{total - rows.missing:,}", all=f"{total:,}"))
        else:
            self.strip.tell("")

    def _take(self, matched: Matched) -> None:
        sheet, here = self._sheet, self._sheet.entities
        able = {cell: text for cell, text in matched.texts.items() if cell[0] in here and not sheet.why_not(cell)}
        for column in matched.columns:
            if column.field is Field.KEY:
                sheet.add_key(column.key)
        taken = self._sheet.put(able)
        if taken:
            self.tell(
                plural(
                    "Sheet",
                    "%n cells were filled. They are not saved yet.",
                    "%n cell was filled. It is not saved yet.",
                    taken,
                )
            )

    def _replace(self, wanted: Replacing, in_selection: bool) -> None:
        sheet, view = self._sheet, self.view
        places = view.places if in_selection else _all(len(sheet.image_ids), view.shown_columns)
        cells = [(cell, text) for cell, text in cells_of(sheet, places) if not sheet.why_not(cell)]
        try:
            found = replaced(cells, wanted)
        except PatternError as error:
            self.finder.say(str(error))
            return
        taken = sheet.put(found.texts)
        words = [plural("Sheet", "%n cells replaced.", "%n cell replaced.", taken)]
        if found.too_long:
            words.append(
                plural(
                    "Sheet",
                    "%n cells are too long for this pattern.",
                    "%n cell is too long for this pattern.",
                    found.too_long,
                )
            )
        if found.is_late:
            words.append(translate("Sheet", "It took too long: the other cells were not looked at."))
        self.finder.say(" ".join(words))

    def _fill_columns(self, menu: QMenu) -> None:
        menu.clear()
        for column in self._sheet.columns:
            action = add_named(menu, column.title)
            action.setCheckable(True)
            action.setChecked(self.view.is_shown(column))
            action.setEnabled(column.field is not Field.NAME)
            action.toggled.connect(lambda shown, one=column: self.view.show_column(one, shown))
        menu.addSeparator()
        menu.addAction(translate("Sheet", "Add column for a key…")).triggered.connect(
            lambda _checked=False: self.ask_key()
        )

    def ask_key(self) -> LineDialog:
        """Ask for a key that becomes a column."""
        words = translate("Sheet", "Key-value pairs get this key where you fill a cell.")
        title, action = translate("Sheet", "Add a column"), translate("Sheet", "&Add column")
        dialog = LineDialog(title, words, action, translate("Sheet", "Key"), parent=self.window())
        dialog.written.connect(self._add_key)
        self._ask(dialog)
        return dialog

    def _add_key(self, key: str) -> None:
        column = self._sheet.add_key(key)
        self.view.show_column(column, True)
        row = max(self.view.currentIndex().row(), 0)
        if column in self._sheet.columns:
            self.view.setCurrentIndex(self._sheet.index(row, self._sheet.columns.index(column)))

    def _open_head_menu(self, point: QPoint) -> None:
        section = self.view.header_at(point)
        if section >= 0:
            menu = self.head_menu(section)
            menu.popup(self.view.horizontalHeader().mapToGlobal(point))

    def head_menu(self, section: int) -> QMenu:
        """Return the menu of a heading."""
        column, view = self._sheet.columns[section], self.view
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, act in (
            (translate("Sheet", "Sort up"), lambda: view.sort(section, False)),
            (translate("Sheet", "Sort down"), lambda: view.sort(section, True)),
            (translate("Sheet", "As in the gallery"), lambda: self._sheet.sort_by(None)),
            (translate("Sheet", "Filter…"), lambda: self._filter(column)),
            (translate("Sheet", "Fit"), lambda: view.resizeColumnToContents(section)),
            (translate("Sheet", "Hide"), lambda: view.show_column(column, False)),
        ):
            menu.addAction(words).triggered.connect(lambda _checked=False, act=act: act())
        menu.actions()[-1].setEnabled(column.field is not Field.NAME)
        return menu

    def _filter(self, column: Column) -> None:
        self.tools.filters.setChecked(True)
        self.filters.field(column).setFocus()


def _is_ours(event: QKeyEvent) -> bool:
    control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return control and event.key() in (Qt.Key.Key_H, Qt.Key.Key_S)


def _all(rows: int, columns: Sequence[int]) -> list[tuple[int, int]]:
    return [(row, column) for row in range(rows) for column in columns]
