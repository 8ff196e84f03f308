"""The line profile: a line over the image, and a plot of the values along it."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QPushButton, QVBoxLayout, QWidget

from omero_desk.models.exports.exports import ExportsModel, file_name
from omero_desk.models.tools.profile import ProfileLine, ProfileModel
from omero_desk.models.translation import translate
from omero_desk.views.tools.line_layer import LineLayer
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.widgets.flow_layout import FlowLayout
from omero_desk.views.widgets.plot_view import PlotView
from omero_desk.views.widgets.words import Words

_HEIGHT = 150
_SHARE = 0.3
"""The share of the view's width that the first line takes to either side of the middle."""


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
        """True while there is a line."""
        return self.layer.on

    def show(self, on: bool) -> None:
        """Show the line and its profile, or remove them."""
        self.layer.on = on
        self.layer.at = None
        layers = self._viewer.canvas.layers
        layers.remove(self.layer)
        layers.append(self.layer)  # the topmost layer is offered the mouse first
        if not on:
            self.model.set_line(None)
        elif self.model.line is None:
            viewport = self._viewer.canvas.viewport
            reach = viewport.width / viewport.zoom * _SHARE
            self.model.set_line(ProfileLine(viewport.x - reach, viewport.y, viewport.x + reach, viewport.y))
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
    """The plot, the ends of the line as numbers, and the values at the place that the mouse points at."""

    def __init__(self, model: ProfileModel, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._exports = model, exports
        self.plot = PlotView()
        self.ends = [
            _end(translate("Viewer", "Start x of the line, in pixels")),
            _end(translate("Viewer", "Start y of the line, in pixels")),
            _end(translate("Viewer", "End x of the line, in pixels")),
            _end(translate("Viewer", "End y of the line, in pixels")),
        ]
        self.words = Words()
        self.save = QPushButton(translate("Viewer", "Save as CSV…"))
        self.save.setToolTip(translate("Viewer", "Save the values along the line as a table"))
        self.plot.setFixedHeight(_HEIGHT)
        self._lay_out()
        for box in self.ends:
            box.valueChanged.connect(self._take_ends)
        self.save.clicked.connect(self.ask_for_file)
        self.plot.pointed.connect(self._show_words)
        model.changed.connect(self._show)

    def ask_for_file(self) -> QFileDialog:
        """Ask for a file, and save the values to it."""
        info = self._model.image.info
        name = file_name(info.name if info is not None else "", "profile") + ".csv"
        title, filters = translate("Viewer", "Save the line profile"), translate("Viewer", "Table (*.csv)")
        dialog = QFileDialog(self, title, QDir.home().filePath(name), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save)
        dialog.open()
        return dialog

    def _lay_out(self) -> None:
        head = FlowLayout()
        head.setContentsMargins(8, 4, 8, 2)
        for label, boxes in (
            (Words(translate("Viewer", "Line from")), self.ends[:2]),
            (Words(translate("Viewer", "to")), self.ends[2:]),
        ):
            for widget in (label, *boxes):
                head.addWidget(widget)
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
            length = f"{profile.distances[-1]:.4g} {profile.unit}"
            parts = [translate("Viewer", "Length {length}").format(length=length)]
            if profile.step > 1:
                parts.append(translate("Viewer", "in steps of {step} pixels").format(step=f"{profile.step:g}"))
            self.words.setText("   ".join(parts))

    def _take_ends(self) -> None:
        self._model.set_line(ProfileLine(*(box.value() for box in self.ends)))

    def _save(self, path: str) -> None:
        profile = self._model.profile()
        if profile is not None:
            self._exports.save(Path(path), profile.as_csv())


def _end(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-1e6, 1e6)
    box.setDecimals(1)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setKeyboardTracking(False)
    return box
