"""Sliders through the planes of an image: z and t, with play."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QSlider, QSpinBox, QToolButton, QWidget

from omero_desk.models.image import ImageModel
from omero_desk.models.playing import Playing, following
from omero_desk.views import icons

RATES: Final = (1, 60)
_RATE: Final = 8
"""Planes a second."""


class PlaneSliders(QWidget):
    """Follows an `ImageModel`; a slider shows for each axis that there is more than one plane along."""

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.z = AxisSlider("Z", "Section", lambda: model.is_complete)
        self.t = AxisSlider("T", "Time point", lambda: model.is_complete)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 8, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, axis in enumerate((self.z, self.t)):
            axis.place_in(grid, row)
        self.z.moved.connect(lambda z: model.set_plane(z=z))
        self.t.moved.connect(lambda t: model.set_plane(t=t))
        model.opened.connect(self._show_sizes)
        model.plane_changed.connect(self._show_plane)
        self._show_sizes()

    def toggle_play(self) -> None:
        """Play through time, or through z where there is but one time point; or stop."""
        axis = self.t if self.t.count > 1 else self.z
        axis.play_button.toggle()

    def go_to(self) -> None:
        """Let the user write which time point to go to, or which section if that is asked for once more."""
        axes = [axis for axis in (self.t, self.z) if axis.count > 1]
        if axes:
            (axes[-1] if axes[0].has_focus else axes[0]).focus_number()

    def stop(self) -> None:
        """Stop playing."""
        for axis in (self.z, self.t):
            axis.play_button.setChecked(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for axis in (self.z, self.t):
                axis.draw_icon()

    def _show_sizes(self) -> None:
        info = self._model.info
        self.z.set_count(info.size_z if info is not None else 1)
        self.t.set_count(info.size_t if info is not None else 1)
        self.setVisible(self.z.count > 1 or self.t.count > 1)
        self._show_plane()

    def _show_plane(self) -> None:
        self.z.show_value(self._model.z)
        self.t.show_value(self._model.t)


class AxisSlider(QWidget):
    """The slider, number and play button of one axis; `moved` tells the plane that the user wants, from 0.

    Playing goes on to the next plane once `is_there` says that the one in view has come.
    """

    moved = Signal(int)

    def __init__(self, letter: str, name: str, is_there: Callable[[], bool]) -> None:
        super().__init__()
        self._is_there = is_there
        self.count = 1
        self._label = QLabel(letter)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(name)
        self._slider.setToolTip(f"{name} ({'Page up, Page down' if letter == 'Z' else 'comma, full stop'})")
        self._number = QSpinBox()
        self._number.setAccessibleName(f"{name} number")
        self._number.setToolTip(f"Go to a {name.lower()} (Ctrl+G)")
        self._number.setKeyboardTracking(False)
        self._label.setBuddy(self._number)
        self._time = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.play_button = QToolButton(autoRaise=True)
        self.play_button.setCheckable(True)
        self.play_button.setToolTip(f"Play through the {name.lower()}s (Space); each is waited for")
        self.play_button.setAccessibleName(f"Play through the {name.lower()}s")
        self.rate = QSpinBox()
        self.rate.setRange(*RATES)
        self.rate.setValue(_RATE)
        self.rate.setSuffix(" /s")
        self.rate.setAccessibleName(f"Speed of playing through the {name.lower()}s")
        self.rate.setToolTip("Planes a second")
        self._timer = QTimer(self)
        self._playing, self._direction = Playing.LOOP, 1
        self._make_menu(name)
        self._connect()
        self.draw_icon()

    def _connect(self) -> None:
        self._slider.valueChanged.connect(self.moved)
        self._number.valueChanged.connect(lambda number: self.moved.emit(number - 1))
        self.play_button.toggled.connect(self._play)
        self.rate.valueChanged.connect(lambda _rate: self._set_interval())
        self._timer.timeout.connect(self._step)

    def _make_menu(self, name: str) -> None:
        """What comes after the last plane, to choose from beside the play button."""
        menu = QMenu(f"Playing through the {name.lower()}s", self.play_button)
        group = QActionGroup(menu)
        for playing in Playing:
            action = group.addAction(playing.value)
            action.setCheckable(True)
            action.setChecked(playing is self._playing)
            action.triggered.connect(lambda _on=False, playing=playing: self._choose(playing))
            menu.addAction(action)
        self.play_button.setMenu(menu)
        self.play_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def show_time(self, words: str) -> None:
        """Show when the plane in view was acquired."""
        self._time.setText(words)
        self._time.setToolTip("Since the beginning of the acquisition" if words else "")

    def focus_number(self) -> None:
        """Let the user write which plane to go to."""
        self._number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._number.selectAll()

    @property
    def has_focus(self) -> bool:
        """Whether the user is about to write a number."""
        return self._number.hasFocus()

    def place_in(self, grid: QGridLayout, row: int) -> None:
        """Lay the parts out in a row of their own."""
        self._parts = (self._label, self._slider, self._number, self._time, self.play_button, self.rate)
        for column, part in enumerate(self._parts):
            grid.addWidget(part, row, column)
        grid.setColumnStretch(1, 1)

    def allow(self, on: bool) -> None:
        """Whether moving along this axis means anything now."""
        for part in self._parts:
            part.setEnabled(on)

    def set_count(self, count: int) -> None:
        """So many planes there are."""
        self.count = count
        for part in self._parts:
            part.setVisible(count > 1)
        blockers = QSignalBlocker(self._slider), QSignalBlocker(self._number)
        self._slider.setRange(0, count - 1)
        self._slider.setPageStep(max(count // 10, 1))
        self._number.setRange(1, count)
        del blockers
        self._number.setSuffix(f" / {count}")

    def show_value(self, value: int) -> None:
        """Show that a plane is in view."""
        blockers = QSignalBlocker(self._slider), QSignalBlocker(self._number)
        self._slider.setValue(value)
        self._number.setValue(value + 1)
        del blockers

    def draw_icon(self) -> None:
        """Draw the button in the palette's colours."""
        self.play_button.setIcon(icons.icon("stop" if self.play_button.isChecked() else "play"))

    def _play(self, on: bool) -> None:
        self.draw_icon()
        if on:
            if self._playing is Playing.ONCE and self._slider.value() == self.count - 1:
                self.moved.emit(0)
            self._set_interval()
            self._timer.start()
        else:
            self._timer.stop()

    def _set_interval(self) -> None:
        self._timer.setInterval(1000 // self.rate.value())

    def _choose(self, playing: Playing) -> None:
        self._playing, self._direction = playing, 1

    def _step(self) -> None:
        if not self._is_there():
            return
        found = following(self._playing, self._slider.value(), self._direction, self.count)
        if found is None:
            self.play_button.setChecked(False)
        else:
            plane, self._direction = found
            self.moved.emit(plane)
