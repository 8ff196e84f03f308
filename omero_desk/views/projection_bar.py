"""How several sections are put into one: which way, from where to where, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton, QSpinBox, QWidget

from omero_desk.imaging.projection import Projection
from omero_desk.models.projecting import ProjectionModel
from omero_desk.views.flow_layout import FlowLayout

_BAR_WIDTH = 140


class ProjectionBar(QWidget):
    """Shows and changes a `ProjectionModel`; its Cancel, or Escape, goes back to a single section."""

    def __init__(self, model: ProjectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.kind = QComboBox()
        self.kind.setAccessibleName("Projection")
        self.kind.setToolTip("How the sections are put into one")
        for kind in Projection:
            self.kind.addItem(kind.value, kind)
        self.start = _section("First section of the projection")
        self.end = _section("Last section of the projection")
        self.every = QPushButton("&All sections")
        self.every.setToolTip("Take every section")
        self.progress = QProgressBar()
        self.progress.setFixedWidth(_BAR_WIDTH)
        self.progress.setAccessibleName("Planes read for the projection")
        self.cancel = QPushButton("Cancel")
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._choose)
        self.start.valueChanged.connect(self._choose)
        self.end.valueChanged.connect(self._choose)
        self.every.clicked.connect(self._take_all)
        self.cancel.clicked.connect(self.leave)
        model.changed.connect(self._show)
        self._show()

    def enter(self) -> None:
        """Show the projection that was there last."""
        self._choose()
        self.kind.setFocus()

    def leave(self) -> None:
        """Go back to a single section."""
        self._model.show(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        row = FlowLayout(self)
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self.kind)
        row.addWidget(QLabel("of sections"))
        row.addWidget(self.start)
        row.addWidget(QLabel("to"))
        row.addWidget(self.end)
        row.addWidget(self.every)
        row.addWidget(self.progress)
        row.addWidget(self.cancel)

    def _choose(self) -> None:
        self._model.show(self.kind.currentData(), self.start.value() - 1, self.end.value() - 1)

    def _take_all(self) -> None:
        self._model.show(self.kind.currentData(), 0, self.end.maximum() - 1)

    def _show(self) -> None:
        model = self._model
        self.setVisible(model.kind is not None)
        blockers = [QSignalBlocker(one) for one in (self.kind, self.start, self.end)]
        for box, value in zip((self.start, self.end), model.range, strict=True):
            box.setRange(1, model.sections)
            box.setValue(value + 1)
        if model.kind is not None:
            self.kind.setCurrentText(model.kind.value)
        del blockers
        done, total = model.progress
        self.progress.setVisible(total > 0)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.cancel.setText("Cancel" if total else "Close")
        self.cancel.setToolTip("Back to a single section (Esc)")


def _section(name: str) -> QSpinBox:
    box = QSpinBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setKeyboardTracking(False)
    return box
