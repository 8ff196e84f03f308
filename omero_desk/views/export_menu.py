"""What leaves the viewer: the view as a picture, and planes as TIFF files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDir, QMimeData, QPoint, QSize, Qt, QTemporaryDir, QUrl
from PySide6.QtGui import QAction, QDrag, QGuiApplication, QImage, QKeySequence, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QToolButton, QWidget

from omero_desk.imaging.composite import Picture
from omero_desk.models.exports import LARGEST_PLANE, Content, ExportPlan, ExportsModel, Extent, FileFormat, file_name
from omero_desk.models.full_view import MOST, at_full, full_picture, rect_in_view
from omero_desk.models.viewport import Rect, Viewport
from omero_desk.views import icons
from omero_desk.views.export_dialog import ExportDialog
from omero_desk.views.image_canvas import as_image
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.layers import Layer
from omero_desk.views.snapshot import as_png, paint_layers, snapshot

FORMATS: Final = {
    "OME-TIFF (*.ome.tif *.ome.tiff)": FileFormat.OME_TIFF,
    "TIFF for ImageJ (*.tif *.tiff)": FileFormat.TIFF,
}
_PNG: Final = "PNG (*.png)"
_THUMBNAIL: Final = QSize(160, 160)


class ExportMenu(QMenu):
    """What can be saved of a viewer's image, copied or taken to another program."""

    def __init__(self, viewer: ImageViewer, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__("Export", parent)
        self._viewer, self._exports = viewer, exports
        self.copy = self._add("&Copy the view", "Ctrl+Alt+C", self._copy)
        self.save = self._add("&Save the view as PNG…", "Ctrl+Alt+S", self._ask_for_png)
        self.full = self._add("Save the view in &full resolution…", "Ctrl+Alt+F", self._ask_for_full)
        self.overlays = self.addAction("With scale bar and &overlays")
        self.overlays.setCheckable(True)
        self.overlays.setChecked(True)
        self.overlays.setToolTip("Whether the picture has what lies over the image")
        self.addSeparator()
        self.extents = {extent: self._add_extent(extent) for extent in Extent}
        self.part = self._add("A &part as TIFF…", "Ctrl+Alt+E", self.ask_for_part)
        self.part.setToolTip("Some sections and time points, what is in view, or in less detail")
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._show)
        viewer.model.opened.connect(self._show)
        self._show()

    @property
    def picture(self) -> QImage:
        """The view as it would be saved."""
        return snapshot(self._viewer.canvas, self._layers)

    @property
    def _layers(self) -> list[Layer]:
        """What is drawn over a picture: all that is over the image, but for the map of where one is in it."""
        layers = self._viewer.canvas.layers if self.overlays.isChecked() else []
        return [layer for layer in layers if layer is not self._viewer.overview]

    @property
    def name(self) -> str:
        """How a file of the view is called, without its ending."""
        info = self._viewer.model.info
        return file_name(info.name if info is not None else "", "view")

    def ask_for_part(self) -> ExportDialog:
        """Let the user say what goes into a file, and then where it goes."""
        dialog = ExportDialog(self._viewer.model, self._viewer.canvas.viewport, self._viewer)
        dialog.chosen.connect(lambda plan: self.ask_for_file(plan, "Save planes"))
        dialog.open()
        return dialog

    def ask_for_file(self, plan: ExportPlan, title: str) -> QFileDialog:
        """Let the user say where the planes go, and write them there."""
        name = file_name(plan.info.name, *_parts(plan)) + FileFormat.OME_TIFF.value
        dialog = self._dialog(title, name, ";;".join(FORMATS))
        dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(FORMATS[words].value[1:]))
        dialog.setDefaultSuffix(FileFormat.OME_TIFF.value[1:])
        dialog.fileSelected.connect(
            lambda path: self._exports.start(
                replace(plan, path=Path(path), format=FORMATS[dialog.selectedNameFilter()])
            )
        )
        dialog.open()
        return dialog

    def plan(self, extent: Extent) -> ExportPlan:
        """What goes into a file, whose path is not known yet."""
        model = self._viewer.model
        info = model.info
        assert info is not None
        sections = range(model.z, model.z + 1) if extent is Extent.PLANE else range(info.size_z)
        times = range(info.size_t) if extent is Extent.ALL else range(model.t, model.t + 1)
        return ExportPlan(info, model.settings, Path(), FileFormat.OME_TIFF, sections, times)

    def _add(self, text: str, key: str, act: Callable[[], object]) -> QAction:
        action = self.addAction(text)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: act())
        self._viewer.addAction(action)
        return action

    def _add_extent(self, extent: Extent) -> QAction:
        action = self.addAction(f"{extent.value} as TIFF…")
        action.triggered.connect(
            lambda _checked=False: self.ask_for_file(self.plan(extent), f"Save {extent.value.lower()}")
        )
        return action

    def _show(self) -> None:
        """Offer what there is."""
        info = self._viewer.model.info
        fits = info is not None and info.plane_bytes <= LARGEST_PLANE
        for extent, action in self.extents.items():
            count = self.plan(extent).count if info is not None else 0
            action.setEnabled(fits)
            action.setText(f"{extent.value} as TIFF… ({count:,} plane{'' if count == 1 else 's'})")
            action.setToolTip("All channels, as they were acquired" if fits else "The planes are too large for that")
        self.extents[Extent.STACK].setVisible(info is not None and info.size_z > 1)
        self.extents[Extent.ALL].setVisible(info is not None and info.size_t > 1)
        for action in (self.copy, self.save, self.part):
            action.setEnabled(info is not None)
        rect = rect_in_view(info, self._viewer.canvas.viewport) if info is not None else Rect(0, 0, 0, 0)
        size = f"{rect.width:,} x {rect.height:,} pixels"
        fits = 0 < rect.width * rect.height <= MOST
        self.full.setEnabled(fits)
        self.full.setToolTip(f"In the image's own pixels: {size}" if fits else f"Too large, zoom in: {size}")

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

    def _save_full(self, viewport: Viewport, layers: Sequence[Layer], ratio: float, path: Path) -> None:
        image = self._viewer.model

        def finish(pixels: Picture) -> Content:
            picture = as_image(pixels)
            assert image.info is not None
            paint_layers(picture, at_full(image.info, viewport), layers, ratio)
            return partial(as_png, picture)

        self._exports.draw(path, partial(full_picture, image, viewport), finish)

    def _ask_for_picture(self, name: str, save: Callable[[Path], object]) -> QFileDialog:
        dialog = self._dialog("Save the view", f"{name}.png", _PNG)
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
    """The view is dragged out of it into another program; a click copies it, for those without a mouse."""

    def __init__(self, menu: ExportMenu, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu, self._exports = menu, exports
        self._pressed: QPoint | None = None
        self._folder = QTemporaryDir()
        self.setAutoRaise(True)
        self.setToolTip("Drag the view from here into another program (a click copies it)")
        self.setAccessibleName("Copy the view, or drag it out")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(menu.copy.trigger)
        self.draw_icon()

    def draw_icon(self) -> None:
        """Draw the icon in the palette's colours."""
        self.setIcon(icons.icon("drag-out"))

    def mime(self) -> QMimeData:
        """The view, as a picture and as a file that is being written."""
        picture = self._menu.picture
        path = Path(self._folder.filePath(f"{self._menu.name}.png"))
        self._exports.save(path, partial(as_png, picture), tell=False)
        data = QMimeData()
        data.setImageData(picture)
        data.setUrls([QUrl.fromLocalFile(str(path))])
        return data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, once the mouse has gone far enough."""
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
    """What a file's name says of its planes beside the image's name."""
    info = plan.info
    parts = [] if plan.area is None else ["part"]
    for letter, numbers, count in (("z", plan.sections, info.size_z), ("t", plan.times, info.size_t)):
        if len(numbers) < count:
            parts.append(f"{letter}{numbers[0] + 1}" + (f"-{numbers[-1] + 1}" if len(numbers) > 1 else ""))
    return parts
