"""The part of the status bar about what is under way: one activity with a small bar, which opens the list."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.labels import on_button
from omero_desk.models.translation import plural, translate
from omero_desk.views.theme.tokens import Space

_BAR: Final = 80
_WIDEST: Final = 220
"""Pixels of the words."""


class ActivityStatus(QWidget):
    """Shows the oldest activity that is under way. `wanted`: the user wants to see all."""

    wanted = Signal()

    def __init__(self, model: ActivitiesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.button = QToolButton(autoRaise=True)
        self.button.setProperty("size", "small")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.wanted)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(_BAR)
        self.bar.setAccessibleName(translate("Activities", "Progress"))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.button)
        row.addWidget(self.bar)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        running = self._model.running
        self.setVisible(bool(running))
        if not running:
            return
        first, others = running[0], len(running) - 1
        words = first.title
        if others:
            words = plural("Activities", "{title}, and %n more", "{title}, and %n more", others).format(title=words)
        short = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, _WIDEST)
        self.button.setText(on_button(short))
        self.button.setAccessibleName(words)
        self.button.setToolTip(translate("Activities", "Show what is under way"))
        self.bar.setRange(0, first.total)
        self.bar.setValue(first.done)
