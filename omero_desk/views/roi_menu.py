"""What can be done with the shapes that are selected, as a menu over the table and the image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from omero_desk.models.rois import RoisModel
from omero_desk.views.roi_layer import RoiLayer


class RoiMenu(QMenu):
    """Made anew each time it is opened.

    `wanted` (key): go to a shape; `comment_wanted` (key): edit its comment; `course_wanted` (key): follow it over time.
    """

    wanted = Signal(int)
    course_wanted = Signal(int)
    comment_wanted = Signal(int)

    def __init__(self, layer: RoiLayer, shared: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._layer, self._rois, self._shared, self._panel = layer, layer.rois, shared, parent
        self._fill()

    def open_at(self, place: QPoint) -> None:
        """Show it, and let the others go on meanwhile."""
        self.aboutToHide.connect(self.deleteLater)
        self.popup(place)

    def _fill(self) -> None:
        rois, chosen = self._rois, self._rois.selection
        may_edit = any(map(rois.can_edit, chosen))
        self._add("&Go to it\tReturn", lambda: self.wanted.emit(chosen[-1]), bool(chosen))
        self._add("C&omment…\tF2", self._comment, may_edit)
        self.addSeparator()
        for name in ("copy", "paste", "roi-delete"):
            self.addAction(self._shared[name])
        self._add("Select &all on this plane\tCtrl+A", lambda: rois.select_plane(*self._layer.plane))
        self.addSeparator()
        z, t = self._layer.plane
        self._add("On this &plane alone", lambda: self._change("Planes", z=z, t=t), may_edit)
        self._add("On all &sections", lambda: self._change("Planes", z=None), may_edit)
        self._add("On all &time points", lambda: self._change("Planes", t=None), may_edit)
        self._add("No &fill", lambda: self._change("Change look", fill=None), may_edit)
        self.addSeparator()
        is_hidden = bool(chosen) and all(map(rois.is_hidden, chosen))
        self._add("&Show" if is_hidden else "&Hide", lambda: rois.hide(chosen, not is_hidden), bool(chosen))
        is_changed = any(key in rois.shapes.unsaved_keys for key in chosen)
        self._add("&Revert to what is saved", lambda: rois.revert(chosen), is_changed)
        self._add("&Measure\tM", self._shared["measure"].trigger, bool(chosen))
        info = self._layer.image.info
        is_course = info is not None and info.size_t > 1
        self._add("Mean over t&ime", lambda: self.course_wanted.emit(chosen[-1]), bool(chosen) and is_course)

    def _add(self, text: str, act: Callable[[], object], is_enabled: bool = True) -> None:
        action = self.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        action.setEnabled(is_enabled)

    def _change(self, name: str, **values: Any) -> None:
        shapes = self._rois.shapes.of(self._rois.selection)
        self._rois.change({key: replace(shape, **values) for key, shape in shapes.items()}, name)

    def _comment(self) -> None:
        chosen = self._rois.selection
        if len(chosen) == 1:
            self.comment_wanted.emit(chosen[0])
        else:
            comment_all(self._rois, self._panel)


def comment_all(rois: RoisModel, parent: QWidget) -> QInputDialog:
    """Ask for one comment for everything that is selected."""
    keys = rois.selection
    dialog = QInputDialog(parent)
    dialog.setWindowTitle("Comment")
    dialog.setLabelText(f"One comment for all {len(keys):,} shapes:")
    texts = {shape.text for shape in rois.shapes.of(keys).values()}
    dialog.setTextValue(texts.pop() if len(texts) == 1 else "")
    dialog.textValueSelected.connect(lambda words: rois.comment(keys, words))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
