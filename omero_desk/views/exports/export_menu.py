"""Exports from the viewer: the view as a picture, and planes as TIFF files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDir, QMimeData, QPoint, QSize, Qt, QTemporaryDir, QUrl
from PySide6.QtGui import QAction, QDrag, QGuiApplication, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QToolButton, QWidget
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.imaging.composite import Picture
from omero_desk.models.exports.exports import (
    LARGEST_PLANE,
    Content,
    ExportPlan,
    ExportsModel,
    Extent,
    FileFormat,
    file_name,
)
from omero_desk.models.quantities import number
from omero_desk.models.rasters.viewport import Rect, Viewport
from omero_desk.models.translation import plural, say, translate
from omero_desk.models.viewer.full_view import MOST, at_full, full_picture, rect_in_view
from omero_desk.views.exports.commands import COPY_VIEW, SAVE_FULL, SAVE_PART, SAVE_VIEW
from omero_desk.views.exports.export_dialog import ExportDialog
from omero_desk.views.parts.actions import action_of, explain
from omero_desk.views.parts.command import Command
from omero_desk.views.viewer.image_canvas import as_image
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.layers import CanvasLayer
from omero_desk.views.viewer.snapshot import as_png, paint_layers, snapshot
from omero_desk.views.widgets import icons

_FORMATS: Final = {
    FileFormat.OME_TIFF: mark("Exports", "OME-TIFF (*.ome.tif *.ome.tiff)"),
    FileFormat.TIFF: mark("Exports", "TIFF for ImageJ (*.tif *.tiff)"),
}
_THUMBNAIL: Final = QSize(160, 160)
_SAVE: Final = {
    Extent.PLANE: mark("Exports", "Save this plane as TIFF…"),
    Extent.STACK: mark("Exports", "Save this z-stack as TIFF…"),
    Extent.ALL: mark("Exports", "Save all planes as TIFF…"),
}
_TITLES: Final = {
    Extent.PLANE: mark("Exports", "Save this plane"),
    Extent.STACK: mark("Exports", "Save this z-stack"),
    Extent.ALL: mark("Exports", "Save all planes"),
}


class ExportMenu(QMenu):
    """The commands to save and copy the view and the planes of a viewer's image."""

    def __init__(self, viewer: ImageViewer, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__(translate("Exports", "Export"), parent)
        self._viewer, self._exports = viewer, exports
        self.copy = self._add(COPY_VIEW, self._copy)
        self.save = self._add(SAVE_VIEW, self._ask_for_png)
        self.full = self._add(SAVE_FULL, self._ask_for_full)
        self.overlays = self.addAction(translate("Exports", "Include scale bar and &overlays"))
        self.overlays.setCheckable(True)
        self.overlays.setChecked(True)
        self.overlays.setToolTip(translate("Exports", "Draw scale bar, ROIs and captions over the picture"))
        self.addSeparator()
        self.extents = {extent: self._add_extent(extent) for extent in Extent}
        self.part = self._add(SAVE_PART, self.ask_for_part)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._show)
        viewer.model.opened.connect(self._show)
        self._show()

    @property
    def picture(self) -> QImage:
        """The picture of the view as it would be saved."""
        return snapshot(self._viewer.canvas, self._layers)

    @property
    def _layers(self) -> list[CanvasLayer]:
        """The layers that are drawn over a picture: those over the image, but for the overview."""
        layers = self._viewer.canvas.layers if self.overlays.isChecked() else []
        return [layer for layer in layers if layer is not self._viewer.overview]

    @property
    def name(self) -> str:
        """The name of a file of the view, without its ending."""
        info = self._viewer.model.info
        return file_name(info.name if info is not None else "", "view")

    def ask_for_part(self) -> ExportDialog:
        """Ask for the part to export, then for the file."""
        dialog = ExportDialog(self._viewer.model, self._viewer.canvas.viewport, self._viewer)
        dialog.chosen.connect(lambda plan: self.ask_for_file(plan, translate("Exports", "Save planes")))
        dialog.open()
        return dialog

    def ask_for_file(self, plan: ExportPlan, title: str) -> QFileDialog:
        """Ask for a file, and write the planes of a plan to it."""
        name = file_name(plan.info.name, *_parts(plan)) + FileFormat.OME_TIFF.value
        formats = {say(words): format_ for format_, words in _FORMATS.items()}
        dialog = self._dialog(title, name, ";;".join(formats))
        dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(formats[words].value[1:]))
        dialog.setDefaultSuffix(FileFormat.OME_TIFF.value[1:])
        dialog.fileSelected.connect(
            lambda path: self._exports.start(
                replace(plan, path=Path(path), format=formats[dialog.selectedNameFilter()])
            )
        )
        dialog.open()
        return dialog

    def plan(self, extent: Extent) -> ExportPlan:
        """Return the plan of an export of these planes, without its path."""
        model = self._viewer.model
        info = model.info
        assert info is not None
        sections = range(model.z, model.z + 1) if extent is Extent.PLANE else range(info.size_z)
        times = range(info.size_t) if extent is Extent.ALL else range(model.t, model.t + 1)
        return ExportPlan(info, model.settings, Path(), FileFormat.OME_TIFF, sections, times)

    def _add(self, command: Command, act: Callable[[], object]) -> QAction:
        action = action_of(command, lambda _checked=False: act(), self)
        self.addAction(action)
        self._viewer.addAction(action)
        self._viewer.register(command, action)
        return action

    def _add_extent(self, extent: Extent) -> QAction:
        action = self.addAction(say(_SAVE[extent]))
        action.triggered.connect(lambda _checked=False: self.ask_for_file(self.plan(extent), say(_TITLES[extent])))
        return action

    def _show(self) -> None:
        """Enable the commands that are possible, and show what they would save."""
        info = self._viewer.model.info
        fits = info is not None and info.plane_bytes <= LARGEST_PLANE
        planes_tip = translate("Exports", "All channels, with the pixel values as acquired")
        if not fits:
            planes_tip = translate("Exports", "The planes are too large; save a part instead")
        for extent, action in self.extents.items():
            count = self.plan(extent).count if info is not None else 0
            action.setEnabled(fits)
            planes = plural("Exports", "%n planes", "%n plane", count)
            action.setText(f"{say(_SAVE[extent])} ({planes})")
            action.setToolTip(planes_tip)
        self.extents[Extent.STACK].setVisible(info is not None and info.size_z > 1)
        self.extents[Extent.ALL].setVisible(info is not None and info.size_t > 1)
        no_image = "" if info is not None else translate("Viewer", "The image is not there yet")
        for action, command in ((self.copy, COPY_VIEW), (self.save, SAVE_VIEW), (self.part, SAVE_PART)):
            explain(action, command, no_image)
        rect = rect_in_view(info, self._viewer.canvas.viewport) if info is not None else Rect(0, 0, 0, 0)
        tip = translate("Exports", "In the image's own pixels: {width} x {height} pixels")
        fits = 0 < rect.width * rect.height <= MOST
        if not fits:
            tip = translate("Exports", "Too large at {width} x {height} pixels: zoom in first")
        self.full.setEnabled(fits)
        self.full.setToolTip(tip.format(width=number(rect.width), height=number(rect.height)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.picture)

    def _ask_for_png(self) -> QFileDialog:
        picture = self.picture
        return self._ask_for_picture(self.name, lambda path: self._exports.save(path, partial(as_png, picture)))

    def _ask_for_full(self) -> QFileDialog:
        canvas = self._viewer.canvas
        viewport, layers = canvas.viewport, self._layers
        ratio = canvas.devicePixelRatioF() / viewport.zoom
        return self._ask_for_picture(f"{self.name}_full", partial(self._save_full, viewport, layers, ratio))

    def _save_full(self, viewport: Viewport, layers: Sequence[CanvasLayer], ratio: float, path: Path) -> None:
        image = self._viewer.model

        def finish(pixels: Picture) -> Content:
            picture = as_image(pixels)
            assert image.info is not None
            paint_layers(picture, at_full(image.info, viewport), layers, ratio)
            return partial(as_png, picture)

        self._exports.draw(path, partial(full_picture, image, viewport), finish)

    def _ask_for_picture(self, name: str, save: Callable[[Path], object]) -> QFileDialog:
        dialog = self._dialog(translate("Exports", "Save the view"), f"{name}.png", translate("Exports", "PNG (*.png)"))
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda path: save(Path(path)))
        dialog.open()
        return dialog

    def _dialog(self, title: str, name: str, filters: str) -> QFileDialog:
        dialog = QFileDialog(self._viewer, title, QDir.home().filePath(name), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


class DragButton(QToolButton):
    """A button from which the view is dragged into another program; a click copies it, for those without a mouse."""

    def __init__(self, menu: ExportMenu, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu, self._exports = menu, exports
        self._pressed: QPoint | None = None
        self._folder = QTemporaryDir()
        self.setAutoRaise(True)
        self.setToolTip(translate("Exports", "Drag the view from here into another program; a click copies it"))
        self.setAccessibleName(translate("Exports", "Copy the view, or drag it out"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(menu.copy.trigger)
        self.setIcon(icons.icon("drag-out"))

    def mime(self) -> QMimeData:
        """Return the view as a picture, and as a file that is being written."""
        picture = self._menu.picture
        path = Path(self._folder.filePath(f"{self._menu.name}.png"))
        self._exports.save(path, partial(as_png, picture), tell=False)
        data = QMimeData()
        data.setImageData(picture)
        data.setUrls([QUrl.fromLocalFile(str(path))])
        return data

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note the place where a drag may begin."""
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag once the mouse has moved far enough."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        way = event.position().toPoint() - self._pressed
        if way.manhattanLength() >= QApplication.startDragDistance() and self._menu.copy.isEnabled():
            self._pressed = None
            self.setDown(False)
            drag = QDrag(self)
            drag.setMimeData(self.mime())
            small = self._menu.picture.scaled(_THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio)
            drag.setPixmap(QPixmap.fromImage(small))
            drag.exec(Qt.DropAction.CopyAction)


def _parts(plan: ExportPlan) -> list[str]:
    """Return the parts of a file's name that tell its planes from the whole image."""
    info = plan.info
    parts = [] if plan.area is None else ["part"]
    for letter, numbers, count in (("z", plan.sections, info.size_z), ("t", plan.times, info.size_t)):
        if len(numbers) < count:
            parts.append(f"{letter}{numbers[0] + 1}" + (f"-{numbers[-1] + 1}" if len(numbers) > 1 else ""))
    return parts
