"""The bar about a plate's tables: progress, and problems."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.translation import translate
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words


class TablesBar(QWidget):
    """Shows what is being read, with Cancel, or what could not be read, with Retry; else it is hidden."""

    def __init__(self, plate: PlateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables = plate.tables
        self.text = Words(wordWrap=True)
        self.cancel = _button(translate("Plates", "&Cancel"), translate("Plates", "Show images instead"))
        self.retry = _button(translate("Plates", "&Retry"), translate("Plates", "Read the table again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.retry)
        self.cancel.clicked.connect(lambda: plate.set_measure(""))
        self.retry.clicked.connect(self._tables.retry)
        self._tables.changed.connect(self._show)
        self._show()

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        self.cancel.setIcon(icons.icon("stop"))
        self.retry.setIcon(icons.icon("refresh"))

    def _show(self) -> None:
        doing, problem = self._tables.doing, self._tables.problem
        self.text.setText(doing or problem)
        self.cancel.setVisible(bool(doing))
        self.retry.setVisible(bool(problem) and not doing)
        self.setVisible(bool(doing or problem))


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
