"""Which of an image's planes, and which part of them, go into a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from omero_desk.models import export_areas
from omero_desk.models.exports import LARGEST_PLANE, ExportPlan, FileFormat
from omero_desk.models.image import ImageModel
from omero_desk.models.viewport import Viewport

_MEGA = 1e6


class ExportDialog(QDialog):
    """Asks for a part of an image, its detail, sections and time points; `chosen` tells a plan without a path."""

    chosen = Signal(object)

    def __init__(self, image: ImageModel, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export planes")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._image, self._viewport = image, viewport
        self.part = _choice("Part", ("All of the image", "What is in view"))
        self.detail = _choice("Detail", ())
        info = image.info
        assert info is not None
        self.sections = _Range("Section", info.size_z)
        self.times = _Range("Time point", info.size_t)
        self._words = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.button = self._buttons.addButton("Save as…", QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._connect()
        self._show_details()

    @property
    def plan(self) -> ExportPlan:
        """What goes into the file."""
        image = self._image
        info = image.info
        assert info is not None
        area = export_areas.area(image, max(self.detail.currentIndex(), 0), self._part_in_view)
        planes = self.sections.numbers, self.times.numbers
        return ExportPlan(info, image.settings, Path(), FileFormat.OME_TIFF, *planes, area)

    @property
    def _part_in_view(self) -> Viewport | None:
        return self._viewport if self.part.currentIndex() else None

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(22, 20, 22, 16)
        form.setSpacing(10)
        form.addRow("&Part", self.part)
        form.addRow("&Detail", self.detail)
        form.addRow("&Sections", self.sections)
        form.addRow("&Time points", self.times)
        form.addRow(self._words)
        form.addRow(self._buttons)
        form.setRowVisible(self.detail, len(export_areas.details(self._image)) > 1)
        form.setRowVisible(self.sections, self.sections.count > 1)
        form.setRowVisible(self.times, self.times.count > 1)

    def _connect(self) -> None:
        self.part.currentIndexChanged.connect(self._show_details)
        self.detail.currentIndexChanged.connect(self._show_words)
        for box in (*self.sections.boxes, *self.times.boxes):
            box.valueChanged.connect(self._show_words)
        self._buttons.accepted.connect(self._finish)
        self._buttons.rejected.connect(self.reject)

    def _show_details(self) -> None:
        """Offer the levels; at first the one that the screen shows."""
        before = self.detail.currentIndex()
        self.detail.clear()
        for level, (width, height) in enumerate(export_areas.details(self._image)):
            area = export_areas.area(self._image, level, self._part_in_view)
            if area is not None:
                width, height = area.rect.width, area.rect.height
            self.detail.addItem(f"{width:,} x {height:,} pixels")
        shown = export_areas.finest_in_view(self._image, self._viewport)
        self.detail.setCurrentIndex(before if before >= 0 else shown)
        self._show_words()

    def _show_words(self) -> None:
        plan = self.plan
        info = plan.written
        fits = 0 < info.plane_bytes <= LARGEST_PLANE
        count = plan.count
        planes = f"{count:,} plane{'' if count == 1 else 's'} of {info.size_x:,} x {info.size_y:,} pixels"
        why = "choose less detail or a smaller part" if info.plane_bytes else "nothing of the image is in view"
        self._words.setText(f"{planes}, {plan.size / _MEGA:,.1f} MB" if fits else f"{planes}: {why}")
        self.button.setEnabled(fits)

    def _finish(self) -> None:
        self.chosen.emit(self.plan)
        self.accept()


class _Range(QWidget):
    """From one number to another, of `count` from 1 on; at first all."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__()
        self.count = count
        self.boxes = QSpinBox(), QSpinBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for box, which, value in zip(self.boxes, ("First", "Last"), (1, count), strict=True):
            box.setRange(1, count)
            box.setValue(value)
            box.setAccessibleName(f"{which} {name.lower()}")
            box.setToolTip(f"{which} {name.lower()} in the file")
            row.addWidget(box)
        row.insertWidget(1, QLabel("to"))
        row.addStretch(1)
        self.setFocusProxy(self.boxes[0])

    @property
    def numbers(self) -> range:
        """From 0 on; in order, whichever way they were chosen."""
        first, last = sorted(box.value() for box in self.boxes)
        return range(first - 1, last)


def _choice(name: str, words: tuple[str, ...]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(f"{name} of the image that goes into the file")
    box.addItems(words)
    return box
