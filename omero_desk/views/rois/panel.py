"""The panel with the regions of an image: tools, a table, and commands for all of them."""

from __future__ import annotations

from collections.abc import Sized
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.entities.rois import RoiCounts
from omero_desk.entities.shape_kinds import FORMS
from omero_desk.models.messages import describe
from omero_desk.models.quantities import number
from omero_desk.models.rois.jobs import RoiJobs, TimeCourse
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.rois.rows import RoiRowsModel
from omero_desk.models.translation import plural, translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.parts.actions import action_of
from omero_desk.views.rois.bar import RoiBar
from omero_desk.views.rois.commands import ALL, COMMENT, HIDE, MEASURE, NEXT, PREVIOUS, SAVE
from omero_desk.views.rois.export_menu import RoiExportMenu, number_of_shapes
from omero_desk.views.rois.keys import RoiKeys
from omero_desk.views.rois.layer import RoiLayer
from omero_desk.views.rois.menu import RoiMenu, comment_all
from omero_desk.views.rois.table import RoiTable
from omero_desk.views.rois.time_dialog import RoiTimeDialog
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.filter_edit import FilterEdit
from omero_desk.views.widgets.section import line
from omero_desk.views.widgets.words import Words

_FILTER_MS: Final = 150


class RoiPanel(QWidget):
    """Shows a `RoisModel`, whose shapes are drawn and selected over the image by a `RoiLayer`.

    `shape_chosen` (key): bring a shape into view; `shape_wanted` (key): show one from near.
    """

    shape_chosen = Signal(int)
    shape_wanted = Signal(int)

    def __init__(
        self, image: ImageModel, layer: RoiLayer, regions: RegionsModel, keys: RoiKeys, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rois: RoisModel = layer.rois
        self._image, self._layer = image, layer
        self.rows = RoiRowsModel(self.rois, self)
        self.jobs = RoiJobs(self.rows, image, self.rois.source, self)
        self.bar = RoiBar(layer, regions, keys)
        self.table = RoiTable(self.rows)
        self.filter_edit = FilterEdit(translate("ROIs", "Filter by comment, type or owner"))
        self._eye, self._progress = QToolButton(), QProgressBar()
        self._state, self._said = Words(), Words()
        self._load = _button(translate("ROIs", "&Load shapes"), translate("ROIs", "Load all shapes of this image"))
        self.save_button = _button(
            translate("ROIs", "&Save"), translate("ROIs", "Save new, changed and deleted shapes (Ctrl+S)")
        )
        self._measure = _button(
            translate("ROIs", "&Measure"),
            translate("ROIs", "Measure intensities inside the selected shapes, in each active channel (M)"),
        )
        self._export = _button(
            translate("ROIs", "&Export"),
            translate("ROIs", "Export the table, with or without intensities, as comma-separated values (CSV)"),
        )
        self.export_menu = RoiExportMenu(self.rows, self.jobs, self)
        self._export.setMenu(self.export_menu)
        self._actions: dict[str, QAction] = {}
        self.course_dialog: RoiTimeDialog | None = None
        self._filter_later = QTimer(self, singleShot=True, interval=_FILTER_MS)
        self._lay_out()
        self._add_keys(keys)
        self._connect()
        self._say("")
        self._show_state()

    def _lay_out(self) -> None:
        for label in (self._state, self._said):
            label.setWordWrap(True)
        self._progress.setTextVisible(False)
        self._progress.setMaximumHeight(4)
        _keep_room(self._progress)
        self._eye.setCheckable(True)
        self._eye.setChecked(True)
        self._eye.setAutoRaise(True)
        self._eye.setAccessibleName(translate("ROIs", "Show all shapes"))
        self._eye.setToolTip(translate("ROIs", "Show or hide all shapes over the image (H)"))
        self._eye.setIcon(icons.icon("show"))
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        filters = QHBoxLayout()
        filters.addWidget(self.filter_edit, 1)
        filters.addWidget(self._eye)
        buttons = QHBoxLayout()
        for button in (self.save_button, self._measure, self._export):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(4)
        column.addWidget(self.bar)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        # What comes, goes and grows stands above the buttons, at the table's cost, so that they stay under the mouse.
        for widget in (self._said, self._progress, self._state, self._load):
            column.addWidget(widget)
        column.addWidget(line())
        column.addLayout(buttons)

    def _add_keys(self, keys: RoiKeys) -> None:
        for command, act in (
            (SAVE, self.rois.save),
            (MEASURE, self.measure),
            (HIDE, self._eye.toggle),
            (NEXT, partial(self.step, 1)),
            (PREVIOUS, partial(self.step, -1)),
            (COMMENT, self.comment),
            (ALL, lambda: self.rois.select_plane(*self._layer.plane)),
        ):
            action = action_of(command, lambda _checked=False, act=act: act(), self, keys=False)
            self.addAction(action)
            self._actions[command.id] = action
            for key in command.shortcuts:
                keys.add(key, action, on_canvas=command is ALL)

    def _connect(self) -> None:
        rois = self.rois
        self.save_button.clicked.connect(rois.save)
        self._measure.clicked.connect(self.measure)
        self._load.clicked.connect(rois.load)
        self._eye.toggled.connect(rois.show_all)
        self.filter_edit.textChanged.connect(lambda _: self._filter_later.start())
        self.filter_edit.left.connect(self.table.setFocus)
        self._filter_later.timeout.connect(self._filter)
        self.table.chosen.connect(self._show_plane)
        self.table.chosen.connect(self.shape_chosen)
        self.table.menu_wanted.connect(self.open_menu)
        for asks in (self.table.wanted, self._layer.wanted):
            asks.connect(self.go_to)
        for changed in (rois.state_changed, rois.counted, rois.added, rois.selected, self.jobs.busy_changed):
            changed.connect(self._show_state)
        self.jobs.told.connect(self._say)
        self.rois.selected.connect(self._forget_words)
        self.jobs.timed.connect(self._show_course)
        self.bar.told.connect(self._say)
        self._layer.drawn.connect(self._name_label)
        self._image.opened.connect(self._take_image)

    @property
    def actions_by_id(self) -> dict[str, QAction]:
        """All that can be done with regions, by the ids of commands."""
        return {**self.bar.actions_by_name, **self._actions}

    def measure(self) -> None:
        """Measure the selected shapes."""
        self.jobs.measure(self.rois.selection)

    def step(self, step: int) -> None:
        """Select the next shape (1) or the one before (-1) on the plane in view."""
        key = self.rois.next_on_plane(*self._layer.plane, step)
        if key is not None:
            self.rois.select((key,))

    def step_on(self, step: int) -> bool:
        """Step as `step` does from a selected shape; False if none is, so that Tab can leave the image."""
        if self.rois.selection:
            self.step(step)
        return bool(self.rois.selection)

    def _take_image(self) -> None:
        """Take over the image's sizes, and whether it may be drawn on."""
        info = self._image.info
        assert info is not None
        self.rows.set_image(info)
        self.bar.allow(info.permissions.can_annotate)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setAccessibleName(words or translate("ROIs", "Nothing measured"))

    def _forget_words(self) -> None:
        """Say nothing more of what was selected before."""
        self._say("")

    def _filter(self) -> None:
        self.rows.set_filter(self.filter_edit.text())

    # What is selected

    def _show_plane(self, key: int) -> None:
        shape = self.rois.shapes[key]
        if shape is not None:
            self._image.set_plane(shape.z, shape.t)

    def go_to(self, key: int) -> None:
        """Select a shape and show it on its plane, from near."""
        self.rois.select((key,))
        self._show_plane(key)
        self.shape_wanted.emit(key)

    def open_menu(self, place: QPoint) -> None:
        """Open the menu of the selected shapes at a place of the screen."""
        menu = RoiMenu(self._layer, self.actions_by_id, self)
        menu.wanted.connect(self.go_to)
        menu.comment_wanted.connect(self.table.edit_comment)
        menu.course_wanted.connect(self.jobs.follow)
        menu.open_at(place)

    def _show_course(self, course: TimeCourse) -> None:
        if self.course_dialog is None:
            self.course_dialog = RoiTimeDialog(self)
            self.course_dialog.pointed.connect(lambda t: self._image.set_plane(t=t))
        self.course_dialog.show_course(course)

    def comment(self) -> None:
        """Edit the comment of the selected shapes; in the table, edit the current cell."""
        if self.window().focusWidget() is self.table:
            self.table.edit_current()
        elif len(self.rois.selection) == 1:
            self.table.edit_comment(self.rois.selection[0])
        elif self.rois.selection:
            comment_all(self.rois, self)

    def _name_label(self, kind: str) -> None:
        """Ask for the text of a new label."""
        if FORMS[kind].is_text and self.rois.selection:
            self.table.edit_comment(self.rois.selection[-1])

    # How it stands

    def _show_state(self) -> None:
        rois, counts = self.rois, self.rois.counts
        total = counts.total if counts is not None else 0
        self._state.setText(_words(rois))
        self._progress.setVisible(rois.is_loading or rois.is_saving or self.jobs.is_exporting)
        self._progress.setRange(0, total if rois.is_loading else 0)
        self._progress.setValue(len(rois.shapes))
        self._load.setVisible(not rois.is_complete and not rois.is_loading)
        has_failed = rois.problem is not None
        self._load.setText(translate("ROIs", "&Retry") if has_failed else translate("ROIs", "&Load shapes"))
        self.save_button.setEnabled(bool(rois.unsaved) and not rois.is_saving)
        self._measure.setEnabled(bool(rois.selection))
        self._export.setEnabled(bool(self.rows.rowCount()))
        self._eye.setIcon(icons.icon("show" if rois.visible else "hide"))


def _words(rois: RoisModel) -> str:
    """Return the number of shapes, what is unsaved, and what went wrong, in words."""
    if rois.problem is not None:
        return describe(rois.problem).text
    if rois.counts is None:
        return translate("ROIs", "Counting shapes…")
    words = [_progress(rois.shapes, rois.counts) if rois.is_loading else _count(rois)]
    if rois.is_saving:
        words.append(translate("ROIs", "saving…"))
    elif unsaved := len(rois.unsaved):
        words.append(plural("ROIs", "%n not saved", "%n not saved", unsaved))
    if rois.selection and not any(map(rois.can_edit, rois.selection)):
        words.append(translate("ROIs", "you may not change shapes of other users"))
    if rois.errors:
        words.append(describe(next(iter(rois.errors.values()))).text)
    return "; ".join(words)


def _count(rois: RoisModel) -> str:
    counts = rois.counts
    total = counts.total if counts is not None and not rois.is_complete else len(rois.shapes.keys)
    shapes = number_of_shapes(total)
    if counts is not None and (unknown := counts.unknown):
        shapes += plural("ROIs", ", and %n of unknown kinds", ", and %n of an unknown kind", unknown)
    if selected := len(rois.selection):
        shapes += plural("ROIs", ", %n selected", ", %n selected", selected)
    return shapes


def _progress(shapes: Sized, counts: RoiCounts) -> str:
    words = translate("ROIs", "{loaded} of {total} shapes")
    return words.format(loaded=number(len(shapes)), total=number(counts.total))


def _keep_room(widget: QWidget) -> None:
    """Have a widget take its room while it is hidden too, so that nothing jumps when it comes and goes."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
