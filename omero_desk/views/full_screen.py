"""An image on the whole screen, and nothing else."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omero_desk.views.image_viewer import ImageViewer


class FullScreen(QWidget):
    """Borrows the canvases of a viewer, whose keys go on working. `left`: Escape, or the window was closed."""

    left = Signal()

    def __init__(self, viewer: ImageViewer) -> None:
        super().__init__(viewer.window(), Qt.WindowType.Window)
        self._viewer = viewer
        self.setWindowTitle(viewer.window().windowTitle())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(viewer.stage)
        self.addActions(viewer.actions())
        self.showFullScreen()
        viewer.canvas.setFocus()

    def give_back(self) -> None:
        """Return the canvases, and go."""
        self._viewer.column.insertWidget(0, self._viewer.stage, 1)
        self._viewer.stage.show()
        self._viewer.canvas.setFocus()
        self.hide()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; what the canvas does not know the viewer may."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self._viewer.keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The system closes the window: that is leaving, too."""
        super().closeEvent(event)
        self.left.emit()
