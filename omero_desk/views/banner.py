"""A strip of colour that says how much something matters: the ground of all that is told above the content."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from omero_desk.models.messages import Severity
from omero_desk.views import icons
from omero_desk.views.theme import is_dark

_ICONS: Final = {
    Severity.INFORMATION: "information",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
_GROUNDS: Final = {
    Severity.INFORMATION: ("#e3eefb", "#20344c"),
    Severity.WARNING: ("#fdf0dc", "#453518"),
    Severity.ERROR: ("#fbe5e4", "#4a2525"),
}
_ICON_SIZE: Final = 20


class Banner(QFrame):
    """Has the colour and the `icon` of a severity, in the light and in the dark theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.icon = QLabel()
        self._severity = Severity.INFORMATION

    def set_severity(self, severity: Severity) -> None:
        """Take the colour and the icon of `severity`."""
        self._severity = severity
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        colours = QGuiApplication.palette()
        ground = QColor(_GROUNDS[self._severity][is_dark(colours)])
        if ground != self.palette().color(QPalette.ColorRole.Window):  # setting it sends the event again
            own = QPalette()
            own.setColor(QPalette.ColorRole.Window, ground)
            self.setPalette(own)
        self.icon.setPixmap(icons.pixmap(_ICONS[self._severity], _ICON_SIZE, self.devicePixelRatioF()))


def sentence() -> QLabel:
    """A label for a sentence of any length, never taken for markup."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label
