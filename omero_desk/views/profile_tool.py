"""The values along a line, below the image."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from omero_desk.models.exports import ExportsModel, file_name
from omero_desk.models.profile import Line, ProfileModel
from omero_desk.views.flow_layout import FlowLayout
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.line_layer import LineLayer
from omero_desk.views.plot_view import PlotView

_HEIGHT = 150
_SHARE = 0.3
"""Of the view's width, to either side of its middle: the line that is there before one is drawn."""


class ProfileTool(QObject):
    """A line over a viewer's image, and a panel with its profile."""

    def __init__(self, viewer: ImageViewer, exports: ExportsModel) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self.model = ProfileModel(viewer.model, self)
        self.layer = LineLayer(self.model)
        viewer.canvas.layers.append(self.layer)
        self.panel = ProfilePanel(self.model, exports, viewer)
        self.panel.plot.pointed.connect(self._mark)
        self.model.changed.connect(self._follow)
        self.panel.hide()

    @property
    def on(self) -> bool:
        """Whether there is a line."""
        return self.layer.on

    def show(self, on: bool) -> None:
        """Look along a line, or leave that."""
        self.layer.on = on
        self.layer.at = None
        layers = self._viewer.canvas.layers
        layers.remove(self.layer)
        layers.append(self.layer)  # on top of all others it is asked first what the mouse means
        if not on:
            self.model.set_line(None)
        elif self.model.line is None:
            viewport = self._viewer.canvas.viewport
            reach = viewport.width / viewport.zoom * _SHARE
            self.model.set_line(Line(viewport.x - reach, viewport.y, viewport.x + reach, viewport.y))
        self._follow()

    def _follow(self) -> None:
        self.layer.on = self.model.line is not None
        self.panel.setVisible(self.layer.on)
        self._viewer.canvas.update()

    def _mark(self, number: int) -> None:
        line = self.model.line
        places = line.samples() if line is not None else []
        self.layer.at = places[number] if 0 <= number < len(places) else None
        self._viewer.canvas.update()


class ProfilePanel(QWidget):
    """The plot, the ends of the line as numbers, and what is at the place that the plot points at."""

    def __init__(self, model: ProfileModel, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._exports = model, exports
        self.plot = PlotView()
        self.ends = [_end(name) for name in ("From x", "From y", "To x", "To y")]
        self.words = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.save = QPushButton("Save as CSV…")
        self.save.setToolTip("Save the values along the line as a table")
        self.plot.setFixedHeight(_HEIGHT)
        self._lay_out()
        for box in self.ends:
            box.valueChanged.connect(self._take_ends)
        self.save.clicked.connect(self.ask_for_file)
        self.plot.pointed.connect(self._show_words)
        model.changed.connect(self._show)

    def ask_for_file(self) -> QFileDialog:
        """Let the user say where the values go."""
        info = self._model.image.info
        name = file_name(info.name if info is not None else "", "profile") + ".csv"
        dialog = QFileDialog(self, "Save the profile", QDir.home().filePath(name), "Table (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save)
        dialog.open()
        return dialog

    def _lay_out(self) -> None:
        head = FlowLayout()
        head.setContentsMargins(8, 4, 8, 2)
        for words, boxes in (("Line from", self.ends[:2]), ("to", self.ends[2:])):
            head.addWidget(QLabel(words))
            for box in boxes:
                head.addWidget(box)
        head.addWidget(self.words)
        head.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.plot)

    def _show(self) -> None:
        line, profile = self._model.line, self._model.profile()
        if line is None or profile is None:
            return
        for box, value in zip(self.ends, (line.x1, line.y1, line.x2, line.y2), strict=True):
            with QSignalBlocker(box):
                box.setValue(value)
        self.plot.show_curves(profile.distances, profile.unit, profile.curves)
        self._show_words()

    def _show_words(self, number: int = -1) -> None:
        profile = self._model.profile()
        if profile is None:
            return
        if 0 <= number < len(profile.distances):
            at = f"{profile.distances[number]:.4g} {profile.unit}"
            values = [(curve.name, curve.values[number]) for curve in profile.curves]
            self.words.setText("   ".join([at, *(f"{name}: {v:g}" for name, v in values if not math.isnan(v))]))
        else:
            coarse = f"   in steps of {profile.step:g} pixels" if profile.step > 1 else ""
            self.words.setText(f"Length {profile.distances[-1]:.4g} {profile.unit}{coarse}")

    def _take_ends(self) -> None:
        self._model.set_line(Line(*(box.value() for box in self.ends)))

    def _save(self, path: str) -> None:
        profile = self._model.profile()
        if profile is not None:
            self._exports.save(Path(path), profile.as_csv())


def _end(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-1e6, 1e6)
    box.setDecimals(1)
    box.setAccessibleName(name)
    box.setToolTip(f"{name}, in pixels")
    box.setKeyboardTracking(False)
    return box
