"""The bar of the Z projection: its kind, its sections, and its progress."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QProgressBar, QPushButton, QSpinBox, QWidget
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.imaging.projection import Projection
from omero_desk.models.tools.projecting import ProjectionModel
from omero_desk.models.translation import say, translate
from omero_desk.views.widgets.flow_layout import FlowLayout
from omero_desk.views.widgets.words import Words

_BAR_WIDTH: Final = 140
_KINDS: Final = {
    Projection.MAXIMUM: mark("Viewer", "Maximum intensity projection"),
    Projection.MEAN: mark("Viewer", "Mean intensity projection"),
    Projection.SUM: mark("Viewer", "Sum projection"),
    Projection.MINIMUM: mark("Viewer", "Minimum intensity projection"),
}


class ProjectionBar(QWidget):
    """Shows and changes a `ProjectionModel`; its Cancel, or Escape, returns to single sections."""

    def __init__(self, model: ProjectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.kind = QComboBox()
        self.kind.setAccessibleName(translate("Viewer", "Kind of projection"))
        self.kind.setToolTip(translate("Viewer", "Kind of projection"))
        for kind, name in _KINDS.items():
            self.kind.addItem(say(name), kind)
        self.start = _section(translate("Viewer", "First section of the projection"))
        self.end = _section(translate("Viewer", "Last section of the projection"))
        self.every = QPushButton(translate("Viewer", "&All sections"))
        self.every.setToolTip(translate("Viewer", "Project all sections"))
        self.progress = QProgressBar()
        self.progress.setFixedWidth(_BAR_WIDTH)
        self.progress.setAccessibleName(translate("Viewer", "Planes read for the projection"))
        self.cancel = QPushButton()
        self.cancel.setToolTip(translate("Viewer", "Return to single sections (Esc)"))
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._choose)
        self.start.valueChanged.connect(self._choose)
        self.end.valueChanged.connect(self._choose)
        self.every.clicked.connect(self._take_all)
        self.cancel.clicked.connect(self.leave)
        model.changed.connect(self._show)
        self._show()

    def enter(self) -> None:
        """Show the projection that was shown last."""
        self._choose()
        self.kind.setFocus()

    def leave(self) -> None:
        """Return to single sections."""
        self._model.show(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return to single sections on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        row = FlowLayout(self)
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self.kind)
        row.addWidget(Words(translate("Viewer", "of sections")))
        row.addWidget(self.start)
        row.addWidget(Words(translate("Viewer", "to")))
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
            self.kind.setCurrentIndex(self.kind.findData(model.kind))
        del blockers
        done, total = model.progress
        self.progress.setVisible(total > 0)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.cancel.setText(translate("Viewer", "Cancel") if total else translate("Viewer", "Close"))


def _section(name: str) -> QSpinBox:
    box = QSpinBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setKeyboardTracking(False)
    return box
