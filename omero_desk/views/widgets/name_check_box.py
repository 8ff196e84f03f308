"""A check box for something that a server has named."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton, QWidget
from typing_extensions import override

from omero_desk.models.labels import on_button, plain

_NARROWEST: Final = 48


class NameCheckBox(QCheckBox):
    """Shows as much of a name as there is room for, and its whole to screen readers; a & in it is a &."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(on_button(name), parent)
        self._name = plain(name)
        self.setAccessibleName(self._name)
        self.setMinimumWidth(_NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self).width()
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText(on_button(shown))
