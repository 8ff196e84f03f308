"""Starts the application as the icon does, until something of it is painted.

`python -m bench.paint_desk window` ends at the first paint of its window, `dialog` of the dialog that one signs in
with, `demo` of the demo library's rows; `resting` goes on after that, until it is killed.
"""

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QTreeView

from bench import age
from omero_desk import app


def _shows_rows(watched: QObject) -> bool:
    """Tell whether this is where a tree paints, and the tree has rows."""
    view = watched.parent()
    return isinstance(view, QTreeView) and watched is view.viewport() and view.model().rowCount() > 0


AWAITED: dict[str, Callable[[QObject], bool]] = {
    "window": lambda watched: isinstance(watched, QMainWindow),
    "dialog": lambda watched: isinstance(watched, QDialog),
    "demo": _shows_rows,
    "resting": _shows_rows,
}


class Watch(QObject):
    """Sees every event, and tells at the first paint of what is awaited; it ends the process, or lets it go on."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._is_awaited = AWAITED[what]
        self._tell = age.report if what == "resting" else age.report_and_end

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's."""
        if event.type() == QEvent.Type.Paint and self._is_awaited(watched):
            application.removeEventFilter(self)
            self._tell()
        return False


if __name__ == "__main__":
    application = QApplication([])
    watch = Watch(sys.argv[1])
    application.installEventFilter(watch)
    app.main(["--demo"] if sys.argv[1] in ("demo", "resting") else [])
