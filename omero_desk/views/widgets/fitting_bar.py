"""A toolbar that fits into the room there is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QActionEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLayout, QToolBar, QToolButton, QWidget
from typing_extensions import override

from omero_desk.views.theme.tokens import Icon
from omero_desk.views.widgets import icons

Style = Qt.ToolButtonStyle


class FittingBar(QToolBar):
    """Shows buttons with fewer words the less room there is, each whole or not at all; what then has none is in a menu.

    The words of the last button leave first, unless `order` says otherwise.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._needed = 0
        self._worded: list[QToolButton] = []
        self._shortened: set[QToolButton] = set()
        self._savings: list[int] = []
        self.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(Icon.ROW, Icon.ROW))
        self._draw_more()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the words of the buttons if there is room."""
        super().resizeEvent(event)
        self._fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Measure now that all buttons are in."""
        super().showEvent(event)
        self._measure()

    @override
    def actionEvent(self, event: QActionEvent) -> None:
        """Measure again, as more or fewer buttons need another width."""
        super().actionEvent(event)
        if self.isVisible() and event.type() != QEvent.Type.ActionChanged:
            self._measure()

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Measure again in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.isVisible():
            self._measure()

    def _measure(self) -> None:
        self._show_words()
        self._needed = self.sizeHint().width()
        self._fit()

    def order(self, button: QToolButton) -> int:
        """Return a number that is the smaller the sooner a button loses its words."""
        return -self._row().indexOf(button)

    def _fit(self) -> None:
        """Have as few buttons without words as there have to be."""
        missing, wordless = self._needed - self.width(), 0
        for saving in self._savings:
            if missing <= 0:
                break
            missing -= saving
            wordless += 1
        shortened = set(self._worded[:wordless])
        for button in self._shortened - shortened:
            button.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        for button in shortened - self._shortened:
            button.setToolButtonStyle(Style.ToolButtonIconOnly)
        if shortened != self._shortened:
            self._shortened = shortened
            self._row().invalidate()  # a button that had no room is hidden, and tells nobody of its new size
            self._row().setGeometry(self.rect())

    def _row(self) -> QLayout:
        row = self.layout()
        assert row is not None
        return row

    def _show_words(self) -> None:
        """Show all words, and find out what each button's would save."""
        for button in self._shortened:
            button.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        self._shortened = set()
        found = self.findChildren(QToolButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
        style = Style.ToolButtonTextBesideIcon
        worded = [one for one in found if one.toolButtonStyle() == style and not one.icon().isNull()]
        self._worded = sorted(worded, key=self.order)
        self._savings = [_saving(button) for button in self._worded]

    def _draw_more(self) -> None:
        """Replace the icon of Qt's button for what has no room, which is black in the dark theme too."""
        more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if more is not None:
            more.setIcon(icons.icon("more"))


def _saving(button: QToolButton) -> int:
    """Return the pixels that a button's words take."""
    wide = button.sizeHint().width()
    button.setToolButtonStyle(Style.ToolButtonIconOnly)
    narrow = button.sizeHint().width()
    button.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
    return wide - narrow
