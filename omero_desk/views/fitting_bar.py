"""A toolbar that makes do with the room there is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QActionEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from omero_desk.views import icons

Style = Qt.ToolButtonStyle


class FittingBar(QToolBar):
    """Its buttons go without their words while there is no room for those; what still has none is behind a button."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._needed = 0
        self._shortened: list[QToolButton] = []
        self.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        self._draw_more()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With words or without."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """All that there is to show has been put in by now."""
        super().showEvent(event)
        self._measure()

    def actionEvent(self, event: QActionEvent) -> None:
        """More or fewer buttons need another width."""
        super().actionEvent(event)
        if self.isVisible() and event.type() != QEvent.Type.ActionChanged:
            self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme, and another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_more()
        elif event.type() == QEvent.Type.FontChange and self.isVisible():
            self._measure()

    def _measure(self) -> None:
        self._show_words()
        self._needed = self.sizeHint().width()
        self._fit()

    def _fit(self) -> None:
        if self.width() >= self._needed:
            self._show_words()
        elif not self._shortened:
            self._hide_words()

    def _show_words(self) -> None:
        for button in self._shortened:
            button.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        self._shortened.clear()

    def _hide_words(self) -> None:
        for button in self.findChildren(QToolButton, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if button.toolButtonStyle() == Style.ToolButtonTextBesideIcon and not button.icon().isNull():
                button.setToolButtonStyle(Style.ToolButtonIconOnly)
                self._shortened.append(button)

    def _draw_more(self) -> None:
        """Qt's own arrow is black in the dark, too."""
        more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if more is not None:
            more.setIcon(icons.icon("more"))
