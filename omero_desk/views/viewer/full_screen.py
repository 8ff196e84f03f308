"""An image on the whole screen, with nothing but what lies on its canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.views.viewer.image_viewer import ImageViewer


class FullScreen(QWidget):
    """Borrows the canvases of a viewer, whose keys keep working.

    `left` is emitted when the user presses Escape or closes the window.
    """

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
        """Put the canvases back into the viewer, and close."""
        self._viewer.column.insertWidget(1, self._viewer.stage, 1)
        self._viewer.stage.show()
        self._viewer.canvas.setFocus()
        self.hide()
        self.deleteLater()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Escape; all other keys go to the viewer."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self._viewer.keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave when the window is closed by the system."""
        super().closeEvent(event)
        self.left.emit()
