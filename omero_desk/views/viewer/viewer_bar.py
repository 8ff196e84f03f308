"""The toolbar of an image's tab: few commands with words, in one order, whoever adds them."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height
from omero_desk.views.widgets.fitting_bar import FittingBar, Style

MODE: Final = "mode"
EXPORT: Final = "viewer.export"
DRAG: Final = "drag"
_SPRING: Final = "spring"
_LINES: Final = ("line-1", "line-2")
_ORDER: Final = (
    MODE,
    _LINES[0],
    "viewer.contrast",
    "viewer.reset",
    _LINES[1],
    "viewer.rois",
    "viewer.profile",
    "viewer.compare",
    _SPRING,
    EXPORT,
    DRAG,
    "viewer.full-screen",
)
_LEAST_USED: Final = (
    "viewer.compare",
    "viewer.profile",
    "viewer.reset",
    EXPORT,
    "viewer.rois",
    "viewer.contrast",
    MODE,
)
"""The commands whose words leave where there is no room, one after the other."""


class ViewerBar(FittingBar):
    """Shows actions in the order of their object names, which are those of commands."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setProperty("ground", "base")
        self.setFixedHeight(tall(Height.TOOL_BAR, self.font()) + 1)
        for name in _LINES:
            line = QAction(self)
            line.setSeparator(True)
            self._insert(line, name)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._name(self.addWidget(spring), _SPRING)

    def put(self, action: QAction, words: bool = True) -> None:
        """Show an action at its place, with its words while there is room, or its icon alone."""
        self._insert(action, action.objectName())
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton) and not words:
            button.setToolButtonStyle(Style.ToolButtonIconOnly)

    def put_menu(self, action: QAction, menu: QMenu) -> QToolButton:
        """Show an action at its place that opens a menu; return its button."""
        action.setMenu(menu)
        self.put(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def put_widget(self, widget: QWidget, name: str) -> None:
        """Show a widget at the place of a name."""
        before = self._behind(name)
        self._name(self.addWidget(widget) if before is None else self.insertWidget(before, widget), name)

    @override
    def order(self, button: QToolButton) -> int:
        """Have the words of what is used least leave first."""
        name = next((one.objectName() for one in self.actions() if self.widgetForAction(one) is button), "")
        return _LEAST_USED.index(name) if name in _LEAST_USED else -1

    def _insert(self, action: QAction, name: str) -> None:
        before = self._behind(name)
        self._name(action, name)
        if before is None:
            self.addAction(action)
        else:
            self.insertAction(before, action)

    def _name(self, action: QAction, name: str) -> None:
        action.setObjectName(name)

    def _behind(self, name: str) -> QAction | None:
        """Return the first action that stands behind those of a name."""
        place = _place(name)
        return next((action for action in self.actions() if _place(action.objectName()) > place), None)


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
