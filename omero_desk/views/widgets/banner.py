"""A strip of colour that says how much something matters: a state that lasts, and what can be done about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QToolButton, QWidget

from omero_desk.models.messages import Severity
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Icon
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.state_card import link_button
from omero_desk.views.widgets.words import Words

_ICONS: Final = {
    Severity.INFORMATION: "information",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
_GROUNDS: Final = {
    Severity.INFORMATION: "information",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}


class Banner(QFrame):
    """Has the colour and the `icon` of a severity; where there are several, they stand in a `BannerStack`.

    It `wants` to be seen while its cause lasts, and tells of that with `wants_changed`. `others` is the button for what
    stands behind it; whoever lays a banner out gives it a place.
    """

    wants_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.icon = IconLabel(Icon.ROW)
        self.others = link_button()
        self.others.setToolTip(translate("Window", "Show what else there is to know"))
        self.others.hide()
        self.wants = False

    @property
    def number(self) -> int:
        """The number of things that it has to tell."""
        return 1 if self.wants else 0

    def turn(self) -> bool:
        """Show the next of several things that it has to tell; False if all have been."""
        return False

    def want(self, wants: bool) -> None:
        """Be there or not; within a stack at most one is seen."""
        self.wants = wants
        self.setVisible(wants)
        self.wants_changed.emit()

    def set_severity(self, severity: Severity) -> None:
        """Take the colour and the icon of `severity`."""
        self.icon.show_icon(icons.icon(_ICONS[severity]))
        self.setProperty("ground", _GROUNDS[severity])
        self.style().unpolish(self)
        self.style().polish(self)


def sentence() -> QLabel:
    """A label for a sentence of any length, never taken for markup."""
    label = Words()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label


def closing_button(description: str) -> QToolButton:
    """Return a small button that takes something away."""
    return icon_button("close", description)


def icon_button(icon: str, description: str) -> QToolButton:
    """Return a small button with nothing but an icon; `description` is its name for who cannot see it."""
    button = QToolButton(autoRaise=True)
    button.setProperty("size", "small")
    button.setIcon(icons.icon(icon))
    button.setToolTip(plain_label(description))
    button.setAccessibleName(plain_label(description))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def plain_label(text: str) -> str:
    """Return a label without the marks of its key."""
    return text.replace("&", "")
