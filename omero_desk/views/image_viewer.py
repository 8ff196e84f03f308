"""The viewer: an image, sliders through its planes, and how it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isnan
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.image_entities import Model
from omero_desk.models.image import ImageModel
from omero_desk.models.samples import look_at, samples
from omero_desk.views import icons
from omero_desk.views.channel_panel import ChannelPanel
from omero_desk.views.fitting_bar import FittingBar
from omero_desk.views.image_canvas import ImageCanvas
from omero_desk.views.overview import Overview
from omero_desk.views.plane_sliders import PlaneSliders
from omero_desk.views.scale_bar import ScaleBar
from omero_desk.views.stage import Stage

_SIDE: Final = 250, 300
"""How wide what stands beside the image is, at least and at most, until the user says so; and of the whole width."""
_SIDE_SHARE: Final = 0.32
_REST_MS: Final = 200
"""A mouse that rests for so long wants to know the exact value."""
_COARSER: Final = 1
"""So many levels less of detail are drawn while a slider is held, where drawing takes long."""


class ImageViewer(QWidget):
    """Shows one `ImageModel`, in a tab or in a window. `full_screen_wanted`: the user asks for the whole screen."""

    full_screen_wanted = Signal()

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.canvas = ImageCanvas(model)
        self.stage = Stage(self.canvas)
        self.side = QScrollArea()
        self.sliders = PlaneSliders(model)
        self.channels = ChannelPanel(model)
        self.scale_bar = ScaleBar(self.font())
        self.overview = Overview(model, self.canvas)
        self.canvas.layers += (self.scale_bar, self.overview)
        self._value = QLabel()
        self._value.setAccessibleName("Values under the mouse")
        self._value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._pointed_at = -1.0, -1.0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._zoom = QLabel()
        self._retry = QPushButton("&Retry")
        self._retry.setToolTip("Ask for the pixels again")
        self.toolbar = FittingBar("Image")
        self._actions: dict[str, QAction] = {}
        self._shared_out = False
        self._make_actions()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvas)
        self._show_problem()

    def _make_actions(self) -> None:
        canvas, model = self.canvas, self.model
        self.add_action("fit", "Fit", "0", "All of the image in view", canvas.fit)
        self.add_action(
            "actual-size", "100%", "1", "A pixel of the image for each of the screen", lambda: canvas.zoom_to(1.0)
        )
        self.toolbar.addSeparator()
        self.add_action("contrast", "Auto contrast", "A", "Set black and white by the pixels in view", model.stretch)
        self.add_action("reset", "Reset", "R", "Render the image as it was when it was opened", model.reset)
        self.add_action("grey", "Grey", "G", "The first active channel in grey, or all in colour", self._toggle_grey)
        self._actions["grey"].setCheckable(True)
        self.toolbar.addSeparator()
        self.add_action(
            "full-screen", "Full screen", "F11", "The whole screen for the image", self.full_screen_wanted.emit
        )

    def add_action(self, name: str, text: str, key: str, tip: str, act: Callable[[], object]) -> QAction:
        """Put something that can be done with the image into the toolbar; `name` is its icon's."""
        action = QAction(icons.icon(name), text, self)
        action.setToolTip(f"{tip} ({key})")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: act())
        self._actions[name] = action
        self.toolbar.addAction(action)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 2, 8, 4)
        foot.addWidget(self._value, 1)
        foot.addWidget(self._retry)
        foot.addWidget(self._zoom)
        left = QWidget()
        self.column = column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        column.addWidget(self.sliders)
        column.addLayout(foot)
        self.side.setWidgetResizable(True)
        self.side.setAccessibleName("Channels")
        self.side.setFrameShape(QFrame.Shape.NoFrame)
        self.side.setWidget(self.channels)
        self.side.setMinimumWidth(_SIDE[0])
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.side)
        self._splitter.setStretchFactor(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.toolbar)
        whole.addWidget(self._splitter, 1)

    def _connect(self) -> None:
        model, canvas = self.model, self.canvas
        self._splitter.splitterMoved.connect(self._keep_shares)
        canvas.pointed.connect(self._show_value)
        self._rest.timeout.connect(self._look_closely)
        model.arrived.connect(self._show_value_again)
        canvas.viewport_changed.connect(self._show_zoom)
        canvas.stepped_z.connect(lambda step: self._step(z=step))
        canvas.stepped_t.connect(lambda step: self._step(t=step))
        self.channels.held.connect(self._hurry)
        self._retry.clicked.connect(model.retry)
        model.opened.connect(self._show_opened)
        model.settings_changed.connect(self._show_settings)
        for changed in (model.opened, model.failed, model.arrived):
            changed.connect(self._show_problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays."""
        if event.key() == Qt.Key.Key_Space:
            self.sliders.toggle_play()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the image needs the room most."""
        super().resizeEvent(event)
        if not self._shared_out:
            side = round(min(max(self.width() * _SIDE_SHARE, _SIDE[0]), _SIDE[1]))
            self._splitter.setSizes([self.width() - side, side])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for name, action in self._actions.items():
                action.setIcon(icons.icon(name))

    def show_controls(self, toolbar: bool, side: bool) -> None:
        """Show or hide the toolbar, and what stands beside the image."""
        self.toolbar.setVisible(toolbar)
        beside = self._splitter.widget(1)
        assert beside is not None
        beside.setVisible(side)

    def close_image(self) -> None:
        """Stop playing, and give up what is under way."""
        self.sliders.stop()
        self.model.close()

    def _keep_shares(self) -> None:
        self._shared_out = True

    def _show_opened(self) -> None:
        info = self.model.info
        assert info is not None
        self.scale_bar.pixel = info.physical_x
        self._show_settings()
        self._show_zoom()

    def _show_settings(self) -> None:
        self._actions["grey"].setChecked(self.model.settings.model is Model.GREYSCALE)

    def _show_problem(self) -> None:
        self._retry.setVisible(self.model.problem is not None)

    def _show_zoom(self) -> None:
        self._zoom.setText(f"{self.canvas.viewport.zoom * 100:.3g} %")

    def _show_value(self, x: float, y: float) -> None:
        if (x, y) != self._pointed_at:
            self._pointed_at = x, y
            self._rest.start()
        values, step = self.model.value_at(x, y), 1.0
        if not values:
            found = samples(self.model, [(x, y)])
            values, step = {n: float(v[0]) for n, v in found.values.items() if not isnan(v[0])}, found.step
        self._value.setText(self._words(x, y, values, step) if values else "")

    def _show_value_again(self) -> None:
        self._show_value(*self._pointed_at)

    def _look_closely(self) -> None:
        """Have the very pixel under the mouse read, where the screen shows a coarser one."""
        look_at(self.model, "pointer", [self._pointed_at])

    def _words(self, x: float, y: float, values: Mapping[int, float], step: float) -> str:
        """The values at a place; said with them, if they are those of more than one of the image's pixels."""
        info = self.model.info
        assert info is not None
        words = "   ".join(f"{info.channel_name(n)}: {value:g}" for n, value in values.items())
        coarse = f"   (of {step:g} x {step:g} pixels)" if step > 1 else ""
        return f"x {int(x)}, y {int(y)}   {words}{coarse}"

    def _step(self, z: int = 0, t: int = 0) -> None:
        if self.model.info is not None:
            self.model.set_plane(self.model.z + z, self.model.t + t)

    def _toggle_grey(self) -> None:
        grey = self.model.settings.model is not Model.GREYSCALE
        self.model.set_settings(replace(self.model.settings, model=Model.GREYSCALE if grey else Model.RGB))

    def _hurry(self, held: bool) -> None:
        """While an end of a window is held the picture may be coarser; it is sharp again once it is let go."""
        self.model.hold(held)
        self.canvas.coarser = _COARSER if held and self.canvas.is_slow else 0
        self.canvas.redraw()
