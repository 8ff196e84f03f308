"""The bar that finds texts in the cells of a spreadsheet and replaces them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from omero_desk.models.sheet.replacing import Replacing
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.banner import closing_button
from omero_desk.views.widgets.flow_layout import FlowLayout
from omero_desk.views.widgets.words import Words


class FindBar(QWidget):
    """`wanted` carries what is to be replaced, and whether in the selected cells alone. Esc closes it."""

    wanted = Signal(Replacing, bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.needle = _field(translate("Sheet", "Find"))
        self.by = _field(translate("Sheet", "Replace with"))
        self.pattern = QCheckBox(translate("Sheet", "Regular expression"))
        self.case = QCheckBox(translate("Sheet", "Match case"))
        self.whole = QCheckBox(translate("Sheet", "Whole cell"))
        self.selection = QCheckBox(translate("Sheet", "Only in selected cells"))
        self.replace = QPushButton(translate("Sheet", "Replace all"), autoDefault=False)
        self.result = Words()
        close = closing_button(translate("Sheet", "Close"))
        close.clicked.connect(lambda _checked=False: self.leave())
        self.replace.clicked.connect(lambda _checked=False: self._tell())
        for field in (self.needle, self.by):
            field.returnPressed.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.TINY, Space.MEDIUM, Space.TINY)
        flow = FlowLayout()
        for widget in (
            *(self.needle, self.by, self.replace, self.selection),
            *(self.pattern, self.case, self.whole, self.result),
        ):
            flow.addWidget(widget)
        row.addLayout(flow, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def enter(self, has_range: bool) -> None:
        """Show the bar; with a range of cells it is for those."""
        self.selection.setChecked(has_range)
        self.result.setText("")
        self.show()
        self.needle.setFocus()
        self.needle.selectAll()

    def forget(self) -> None:
        """Close the bar, and forget what was looked for."""
        for field in (self.needle, self.by):
            field.clear()
        for box in (self.pattern, self.case, self.whole, self.selection):
            box.setChecked(False)
        self.result.setText("")
        self.hide()

    def leave(self) -> None:
        """Close the bar."""
        self.hide()
        self.closed.emit()

    def say(self, words: str) -> None:
        """Tell what came of it."""
        self.result.setText(words)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        wanted = Replacing(
            self.needle.text(),
            self.by.text(),
            self.pattern.isChecked(),
            self.case.isChecked(),
            self.whole.isChecked(),
        )
        self.wanted.emit(wanted, self.selection.isChecked())


def _field(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setMinimumWidth(160)
    return field
