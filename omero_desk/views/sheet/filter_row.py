"""A field above each column of a spreadsheet that shows only rows with some text in it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QTableView, QWidget
from typing_extensions import override

from omero_desk.models.sheet.columns import Column
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height

_GAP = 2


class FilterRow(QWidget):
    """Keeps its fields above the columns, wherever those are moved and scrolled. `filtered` carries column and text."""

    filtered = Signal(Column, str)

    def __init__(self, view: QTableView, sheet: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._sheet = view, sheet
        self._fields: dict[Column, QLineEdit] = {}
        self.setFixedHeight(tall(Height.CONTROL, self.font()) + 2 * _GAP)
        header = view.horizontalHeader()
        for change in (
            header.sectionResized,
            header.sectionMoved,
            header.sectionCountChanged,
            header.geometriesChanged,
        ):
            change.connect(self._place)
        view.horizontalScrollBar().valueChanged.connect(self._place)
        sheet.columns_changed.connect(self._renew)
        self.hide()

    def field(self, column: Column) -> QLineEdit:
        """Return the field of a column."""
        return self._fields[column]

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._renew()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Filter no more what nobody sees is filtered."""
        super().hideEvent(event)
        if not event.spontaneous() and self.isHidden():
            for field in self._fields.values():
                field.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _renew(self) -> None:
        if not self.isVisible():
            return
        for column in self._fields.keys() - set(self._sheet.columns):
            self._fields.pop(column).deleteLater()
        for column in self._sheet.columns:
            if column not in self._fields:
                self._fields[column] = self._new(column)
            elif column not in self._sheet.filters:  # of other images, or of another account
                with QSignalBlocker(self._fields[column]):
                    self._fields[column].clear()
        self._place()

    def _new(self, column: Column) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(translate("Sheet", "Filter"))
        field.setAccessibleName(translate("Sheet", "Filter {column}").format(column=column.title))
        field.setText(self._sheet.filters.get(column, ""))
        field.textChanged.connect(lambda text: self.filtered.emit(column, text))
        field.show()
        return field

    def _place(self, *_: object) -> None:
        if not self.isVisible():
            return
        header, start = self._view.horizontalHeader(), self._view.verticalHeader().width()
        mirrored = self.isRightToLeft()
        for section, column in enumerate(self._sheet.columns):
            field = self._fields.get(column)
            if field is None or section >= header.count():
                continue
            left, width = header.sectionViewportPosition(section), header.sectionSize(section)
            shown = not header.isSectionHidden(section) and left + width > 0
            field.setVisible(shown)
            if shown:
                clipped = max(left, 0)
                place = clipped if mirrored else start + clipped
                field.setGeometry(place + _GAP, _GAP, width - (clipped - left) - 2 * _GAP, self.height() - 2 * _GAP)
