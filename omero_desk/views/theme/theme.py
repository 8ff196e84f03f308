"""Light and dark: the design's colours on the whole application, which follow the system's while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import Enum
from functools import cache
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessibilityHints, QColor, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from omero_desk.views.theme.sheet import sheet
from omero_desk.views.theme.tokens import DARK, LIGHT, Tokens, contrasts, ratio

_STYLE: Final = "fusion"
_ROLE: Final = QPalette.ColorRole
_PALETTE: Final[Mapping[QPalette.ColorRole, str]] = {
    _ROLE.Window: "window",
    _ROLE.WindowText: "text",
    _ROLE.Base: "base",
    _ROLE.AlternateBase: "alternate",
    _ROLE.Text: "text",
    _ROLE.Button: "raised",
    _ROLE.ButtonText: "text",
    _ROLE.BrightText: "on_danger",
    _ROLE.PlaceholderText: "text_faint",
    _ROLE.Highlight: "selection",
    _ROLE.HighlightedText: "selection_text",
    _ROLE.Accent: "accent",
    _ROLE.Link: "link",
    _ROLE.LinkVisited: "link",
    _ROLE.ToolTipBase: "tooltip",
    _ROLE.ToolTipText: "tooltip_text",
    _ROLE.Mid: "line",
    _ROLE.Dark: "border",
    _ROLE.Light: "raised",
    _ROLE.Midlight: "hover",
}
_DARKER: Final = 115
"""How much darker the accent is under the mouse, in per cent."""
_BRIGHTER: Final = 0.4
"""How much white the ring of the focus has beside the accent, in the dark."""
_TINT: Final = {False: 0.18, True: 0.4}
"""How much of the accent the ground of what is selected has, in light and dark."""
_QTS_OWN: Final = ("#308cc6", "#2a82da", "#0078d7", "#0078d4")
"""The blues that Fusion and Qt's platforms begin with."""


class ThemeChoice(Enum):
    """The user's choice; the value is what the settings keep."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class _Worn:
    """The colours that the one application has on."""

    tokens: Tokens = LIGHT


def current() -> Tokens:
    """Return the colours that the application has on; whoever paints asks each time."""
    return _Worn.tokens


class Theme(QObject):
    """Dresses the whole application, and follows the system's colours and letters."""

    def __init__(self, application: QApplication, choice: ThemeChoice) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._worn: tuple[Tokens, str] | None = None
        if application.style().name() != _STYLE:
            application.setStyle(_STYLE)
        hints, accessibility = _hints()
        hints.colorSchemeChanged.connect(self._dress)
        accessibility.contrastPreferenceChanged.connect(self._dress)
        application.fontChanged.connect(self._dress)
        self._dress()

    @property
    def choice(self) -> ThemeChoice:
        """The user's choice."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Change the colours at once."""
        self._choice = choice
        self._dress()

    def _dress(self) -> None:
        tokens, letters = self._wanted(), self._application.font().toString()
        if (tokens, letters) != self._worn:
            self._worn = tokens, letters
            dress(self._application, tokens)

    def _wanted(self) -> Tokens:
        # Fusion's own palette follows the system, and does not load all of Qt's flags, 20 ms before the window.
        system = self._application.style().standardPalette()
        if _hints()[1].contrastPreference() is Qt.ContrastPreference.HighContrast:
            return of_system(system)
        dark = is_dark(system) if self._choice is ThemeChoice.SYSTEM else self._choice is ThemeChoice.DARK
        return with_accent(DARK if dark else LIGHT, _accent(system))


@cache
def _hints() -> tuple[QStyleHints, QAccessibilityHints]:
    """Return what the system wishes. They are kept for good: PySide takes the second for gone with the first."""
    hints = QGuiApplication.styleHints()
    return hints, hints.accessibility()


def dress(application: QApplication, tokens: Tokens) -> None:
    """Give an application these colours."""
    _Worn.tokens = tokens
    application.setPalette(palette(tokens))
    application.setStyleSheet(sheet(tokens, application.font()))


def palette(tokens: Tokens) -> QPalette:
    """Return the colours as Qt has them, for what the style draws by itself."""
    colours = QPalette(QColor(tokens.raised), QColor(tokens.window))
    for role, name in _PALETTE.items():
        colours.setColor(role, QColor(getattr(tokens, name)))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    colours.setColor(QPalette.ColorGroup.Inactive, _ROLE.Highlight, QColor(tokens.selection_idle))
    return colours


def with_accent(tokens: Tokens, accent: QColor | None) -> Tokens:
    """Return the colours with the system's accent where that can be told from all it meets, else as they are."""
    if accent is None:
        return tokens
    name = accent.name()
    tint = _mixed(accent, QColor(tokens.base), _TINT[tokens.is_dark])
    ring = _mixed(QColor(Qt.GlobalColor.white), accent, _BRIGHTER) if tokens.is_dark else name
    own = replace(tokens, accent=name, accent_hover=accent.darker(_DARKER).name(), focus=ring, selection=tint)
    pairs = ((getattr(own, front), getattr(own, ground), least) for front, ground, least in contrasts())
    return own if all(ratio(front, ground) >= least for front, ground, least in pairs) else tokens


def of_system(colours: QPalette) -> Tokens:
    """Return the colours of a system that wants high contrast: its own, wherever Qt has a word for one."""
    own = DARK if is_dark(colours) else LIGHT
    theirs = {name: colours.color(role).name() for role, name in _PALETTE.items()}
    text, chosen, ground = theirs["text"], theirs["selection"], theirs["window"]
    theirs |= dict.fromkeys(("border", "line", "text_quiet", "text_faint"), text)
    theirs |= dict.fromkeys(("selection_idle", "focus", "accent", "accent_hover"), chosen)
    theirs |= {"on_accent": theirs["selection_text"], "panel": ground}
    return Tokens(**{**asdict(own), **theirs})


def is_dark(colours: QPalette) -> bool:
    """Return whether these colours are light on dark."""
    return colours.color(_ROLE.Window).lightness() < 128


def _accent(system: QPalette) -> QColor | None:
    """Return the accent of the system's palette; none where nobody has chosen one, and Qt has its own blue."""
    accent = system.color(_ROLE.Accent)
    return None if accent.name() in _QTS_OWN else accent


def _mixed(front: QColor, ground: QColor, share: float) -> str:
    above = front.redF(), front.greenF(), front.blueF()
    below = ground.redF(), ground.greenF(), ground.blueF()
    parts = [one * share + other * (1 - share) for one, other in zip(above, below, strict=True)]
    return QColor.fromRgbF(parts[0], parts[1], parts[2]).name()
