"""A table of texts with a field to search them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from omero_desk.models.annotations.origins.text_table import Row, TextTable
from omero_desk.models.annotations.values import share
from omero_desk.models.translation import plural, translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.filter_edit import FilterEdit
from omero_desk.views.widgets.table_rows import TableRows
from omero_desk.views.widgets.table_view import TableView
from omero_desk.views.widgets.words import Words

_ON_ONE_PAGE: Final = 8
"""Rows for which nobody needs a search."""


class SearchTable(QWidget):
    """Shows rows that can be searched, selected and copied (Ctrl+C). `opened` carries the number of a row of all.

    `widths` are the first widths of columns in pixels; the last one takes what is left.
    """

    opened = Signal(int)

    def __init__(
        self,
        name: str,
        headers: Sequence[str],
        widths: Mapping[int, int],
        parent: QWidget | None = None,
        *,
        is_tall: bool = False,
    ) -> None:
        super().__init__(parent)
        self.table = TextTable(headers, self)
        self.filter = FilterEdit(translate("Annotations", "Search"))
        self.count = Words()
        self.count.setProperty("role", "faint")
        self.view = TableView(self.table, name, {}, {QKeySequence.StandardKey.Copy: self.copy})
        self.view.setItemDelegate(TableRows(self.view))
        head = self.view.horizontalHeader()
        for place, width in widths.items():
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(place, width)
        head.setStretchLastSection(True)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.filter.textChanged.connect(self._filter)
        self.filter.left.connect(self.view.setFocus)
        self.view.activated.connect(lambda index: self.opened.emit(self.table.number_of(index.row())))
        top = QHBoxLayout()
        top.setSpacing(Space.SMALL)
        top.addWidget(self.filter, 1)
        top.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        self._is_tall = is_tall
        self.show_rows(())

    @property
    def chosen(self) -> int | None:
        """The number among all rows of the first one that is selected, None for none."""
        rows = self.view.rows()
        return self.table.number_of(rows[0]) if rows else None

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show other rows; returns whether there are any."""
        if rows != self.table.rows:
            self.table.show_rows(rows)
        self._count()
        if not self._is_tall:
            shown = min(max(len(rows), 2), 2 * _ON_ONE_PAGE) + 1
            self.view.setFixedHeight(shown * self.view.verticalHeader().defaultSectionSize() + 12)
        for part in (self.filter, self.count):
            part.setVisible(len(rows) > _ON_ONE_PAGE)
        return bool(rows)

    def copy(self) -> None:
        """Put the selected rows on the clipboard, all that are shown if none is selected."""
        rows = self.view.rows() or range(self.table.rowCount())
        QGuiApplication.clipboard().setText(self.table.text(rows))

    def _filter(self, text: str) -> None:
        self.table.filter(text)
        self._count()

    def _count(self) -> None:
        shown, all_ = self.table.rowCount(), len(self.table.rows)
        words = plural("Annotations", "%n rows", "%n row", all_)
        if shown != all_:
            words = share(shown, all_)
        self.count.setText(words)
