"""Light and dark: Qt's Fusion style with a palette of ours."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

_STYLE: Final = "fusion"
_BUTTON: Final = {False: "#e9ebee", True: "#464a51"}
_WINDOW: Final = {False: "#f5f6f8", True: "#313439"}
_BASE: Final = {False: "#ffffff", True: "#1d1f22"}
_ALTERNATE: Final = {False: "#f3f6fa", True: "#25282c"}
_ACCENT: Final = {False: "#2a6fc4", True: "#2f6fb8"}
_LINK: Final = {False: "#1f62b5", True: "#7db4f0"}
_MUTED: Final = {False: "#5f6773", True: "#a2a9b4"}


class ThemeChoice(Enum):
    """What the user asked for; the value is what the settings keep."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Dresses the whole application, and follows the system's light or dark while the choice is SYSTEM."""

    def __init__(self, application: QApplication, choice: ThemeChoice) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        if application.style().name() != _STYLE:
            application.setStyle(_STYLE)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Change the colours at once."""
        self._choice = choice
        self._dress()

    def _dress(self) -> None:
        self._application.setPalette(palette(self._is_dark()))

    def _is_dark(self) -> bool:
        if self._choice is ThemeChoice.SYSTEM:
            # Fusion's own palette follows the system, and does not load all of Qt's flags, 20 ms before the window.
            return is_dark(self._application.style().standardPalette())
        return self._choice is ThemeChoice.DARK


def palette(dark: bool) -> QPalette:
    """The colours of the light or the dark theme."""
    role = QPalette.ColorRole
    colours = QPalette(QColor(_BUTTON[dark]), QColor(_WINDOW[dark]))
    for name, table in (
        (role.Base, _BASE),
        (role.AlternateBase, _ALTERNATE),
        (role.Highlight, _ACCENT),
        (role.Accent, _ACCENT),
        (role.Link, _LINK),
        (role.PlaceholderText, _MUTED),
    ):
        colours.setColor(role(name), QColor(table[dark]))
    colours.setColor(role.HighlightedText, QColor("#ffffff"))
    _fade_disabled(colours, dark)
    return colours


def _fade_disabled(colours: QPalette, dark: bool) -> None:
    faded = QColor("#7d828a") if dark else QColor("#9299a3")
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, faded)


def is_dark(colours: QPalette) -> bool:
    """Whether these colours are light on dark."""
    return colours.color(QPalette.ColorRole.Window).lightness() < 128


def muted(colours: QPalette) -> QColor:
    """The colour of text that matters less, still readable."""
    return QColor(_MUTED[is_dark(colours)])
