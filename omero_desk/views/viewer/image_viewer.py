"""The viewer: an image, sliders through its planes, and its rendering settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import isnan
from typing import Final

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.images import Model
from omero_desk.models.labels import channel, shortened
from omero_desk.models.tools.samples import look_at, samples
from omero_desk.models.translation import translate
from omero_desk.models.untying import end
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.channels.channel_panel import ChannelPanel
from omero_desk.views.parts.actions import action_of
from omero_desk.views.parts.command import Command
from omero_desk.views.parts.commands import always
from omero_desk.views.viewer.canvas_overlays import CanvasOverlays
from omero_desk.views.viewer.commands import (
    ACTUAL_SIZE,
    COMPARE,
    CONTRAST,
    FIT,
    FULL_SCREEN,
    GREY,
    GRID,
    MIN_MAX,
    MIRROR,
    OVERLAYS,
    RESET,
    ROTATE_LEFT,
    ROTATE_RIGHT,
    SCALE_BAR,
    ZOOM_IN,
    ZOOM_OUT,
)
from omero_desk.views.viewer.grid_overlay import GridOverlay
from omero_desk.views.viewer.image_canvas import STEP, ImageCanvas
from omero_desk.views.viewer.overlays_section import OverlaysSection
from omero_desk.views.viewer.overview import Overview
from omero_desk.views.viewer.plane_sliders import PlaneSliders
from omero_desk.views.viewer.scale_bar import ScaleBar
from omero_desk.views.viewer.stage import Stage
from omero_desk.views.viewer.viewer_bar import ViewerBar
from omero_desk.views.widgets.page import Page
from omero_desk.views.widgets.section import Section

_REST_MS: Final = 200
"""The time for which the mouse rests before the exact value under it is read."""
_COARSER: Final = 1
"""Levels by which the picture is coarser while a contrast limit is dragged, where drawing takes long."""


_EXACT: Final = 2.0**53
"""Doubles below it tell one whole number from the next."""


class ImageViewer(QWidget):
    """Shows one `ImageModel`, in a tab or in a window; whoever holds it shows its `pages` beside it.

    `full_screen_wanted` and `compare_wanted` are emitted when the user asks for that.
    """

    full_screen_wanted = Signal()
    compare_wanted = Signal()

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.canvas = ImageCanvas(model)
        self.stage = Stage(self.canvas)
        self.sliders = PlaneSliders(model)
        self.channels = ChannelPanel(model)
        self.channels_page = Page("channels", _scrolled(self.channels), translate("Viewer", "Channels"), "contrast")
        self.pages = [self.channels_page]
        self.scale_bar = ScaleBar(self.font())
        self.overview = Overview(model, self.canvas)
        self.grid = GridOverlay()
        self.canvas.layers += (self.grid, self.scale_bar, self.overview)
        self._pointed_at = -1.0, -1.0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self.toolbar = ViewerBar(translate("Viewer", "Image"))
        self.commands: dict[str, tuple[QAction, Callable[[], str]]] = {}
        self._make_actions()
        self.overlays = CanvasOverlays(self.canvas, self._zooming)
        self._add_overlay_settings()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvas)
        self._show_problem()
        if model.info is not None:
            self._show_opened()
            self.canvas.fit()

    def _make_actions(self) -> None:
        canvas, model = self.canvas, self.model
        self._zooming = [
            self.own_command(ZOOM_OUT, lambda: canvas.zoom_to(canvas.viewport.zoom / STEP)),
            self.own_command(ZOOM_IN, lambda: canvas.zoom_to(canvas.viewport.zoom * STEP)),
            self.own_command(FIT, canvas.fit),
            self.own_command(ACTUAL_SIZE, lambda: canvas.zoom_to(1.0)),
        ]
        self.add_command(CONTRAST, model.stretch)
        self.own_command(MIN_MAX, model.show_all)
        self.add_command(RESET, model.reset)
        self._grey = self.own_command(GREY, self._toggle_grey)
        self.toolbar.put(self.own_command(FULL_SCREEN, self.full_screen_wanted.emit), words=False)
        self.add_command(COMPARE, self.compare_wanted.emit)
        self.own_command(ROTATE_RIGHT, lambda: canvas.turn_to(canvas.viewport.turn.clockwise()))
        self.own_command(ROTATE_LEFT, lambda: canvas.turn_to(canvas.viewport.turn.counterclockwise()))
        self.own_command(MIRROR, lambda: canvas.turn_to(canvas.viewport.turn.mirrored()))

    def add_command(self, command: Command, act: Callable[[], object]) -> QAction:
        """Put something that can be done with the image into the toolbar, and have its keys do it."""
        action = self.own_command(command, act)
        self.toolbar.put(action)
        return action

    def own_command(self, command: Command, act: Callable[[], object]) -> QAction:
        """Have the keys and the Image menu do something that can be done with the image."""
        action = action_of(command, lambda _checked=False: act(), self)
        self.register(command, action)
        self.addAction(action)
        return action

    def register(self, command: Command, action: QAction, why_not: Callable[[], str] = always) -> None:
        """Have the Image menu offer an action of this viewer for a command, unless `why_not` says why not."""
        self.commands[command.id] = action, why_not

    def _add_overlay_settings(self) -> None:
        """Add the section about what is drawn over the image to the page of the channels, and its switches."""
        bar = self.own_command(SCALE_BAR, lambda: None)
        bar.setChecked(self.scale_bar.visible)
        bar.toggled.connect(partial(self._switch_layer, self.scale_bar))
        grid = self.own_command(GRID, lambda: None)
        grid.toggled.connect(partial(self._switch_layer, self.grid))
        self.overlay_settings = OverlaysSection(
            self.scale_bar, self.grid, self.overview, (bar, grid), self.canvas.update
        )
        title = translate("Viewer", "Scale bar and overlays")
        self.overlay_section = Section("overlays", title, self.overlay_settings, inset=False, is_open=False)
        self.channels.add_section(self.overlay_section)
        self.own_command(OVERLAYS, self._show_overlay_settings)

    def _show_overlay_settings(self) -> None:
        self.overlay_section.open()
        self.channels_page.open()
        self.overlay_settings.colour.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _switch_layer(self, layer: ScaleBar | GridOverlay, on: bool) -> None:
        layer.visible = on
        self.canvas.update()

    def _lay_out(self) -> None:
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.stage, 1)
        column.addWidget(self.sliders)

    def _connect(self) -> None:
        model, canvas = self.model, self.canvas
        canvas.pointed.connect(self._show_value)
        self._rest.timeout.connect(self._look_closely)
        model.arrived.connect(self._show_value_again)
        canvas.stepped_z.connect(lambda step: self._step(z=step))
        canvas.stepped_t.connect(lambda step: self._step(t=step))
        self.channels.held.connect(self._hurry)
        model.opened.connect(self._show_opened)
        model.settings_changed.connect(self._show_settings)
        for changed in (model.opened, model.failed, model.arrived):
            changed.connect(self._show_problem)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play or stop on Space."""
        if event.key() == Qt.Key.Key_Space:
            self.sliders.toggle_play()
        else:
            super().keyPressEvent(event)

    def close_image(self) -> None:
        """Stop playing, cancel all reading, and end the pages, which others may hold."""
        self.sliders.stop()
        self.model.close()
        for page in self.pages:
            page.note_shown(False)
            page.widget.setParent(None)
            end(page.widget)

    def _show_opened(self) -> None:
        info = self.model.info
        assert info is not None
        self.scale_bar.pixel = self.grid.pixel = info.physical_x
        self.grid.size = info.size_x, info.size_y
        self.overlay_settings.show_unit()
        self._show_settings()

    def _show_settings(self) -> None:
        self._grey.setChecked(self.model.settings.model is Model.GREYSCALE)

    def _show_problem(self) -> None:
        self.overlays.show_problem(self.model.problem, self.model.retry)

    def _show_value(self, x: float, y: float) -> None:
        if (x, y) != self._pointed_at:
            self._pointed_at = x, y
            self._rest.start()
        values, step = self.model.value_at(x, y), 1.0
        if not values:
            found = samples(self.model, [(x, y)])
            values, step = {n: float(v[0]) for n, v in found.values.items() if not isnan(v[0])}, found.step
        self.overlays.say(self._words(x, y, values, step) if values else "")

    def _show_value_again(self) -> None:
        self._show_value(*self._pointed_at)

    def _look_closely(self) -> None:
        """Have the exact pixel under the mouse read, where the screen shows a coarser one."""
        look_at(self.model, "pointer", [self._pointed_at])

    def _words(self, x: float, y: float, values: Mapping[int, float], step: float) -> str:
        """Return the values at a place as text, with the number of pixels that each stands for, if several."""
        info = self.model.info
        assert info is not None
        parts = [translate("Viewer", "x {x} y {y}").format(x=int(x), y=int(y))]
        for number, value in values.items():
            name = f"\N{FIRST STRONG ISOLATE}{shortened(channel(info, number))}\N{POP DIRECTIONAL ISOLATE}"
            parts.append(f"{name} {_number(value)}")
        if step > 1:
            parts.append(translate("Viewer", "(of {step} x {step} pixels)").format(step=f"{step:g}"))
        return "   ".join(parts)

    def _step(self, z: int = 0, t: int = 0) -> None:
        if self.model.info is not None:
            self.model.set_plane(self.model.z + z, self.model.t + t)

    def _toggle_grey(self) -> None:
        grey = self.model.settings.model is not Model.GREYSCALE
        self.model.set_settings(replace(self.model.settings, model=Model.GREYSCALE if grey else Model.RGB))

    def _hurry(self, held: bool) -> None:
        """Draw a coarser picture while a contrast limit is dragged, where drawing takes long."""
        self.model.hold(held)
        self.canvas.coarser = _COARSER if held and self.canvas.is_slow else 0
        self.canvas.redraw()


def _number(value: float) -> str:
    """Return a pixel's value as the user's language writes it: all digits of a whole number, six of any other."""
    whole = value.is_integer() and abs(value) < _EXACT
    return QLocale().toString(value, "f", 0) if whole else QLocale().toString(value, "g", 6)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(translate("Viewer", "Channels"))
    widget.setProperty("ground", "panel")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    area.setWidget(widget)
    return area
