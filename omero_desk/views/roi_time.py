"""The mean of what is within a shape at every time point, as a plot."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from omero_desk.models.roi_jobs import Course
from omero_desk.views.plot_view import PlotView

_SIZE: Final = 520, 300


class RoiTimeDialog(QDialog):
    """Stays while others go on. `pointed` (time point, counted from 0): the image is to show it."""

    pointed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Mean over time")
        self.plot, self._words = PlotView(), QLabel()
        self.plot.setAccessibleName("Means over time")
        self.plot.setToolTip("Left and right go through time, and the image with them")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._course = Course()
        column = QVBoxLayout(self)
        column.addWidget(self.plot, 1)
        column.addWidget(self._words)
        self.plot.pointed.connect(self._point)
        self.resize(*_SIZE)

    def show_course(self, course: Course) -> None:
        """Plot this in place of what was there."""
        self._course = course
        self.setWindowTitle(f"Mean over time: {course.name}")
        along = tuple(float(t) for t in range(course.count))
        self.plot.show_curves(along, "steps", course.curves)
        self._point(-1)
        self.show()

    def _point(self, t: int) -> None:
        if t < 0:
            self._words.setText("Point at the plot to go through time.")
            return
        values = "   ".join(f"{curve.name}: {curve.values[t]:.5g}" for curve in self._course.curves)
        self._words.setText(f"t {t + 1}   {values}")
        self.pointed.emit(t)
