"""Starts the application as the icon does, until its `window` is painted, or the `dialog` that one signs in with."""

import sys

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from bench.age import report_and_end
from omero_desk import app

AWAITED = {"window": QMainWindow, "dialog": QDialog}


class Watch(QObject):
    """Sees every event, and ends at the first paint of what is awaited."""

    def __init__(self, awaited: type) -> None:
        super().__init__()
        self._awaited = awaited

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, self._awaited):
            report_and_end()
        return False


if __name__ == "__main__":
    application = QApplication([])
    watch = Watch(AWAITED[sys.argv[1]])
    application.installEventFilter(watch)
    app.main([])
