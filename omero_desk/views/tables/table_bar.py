"""The lines above a table's grid: what it is, its buttons, the condition, and a line that says how things are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from omero_desk.models.tables.table import TableModel
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height, Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.fitting_bar import FittingBar
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.state_card import link_button
from omero_desk.views.widgets.words import OneLine

_EDIT: Final = 140
"""Pixels of the width of a condition, at least."""


class TableBar(QWidget):
    """Shows what `TableModel` says. `find_wanted` carries a condition as it was typed."""

    find_wanted = Signal(str)

    def __init__(self, table: TableModel, name: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._table = table
        self._refused = ""
        self.title, self.about = OneLine(name), OneLine(about)
        self.title.setProperty("role", "title")
        self.about.setProperty("role", "faint")
        self.columns_menu = QMenu(self)
        self.tools = FittingBar(translate("Tables", "Table"))
        self.tools.setProperty("ground", "clear")
        self.columns = self._action(
            "columns", translate("Tables", "Columns"), translate("Tables", "Show or hide columns")
        )
        self.plot = self._action(
            "profile", translate("Tables", "Plot"), translate("Tables", "Draw a histogram of a column, or two columns")
        )
        self.plot.setCheckable(True)
        self.select = self._action(
            "image",
            translate("Tables", "Select images"),
            translate("Tables", "Select in the window what the selected rows are about"),
        )
        self.save = self._action(
            "export",
            translate("Tables", "Save as CSV…"),
            translate("Tables", "Write the rows that are found to a file"),
        )
        self.again = self._action(
            "refresh", translate("Tables", "Read again"), translate("Tables", "Read the table again")
        )
        self.columns.setMenu(self.columns_menu)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(translate("Tables", "Condition, such as (Area > 50) & (Drug == 'DMSO')"))
        self.edit.setAccessibleName(translate("Tables", "Condition"))
        self.edit.setToolTip(
            translate(
                "Tables",
                "Rows for which this is true. Compare with == != < <= > >=; & | ~ are and, or, not, between brackets;\n"
                "texts stand in quotes, names that are no plain words between back quotes: `Cell area` > 5",
            )
        )
        self.edit.setClearButtonEnabled(True)
        self.edit.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.edit.setMinimumWidth(_EDIT)
        self.build = QToolButton()
        self.build.setText(translate("Tables", "Build…"))
        self.build.setToolTip(translate("Tables", "Choose columns, comparisons and values"))
        self.build.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.state = OneLine()
        self.state.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.stop = link_button(translate("Tables", "Cancel"))
        self._lay_out()
        self.edit.returnPressed.connect(self._find)
        self.edit.textChanged.connect(self._take_text)
        self.stop.clicked.connect(lambda _checked: table.stop())
        table.changed.connect(self.show_table)
        self.show_table()

    def refuse(self, words: str) -> None:
        """Say that something cannot be done, until something else is."""
        self._refused = words
        self.show_table()

    def show_table(self) -> None:
        """Say how things are, in one line of the same height."""
        table = self._table
        problem = table.problem or table.rows.problem
        error = table.why_not(self.edit.text()) if table.table is not None else None
        said, role = table.summary, "faint"
        if table.doing:
            said = table.doing
        elif problem is not None and table.table is not None:
            said, role = problem.text, "danger"
        elif error is not None and self.edit.text() != table.written:
            said, role = str(error), "danger"
        elif self._refused:
            said = self._refused
        elif self.edit.text() != table.written:
            said = translate("Tables", "Press Return to find these rows.")
        self.state.say(said)
        if self.state.property("role") != role:
            self.state.setProperty("role", role)
            self.state.style().unpolish(self.state)
            self.state.style().polish(self.state)
        self.stop.setVisible(bool(table.doing) and table.table is not None)
        is_open = table.table is not None
        for one in (self.columns, self.plot, self.save):
            one.setEnabled(is_open)
        self.select.setEnabled(is_open and table.link_head is not None)
        self.edit.setEnabled(is_open)
        self.build.setEnabled(is_open)

    def show_condition(self, text: str) -> None:
        """Show a condition that was built."""
        self.edit.setText(text)

    def _find(self) -> None:
        if self._table.table is not None and self._table.why_not(self.edit.text()) is None:
            self._refused = ""
            self.find_wanted.emit(self.edit.text())

    def _take_text(self, text: str) -> None:
        self._refused = ""
        if not text and self._table.written:
            self._find()
        self.show_table()

    def _action(self, icon: str, text: str, tip: str) -> QAction:
        action = self.tools.addAction(icons.icon(icon), text)
        action.setToolTip(tip)
        return action

    def _lay_out(self) -> None:
        for action in (self.columns,):
            button = self.tools.widgetForAction(action)
            if isinstance(button, QToolButton):
                button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for action in (self.columns, self.plot, self.select, self.save, self.again):
            button = self.tools.widgetForAction(action)
            if button is not None:
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.edit.setMaxLength(5_000)
        self.tools.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(IconLabel(Icon.ROW, icons.icon("table")))
        head.addWidget(self.title, 100)
        head.addWidget(self.about, 40)
        head.addStretch(1)
        search = QHBoxLayout()
        search.setSpacing(Space.SMALL)
        search.addWidget(self.edit, 1)
        search.addWidget(self.build)
        state = QHBoxLayout()
        state.setSpacing(Space.SMALL)
        state.addWidget(self.state, 1)
        state.addWidget(self.stop)
        keep = self.stop.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.stop.setSizePolicy(keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.TINY)
        column.setSpacing(Space.TINY)
        column.addLayout(head)
        column.addWidget(self.tools)
        column.addLayout(search)
        column.addLayout(state)
        self.tools.setFixedHeight(tall(Height.TOOL_BAR, self.font()))
