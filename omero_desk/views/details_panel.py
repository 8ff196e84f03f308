"""What is selected, in words, what can be done with it, and what is still to be saved of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.entities import Account, Entity
from omero_desk.models import description
from omero_desk.views import icons
from omero_desk.views.fitting_bar import FittingBar

_ICON: Final = 40
_NARROWEST: Final = 240


class DetailsPanel(QScrollArea):
    """Shows the facts of the selected objects; selecting never loads more than is known already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_NARROWEST)
        self.setAccessibleName("Details of the selection")
        self._kind = ""
        self._icon = QLabel()
        self._title = _label(scale=1.4, bold=True)
        self._subtitle = _label()
        self._subtitle.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(18)
        self._facts.setVerticalSpacing(7)
        self._facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._actions = FittingBar("Edit")
        self._pending = _label()
        self._pending.setAccessibleDescription("What you changed here and the server does not have yet")
        self._pending.hide()
        self._lay_out()

    def show_entities(self, entities: Sequence[Entity], account: Account | None) -> None:
        """Replace what is shown by one or more objects."""
        self._kind = entities[0].ref.kind
        self._title.setText(description.title(entities))
        self._subtitle.setText(description.subtitle(entities))
        self._set_facts(description.rows(entities, account))
        self._dress()

    def offer(self, actions: Iterable[QAction]) -> None:
        """Have a button for each action, which does what its menu entry does; those without room go into a menu."""
        for action in actions:
            self._actions.addAction(action)
            self._actions.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pending(self, lines: Sequence[str]) -> None:
        """Say what is still to be saved of what is shown; nothing for no lines."""
        text = "\n".join(("Not saved yet:", *(f"• {line}" for line in lines)))
        if text != self._pending.text():
            self._pending.setText(text)
        self._pending.setVisible(bool(lines))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._kind:
            self._dress()

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._subtitle)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(20)
        column.addLayout(head)
        column.addWidget(self._actions)
        column.addWidget(self._pending)
        column.addLayout(self._facts)
        column.addStretch(1)
        self.setWidget(page)

    def _set_facts(self, rows: list[tuple[str, str]]) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for term, text in rows:
            name = QLabel(term)
            name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            value = _label()
            value.setText(text)
            value.setAccessibleName(f"{term}: {text}")
            self._facts.addRow(name, value)

    def _dress(self) -> None:
        self._icon.setPixmap(icons.kind_icon(self._kind).pixmap(_ICON, _ICON))


def _label(scale: float = 1.0, bold: bool = False) -> QLabel:
    label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    label.setFont(font)
    return label
