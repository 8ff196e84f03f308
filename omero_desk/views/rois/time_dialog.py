"""A plot of the mean inside a shape at every time point."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from omero_desk.models.rois.jobs import TimeCourse
from omero_desk.models.translation import translate
from omero_desk.views.widgets.plot_view import PlotView
from omero_desk.views.widgets.words import Words

_SIZE: Final = 520, 300


class RoiTimeDialog(QDialog):
    """A dialog that does not block the window. `pointed` (time point, counted from 0): show it in the image."""

    pointed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("ROIs", "Mean over time"))
        self.plot, self._words = PlotView(), Words()
        self.plot.setAccessibleName(translate("ROIs", "Mean over time"))
        self.plot.setToolTip(translate("ROIs", "Press Left or Right to step through time in the plot and the image"))
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._course = TimeCourse()
        column = QVBoxLayout(self)
        column.addWidget(self.plot, 1)
        column.addWidget(self._words)
        self.plot.pointed.connect(self._point)
        self.resize(*_SIZE)

    def show_course(self, course: TimeCourse) -> None:
        """Plot a course in place of the one before."""
        self._course = course
        self.setWindowTitle(translate("ROIs", "Mean over time: {shape}").format(shape=course.name))
        along = tuple(float(t) for t in range(course.count))
        self.plot.show_curves(along, "steps", course.curves)
        self._point(-1)
        self.show()

    def _point(self, t: int) -> None:
        if t < 0:
            self._words.setText(translate("ROIs", "Point at the plot to step through time."))
            return
        values = "   ".join(f"{curve.name}: {curve.values[t]:.5g}" for curve in self._course.curves)
        self._words.setText(translate("ROIs", "t {number}   {values}").format(number=t + 1, values=values))
        self.pointed.emit(t)
