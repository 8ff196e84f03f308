"""The dialog for the part of an image that is exported: the area, the detail, the sections and the time points."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QSpinBox,
    QWidget,
)

from omero_desk.models.exports import areas as export_areas
from omero_desk.models.exports.exports import LARGEST_PLANE, ExportPlan, FileFormat
from omero_desk.models.quantities import number, size
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.translation import plural, translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.words import Words


class ExportDialog(Question):
    """Asks for a part of an image, its detail, sections and time points; `chosen` is emitted with the plan."""

    chosen = Signal(ExportPlan)

    def __init__(self, image: ImageModel, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(translate("Exports", "Save which part of the image?"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._image, self._viewport = image, viewport
        self.part = _choice(translate("Exports", "Part"))
        self.part.setToolTip(translate("Exports", "Part of the image that goes into the file"))
        self.part.addItem(translate("Exports", "Whole image"))
        self.part.addItem(translate("Exports", "Part in view"))
        self.detail = _choice(translate("Exports", "Detail"))
        self.detail.setToolTip(translate("Exports", "Level of detail of the planes in the file"))
        info = image.info
        assert info is not None
        self.sections = _Range(
            info.size_z,
            translate("Exports", "First section in the file"),
            translate("Exports", "Last section in the file"),
        )
        self.times = _Range(
            info.size_t,
            translate("Exports", "First time point in the file"),
            translate("Exports", "Last time point in the file"),
        )
        self._size = Words()
        self.add_cancel()
        self.button = self.add_verb(translate("Exports", "Save as…"))
        self._lay_out()
        self._connect()
        self._show_details()

    @property
    def plan(self) -> ExportPlan:
        """The plan of what the file will have, without its path."""
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
        form = QFormLayout()
        form.setSpacing(Space.SMALL)
        self.add(form)
        form.addRow(translate("Exports", "&Part"), self.part)
        form.addRow(translate("Exports", "&Detail"), self.detail)
        form.addRow(translate("Exports", "&Sections"), self.sections)
        form.addRow(translate("Exports", "&Time points"), self.times)
        form.addRow(self._size)
        form.setRowVisible(self.detail, len(export_areas.details(self._image)) > 1)
        form.setRowVisible(self.sections, self.sections.count > 1)
        form.setRowVisible(self.times, self.times.count > 1)

    def _connect(self) -> None:
        self.part.currentIndexChanged.connect(self._show_details)
        self.detail.currentIndexChanged.connect(self._show_words)
        for box in (*self.sections.boxes, *self.times.boxes):
            box.valueChanged.connect(self._show_words)
        self.box.accepted.connect(self._finish)

    def _show_details(self) -> None:
        """Offer the levels of detail, at first the one that the screen shows."""
        before = self.detail.currentIndex()
        self.detail.clear()
        for level, (width, height) in enumerate(export_areas.details(self._image)):
            area = export_areas.area(self._image, level, self._part_in_view)
            if area is not None:
                width, height = area.rect.width, area.rect.height
            self.detail.addItem(_size(width, height))
        shown = export_areas.finest_in_view(self._image, self._viewport)
        self.detail.setCurrentIndex(before if before >= 0 else shown)
        self._show_words()

    def _show_words(self) -> None:
        plan = self.plan
        info = plan.written
        fits = 0 < info.plane_bytes <= LARGEST_PLANE
        count = plan.count
        planes = plural("Exports", "%n planes of {size}", "%n plane of {size}", count)
        planes = planes.format(size=_size(info.size_x, info.size_y))
        if fits:
            self._size.setText(translate("Exports", "{planes}, {size}").format(planes=planes, size=size(plan.size)))
        elif info.plane_bytes:
            too_large = translate("Exports", "{planes}: too large, choose less detail or a smaller part")
            self._size.setText(too_large.format(planes=planes))
        else:
            self._size.setText(translate("Exports", "No part of the image is in view"))
        self.button.setEnabled(fits)

    def _finish(self) -> None:
        self.chosen.emit(self.plan)
        self.accept()


class _Range(QWidget):
    """A range of the numbers from 1 to `count`, at first all of them; `first` and `last` name its ends."""

    def __init__(self, count: int, first: str, last: str) -> None:
        super().__init__()
        self.count = count
        self.boxes = QSpinBox(), QSpinBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for box, name, value in zip(self.boxes, (first, last), (1, count), strict=True):
            box.setRange(1, count)
            box.setValue(value)
            box.setAccessibleName(name)
            box.setToolTip(name)
            row.addWidget(box)
        row.insertWidget(1, Words(translate("Exports", "to")))
        row.addStretch(1)
        self.setFocusProxy(self.boxes[0])

    @property
    def numbers(self) -> range:
        """The numbers counted from 0; the order in which the ends were chosen does not matter."""
        first, last = sorted(box.value() for box in self.boxes)
        return range(first - 1, last)


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    return box


def _size(width: int, height: int) -> str:
    return translate("Exports", "{width} x {height} pixels").format(width=number(width), height=number(height))
