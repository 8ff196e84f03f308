"""Paints an empty window: what PySide6 alone takes."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from bench.age import report_and_end


class Window(QMainWindow):
    """Ends at its first paint."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's."""
        super().paintEvent(event)
        report_and_end()


if __name__ == "__main__":
    application = QApplication([])
    window = Window()
    window.resize(1000, 700)
    window.show()
    application.exec()
