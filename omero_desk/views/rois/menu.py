"""The context menu of the selected shapes, over the table and the image."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from omero_desk.entities.rois import Shape
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.translation import plural, translate
from omero_desk.views.parts.actions import entry
from omero_desk.views.parts.command import Command
from omero_desk.views.rois.commands import (
    ALL,
    ALL_SECTIONS,
    ALL_TIMES,
    COMMENT,
    COPY,
    COURSE,
    DELETE,
    GO_TO,
    HIDE_THESE,
    MEASURE,
    NO_FILL,
    PASTE,
    REVERT,
    SHOW_THESE,
    THIS_PLANE,
)
from omero_desk.views.rois.layer import RoiLayer


class RoiMenu(QMenu):
    """The commands for the selected shapes; a menu is made each time that it is opened.

    `wanted` (key): go to a shape; `comment_wanted` (key): edit its comment; `course_wanted` (key): plot its mean over
    time.
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
        """Show the menu at a place of the screen, without waiting for a choice."""
        self.aboutToHide.connect(self.deleteLater)
        self.popup(place)

    def _fill(self) -> None:
        rois, chosen = self._rois, self._rois.selection
        may_edit = any(map(rois.can_edit, chosen))
        nothing = "" if chosen else translate("ROIs", "No shape is selected")
        not_yours = nothing or ("" if may_edit else translate("ROIs", "You may not change these shapes"))
        entry(self, GO_TO, lambda: self.wanted.emit(chosen[-1]), nothing)
        entry(self, COMMENT, self._comment, not_yours)
        self.addSeparator()
        for command in (COPY, PASTE, DELETE):
            self.addAction(self._shared[command.id])
        entry(self, ALL, self._shared[ALL.id].trigger)
        self.addSeparator()
        for command, name, change in self._changes():
            entry(self, command, partial(self._change, name, change), not_yours)
        self.addSeparator()
        is_hidden = bool(chosen) and all(map(rois.is_hidden, chosen))
        entry(self, SHOW_THESE if is_hidden else HIDE_THESE, lambda: rois.hide(chosen, not is_hidden), nothing)
        is_changed = any(key in rois.shapes.unsaved_keys for key in chosen)
        as_saved = nothing or ("" if is_changed else translate("ROIs", "The shapes are as they were saved"))
        entry(self, REVERT, lambda: rois.revert(chosen), as_saved)
        entry(self, MEASURE, self._shared[MEASURE.id].trigger, nothing)
        entry(self, COURSE, lambda: self.course_wanted.emit(chosen[-1]), nothing or self._why_no_course())

    def _why_no_course(self) -> str:
        info = self._layer.image.info
        has_times = info is not None and info.size_t > 1
        return "" if has_times else translate("ROIs", "The image has one time point only")

    def _changes(self) -> Iterable[tuple[Command, str, Callable[[Shape], Shape]]]:
        """Return what makes other shapes of the selected ones, each with the name of the step in the history."""
        z, t = self._layer.plane
        planes, style = translate("ROIs", "Change planes"), translate("ROIs", "Change style")
        return (
            (THIS_PLANE, planes, lambda shape: replace(shape, z=z, t=t)),
            (ALL_SECTIONS, planes, lambda shape: replace(shape, z=None)),
            (ALL_TIMES, planes, lambda shape: replace(shape, t=None)),
            (NO_FILL, style, lambda shape: replace(shape, fill=None)),
        )

    def _change(self, name: str, change: Callable[[Shape], Shape]) -> None:
        shapes = self._rois.shapes.of(self._rois.selection)
        self._rois.change({key: change(shape) for key, shape in shapes.items()}, name)

    def _comment(self) -> None:
        chosen = self._rois.selection
        if len(chosen) == 1:
            self.comment_wanted.emit(chosen[0])
        else:
            comment_all(self._rois, self._panel)


def comment_all(rois: RoisModel, parent: QWidget) -> QInputDialog:
    """Ask for one comment for all selected shapes."""
    keys = rois.selection
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(translate("ROIs", "Edit comment"))
    dialog.setOkButtonText(translate("ROIs", "Set comment"))
    count = len(keys)
    dialog.setLabelText(plural("ROIs", "Comment for all %n shapes:", "Comment for %n shape:", count))
    texts = {shape.text for shape in rois.shapes.of(keys).values()}
    dialog.setTextValue(texts.pop() if len(texts) == 1 else "")
    dialog.textValueSelected.connect(lambda words: rois.comment(keys, words))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
