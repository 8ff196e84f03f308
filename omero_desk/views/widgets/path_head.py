"""The line above what is shown in the centre: where it is, what it is, and how much there is of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from omero_desk.models.labels import on_button, shortened, unmarked
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.flow_layout import empty
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.words import OneLine, Words

NARROW: Final = 1200
"""Pixels of the window's width below which only the last part of a path shows."""
_LETTERS: Final = 40
"""Letters of a part of the path; its tool tip has them all."""
_MOST: Final = 100
"""The share of the room that the title takes, up to what it needs, before the rest of the line has any."""


class Step(NamedTuple):
    """A part of a path: its kind's icon and its name."""

    icon: QIcon
    name: str


class PathHead(QWidget):
    """Shows a path, the last part of it as a title. `wanted`: the user wants to go to the part of that number."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = OneLine()
        self.title.setProperty("role", "title")
        self.title.setAccessibleDescription(translate("Window", "What is shown here"))
        self.number = Words()
        self.number.setProperty("role", "faint")
        self._steps: list[Step] = []
        self._is_narrow = False
        self._icon = IconLabel(Icon.ROW)
        self._above = QHBoxLayout()
        self._above.setSpacing(0)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(Space.SMALL)
        self.row.addLayout(self._above)
        self.row.addWidget(self._icon)
        self.row.addWidget(self.title, _MOST)
        self.row.addWidget(self.number)
        self.row.addStretch(1)

    def show_path(self, steps: Sequence[Step]) -> None:
        """Show where something is, from the outermost part to itself."""
        if list(steps) == self._steps:
            return
        self._steps = list(steps)
        empty(self._above)
        for place, step in enumerate(self._steps[:-1]):
            self._above.addWidget(self._part(place, step))
            self._above.addWidget(_chevron(self.isRightToLeft()))
        last = self._steps[-1] if self._steps else Step(QIcon(), "")
        self._icon.show_icon(last.icon)
        self._icon.setVisible(bool(self._steps))
        self.title.say(last.name)
        self.show_narrow(self._is_narrow)

    def show_narrow(self, narrow: bool) -> None:
        """Show the title alone, or all of the path."""
        self._is_narrow = narrow
        for place in range(self._above.count()):
            item = self._above.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(not narrow)

    def _part(self, place: int, step: Step) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIcon(step.icon)
        button.setIconSize(QSize(Icon.ROW, Icon.ROW))
        name = step.name if len(step.name) <= _LETTERS else f"{step.name[:_LETTERS]}…"
        button.setText(on_button(name))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(unmarked(step.name))
        button.setAccessibleName(translate("Window", "Go to {name}").format(name=shortened(step.name)))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.wanted.emit(place))
        return button


def _chevron(mirrored: bool) -> IconLabel:
    return IconLabel(Icon.ROW - 4, icons.icon("left" if mirrored else "right"))
