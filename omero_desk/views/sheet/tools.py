"""The tools of a spreadsheet, in the line of the filter: what the selected cells say, and what is done with them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from omero_desk.entities.edits import LONGEST
from omero_desk.models.quantities import number
from omero_desk.models.sheet.ranges import cells_of
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import translate
from omero_desk.views.sheet.sheet_view import SheetView
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.fitting_bar import FittingBar
from omero_desk.views.widgets.words import OneLine

_FIELD: Final = 60, 360
_PLACE: Final = 170
"""Pixels that the place keeps once it had them: what is beside it does not move with the selection."""
_NARROW: Final = 480, 320
"""Pixels below which the place, and then the text of the selected cells, are not shown."""


class SheetTools(QWidget):
    """Shows where the selection is and what its first cell says; what is typed there goes into all selected cells."""

    columns_wanted = Signal(QMenu)

    def __init__(self, view: SheetView, sheet: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._sheet = view, sheet
        self.place = OneLine()
        self.place.setProperty("role", "quiet")
        self.value = QLineEdit()
        self.value.setMaxLength(LONGEST)
        self.value.setMinimumWidth(_FIELD[0])
        self.value.setMaximumWidth(_FIELD[1])
        self.value.setAccessibleName(translate("Sheet", "Text of the selected cells"))
        self.bar = FittingBar(translate("Sheet", "Spreadsheet"))
        self.bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.bar.setMinimumWidth(_FIELD[0])
        self.bar.setProperty("ground", "clear")
        self.fill = self._action("fill-down", translate("Sheet", "Fill down"), "Ctrl+D")
        self.replace = self._action("search", translate("Sheet", "Find and replace"), "Ctrl+H")
        self.filters = self._action("filter", translate("Sheet", "Filter columns"))
        self.filters.setCheckable(True)
        self.columns = QToolButton(self.bar)
        self.columns.setIcon(icons.icon("columns"))
        self.columns.setText(translate("Sheet", "Columns"))
        self.columns.setToolTip(translate("Sheet", "Show and hide columns, add one for a key"))
        self.columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.columns.setToolButtonStyle(self.bar.toolButtonStyle())
        menu = QMenu(self.columns)
        menu.aboutToShow.connect(lambda: self.columns_wanted.emit(menu))
        self.columns.setMenu(menu)
        self.bar.addWidget(self.columns)
        self.take_in = self._action("import", translate("Sheet", "Import table…"))
        self.give_out = self._action("export", translate("Sheet", "Export table…"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.place)
        row.addWidget(self.value, 1)
        row.addWidget(self.bar, 2)
        self.value.returnPressed.connect(self._put)
        view.picked.connect(self.refresh)
        sheet.dataChanged.connect(self.refresh)
        sheet.modelReset.connect(self.refresh)
        self.refresh()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the tools where there is little."""
        super().resizeEvent(event)
        self.place.setVisible(self.width() >= _NARROW[0])
        self.value.setVisible(self.width() >= _NARROW[1])

    def refresh(self, *_: object) -> None:
        """Show the place and the text of the selection."""
        block = self._view.block
        if block is None or block.rows[-1] >= len(self._sheet.image_ids):
            self.place.say("")
            self.value.clear()
            self.value.setEnabled(False)
            return
        cell = self._sheet.cell(block.rows[0], block.columns[0])
        self.place.say(self._where(block.rows[0] + 1, block.rows[-1] + 1, block.columns))
        self.place.setMinimumWidth(min(max(self.place.minimumWidth(), self.place.sizeHint().width()), _PLACE))
        reason = self._sheet.why_not(cell)
        self.value.setEnabled(not reason)
        self.value.setToolTip(reason)
        if not self.value.isModified() or not self.value.hasFocus():
            with QSignalBlocker(self.value):
                self.value.setText(cells_of(self._sheet, [(block.rows[0], block.columns[0])])[0][1])
                self.value.setCursorPosition(0)

    def _where(self, first: int, last: int, columns: object) -> str:
        assert isinstance(columns, list)
        title = self._sheet.columns[columns[0]].title
        if len(columns) > 1:
            title = translate("Sheet", "{first} to {last}").format(
                first=title, last=self._sheet.columns[columns[-1]].title
            )
        if first == last:
            return translate("Sheet", "{column}, row {row}").format(column=title, row=number(first))
        said = translate("Sheet", "{column}, rows {first} to {last}")
        return said.format(column=title, first=number(first), last=number(last))

    def _put(self) -> None:
        text = self.value.text()
        self.value.setModified(False)
        self._view.put(text)
        self._view.setFocus()

    def _action(self, icon: str, words: str, keys: str = "") -> QAction:
        action = self.bar.addAction(icons.icon(icon), words)
        action.setToolTip(f"{words.rstrip('…')} ({keys})" if keys else words.rstrip("…"))
        return action
