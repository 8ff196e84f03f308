"""The regions of an image beside it: tools, a table that selects both ways, and what can be done with all of them."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.roi_entities import ShapeKind
from omero_desk.models.image import ImageModel
from omero_desk.models.messages import describe
from omero_desk.models.regions import RegionsModel
from omero_desk.models.roi_jobs import Course, RoiJobs
from omero_desk.models.roi_rows import RoiRowsModel
from omero_desk.models.rois import RoisModel
from omero_desk.views import icons
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.roi_bar import RoiBar
from omero_desk.views.roi_export_menu import RoiExportMenu, number_of_shapes
from omero_desk.views.roi_keys import RoiKeys
from omero_desk.views.roi_layer import RoiLayer
from omero_desk.views.roi_menu import RoiMenu, comment_all
from omero_desk.views.roi_table import RoiTable
from omero_desk.views.roi_time import RoiTimeDialog

_FILTER_MS: Final = 150


class RoiPanel(QWidget):
    """Follows a `RoisModel`, and draws with a `RoiLayer`.

    `shape_chosen` (key): it is to be in view; `shape_wanted` (key): it is to be seen from near.
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
        self.filter_edit = FilterEdit("Filter by comment, type or owner")
        self._eye, self._progress = QToolButton(), QProgressBar()
        self._state, self._said = QLabel(), QLabel()
        self._load = _button("&Show them", "Read all shapes of this image")
        self.save_button = _button("&Save", "Save what was drawn, changed and deleted (Ctrl+S)")
        self._measure = _button("&Measure", "Intensities within the selected shape, in each active channel (M)")
        self._export = _button("&Export", "The table, and what is within, as a file of comma-separated values")
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
        self._eye.setCheckable(True)
        self._eye.setChecked(True)
        self._eye.setAutoRaise(True)
        self._eye.setAccessibleName("Show all shapes")
        self._eye.setToolTip("Show or hide all shapes over the image (H)")
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
        for widget in (self._progress, self._state, self._load):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self._said)

    def _add_keys(self, keys: RoiKeys) -> None:
        for name, key, act in (
            ("save", "Ctrl+S", self.rois.save),
            ("measure", "M", self.measure),
            ("hide", "H", self._eye.toggle),
            ("next", "N", partial(self.step, 1)),
            ("previous", "Shift+N", partial(self.step, -1)),
            ("comment", "F2", self.comment),
            ("all", "Ctrl+A", lambda: self.rois.select_plane(*self._layer.plane)),
        ):
            action = self._actions[name] = self.addAction(name)
            action.triggered.connect(lambda _checked=False, act=act: act())
            keys.add(key, action, on_canvas=name == "all")

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
        self.jobs.timed.connect(self._show_course)
        self.bar.told.connect(self._say)
        self._layer.drawn.connect(self._name_label)
        self._image.opened.connect(self._take_image)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._eye.setIcon(icons.icon("show" if self._eye.isChecked() else "hide"))

    def measure(self) -> None:
        """Measure the shape that was selected last."""
        if self.rois.selection:
            self.jobs.measure(self.rois.selection[-1])

    def step(self, step: int) -> None:
        """Select the next shape (1) or the one before (-1) on the plane in view."""
        key = self.rois.next_on_plane(*self._layer.plane, step)
        if key is not None:
            self.rois.select((key,))

    def step_on(self, step: int) -> bool:
        """The same from a selected shape; False if there is none: then Tab leaves the image, and nobody is caught."""
        if self.rois.selection:
            self.step(step)
        return bool(self.rois.selection)

    def _take_image(self) -> None:
        """Its sizes, and whether it may be drawn on."""
        info = self._image.info
        assert info is not None
        self.rows.set_image(info)
        self.bar.allow(info.permissions.can_annotate)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setAccessibleName(words or "Nothing measured")

    def _filter(self) -> None:
        self.rows.set_filter(self.filter_edit.text())

    # What is selected

    def _show_plane(self, key: int) -> None:
        shape = self.rois.shapes[key]
        if shape is not None:
            self._image.set_plane(shape.z, shape.t)

    def go_to(self, key: int) -> None:
        """Show a shape on its plane, as large as it can be."""
        self.rois.select((key,))
        self._show_plane(key)
        self.shape_wanted.emit(key)

    def open_menu(self, place: QPoint) -> None:
        """What can be done with what is selected."""
        menu = RoiMenu(self._layer, {**self.bar.actions_by_name, "measure": self._actions["measure"]}, self)
        menu.wanted.connect(self.go_to)
        menu.comment_wanted.connect(self.table.edit_comment)
        menu.course_wanted.connect(self.jobs.follow)
        menu.open_at(place)

    def _show_course(self, course: Course) -> None:
        if self.course_dialog is None:
            self.course_dialog = RoiTimeDialog(self)
            self.course_dialog.pointed.connect(lambda t: self._image.set_plane(t=t))
        self.course_dialog.show_course(course)

    def comment(self) -> None:
        """Edit the comment of what is selected; in the table what is current there."""
        if self.window().focusWidget() is self.table:
            self.table.edit_current()
        elif len(self.rois.selection) == 1:
            self.table.edit_comment(self.rois.selection[0])
        elif self.rois.selection:
            comment_all(self.rois, self)

    def _name_label(self, kind: str) -> None:
        """A new label is about its words."""
        if kind == ShapeKind.LABEL and self.rois.selection:
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
        self._load.setText("&Retry" if rois.problem is not None else "&Show them")
        self.save_button.setEnabled(bool(rois.unsaved) and not rois.is_saving)
        self._measure.setEnabled(bool(rois.selection))
        self._export.setEnabled(bool(self.rows.rowCount()))
        self._eye.setIcon(icons.icon("show" if rois.visible else "hide"))


def _words(rois: RoisModel) -> str:
    """How many there are, what is unsaved, and what went wrong."""
    if rois.problem is not None:
        return describe(rois.problem).text
    if rois.counts is None:
        return "Counting…"
    words = [f"{len(rois.shapes):,} of {rois.counts.total:,} shapes" if rois.is_loading else _count(rois)]
    if rois.is_saving:
        words.append("saving…")
    elif rois.unsaved:
        words.append(f"{len(rois.unsaved):,} not saved")
    if rois.selection and not any(map(rois.can_edit, rois.selection)):
        words.append("you may not change what others have drawn")
    if rois.errors:
        words.append(describe(next(iter(rois.errors.values()))).text)
    return "; ".join(words)


def _count(rois: RoisModel) -> str:
    counts = rois.counts
    total = counts.total if counts is not None and not rois.is_complete else len(rois.shapes.keys)
    shapes = number_of_shapes(total)
    if counts is not None and counts.unknown:
        shapes += f", and {counts.unknown:,} of a class that is not known here"
    return f"{shapes}, {len(rois.selection):,} selected" if rois.selection else shapes


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
