"""Sliders through the planes of an image: z and t, with play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QSpinBox, QToolButton, QWidget, QWidgetAction

from omero_desk.entities.sentences import Text, mark
from omero_desk.models.translation import say, translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.playing import Course, Playing, following
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words

RATES: Final = (1, 60)
"""Bounds of the playing speed, in planes per second."""
_RATE: Final = 8


@dataclass(frozen=True)
class AxisWords:
    """The user's words for one axis."""

    letter: str
    name: Text
    tip: Text
    back: Text
    forward: Text
    number: Text
    go_to: Text
    play: Text
    play_tip: Text
    order: Text
    speed: Text


_Z: Final = AxisWords(
    "Z",
    mark("Viewer", "Section"),
    mark("Viewer", "Section (Page up, Page down)"),
    mark("Viewer", "Section below (Page down)"),
    mark("Viewer", "Section above (Page up)"),
    mark("Viewer", "Section number"),
    mark("Viewer", "Go to a section (Ctrl+G)"),
    mark("Viewer", "Play the sections"),
    mark("Viewer", "Play the sections, each once its pixels have been read (Space)"),
    mark("Viewer", "Order of the sections"),
    mark("Viewer", "Speed of playing the sections"),
)
_T: Final = AxisWords(
    "T",
    mark("Viewer", "Time point"),
    mark("Viewer", "Time point (comma, full stop)"),
    mark("Viewer", "Time point before (comma)"),
    mark("Viewer", "Time point after (full stop)"),
    mark("Viewer", "Time point number"),
    mark("Viewer", "Go to a time point (Ctrl+G)"),
    mark("Viewer", "Play the time points"),
    mark("Viewer", "Play the time points, each once its pixels have been read (Space)"),
    mark("Viewer", "Order of the time points"),
    mark("Viewer", "Speed of playing the time points"),
)


class PlaneSliders(QWidget):
    """Follows an `ImageModel`; shows a slider for each axis with more than one plane."""

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.z = AxisSlider(_Z, lambda: model.is_complete, self)
        self.t = AxisSlider(_T, lambda: model.is_complete, self)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # planes are counted from the left everywhere
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.TINY, Space.MEDIUM, Space.TINY)
        row.setSpacing(Space.TINY)
        for axis in (self.z, self.t):
            axis.place_in(row)
        self.z.moved.connect(lambda z: model.set_plane(z=z))
        self.t.moved.connect(lambda t: model.set_plane(t=t))
        for axis in (self.z, self.t):
            axis.played.connect(self._follow)
        model.opened.connect(self._show_sizes)
        model.plane_changed.connect(self._show_plane)
        self._show_sizes()

    def toggle_play(self) -> None:
        """Play the time points, or the sections if there is one time point; or stop."""
        axis = self.t if self.t.count > 1 else self.z
        axis.play_button.toggle()

    def go_to(self) -> None:
        """Let the user enter the number of a time point; called once more, that of a section."""
        axes = [axis for axis in (self.t, self.z) if axis.count > 1]
        if axes:
            (axes[-1] if axes[0].has_focus else axes[0]).focus_number()

    def stop(self) -> None:
        """Stop playing."""
        for axis in (self.z, self.t):
            axis.play_button.setChecked(False)

    def _follow(self) -> None:
        """Have read ahead what is played: the time points where both axes are."""
        played = [axis for axis in (self.t, self.z) if axis.play_button.isChecked()]
        self._model.play(played[0].course(along_z=played[0] is self.z) if played else None)

    def _show_sizes(self) -> None:
        info = self._model.info
        self.z.set_count(info.size_z if info is not None else 1)
        self.t.set_count(info.size_t if info is not None else 1)
        self.setVisible(self.z.count > 1 or self.t.count > 1)
        self._show_plane()

    def _show_plane(self) -> None:
        self.z.show_value(self._model.z)
        self.t.show_value(self._model.t)


class AxisSlider(QObject):
    """The slider, number and play button of one axis; `moved` is emitted with the plane that the user wants, from 0.

    `played` is emitted when playing begins or ends, or goes on in another order or direction. It goes on to the next
    plane once `is_there` returns True for the one in view.
    """

    moved = Signal(int)
    played = Signal()

    def __init__(self, words: AxisWords, is_there: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_there = is_there
        self.count = 1
        self._label = Words(words.letter)
        self._label.setProperty("role", "strong")
        self._back = self._step_button("left", say(words.back), -1)
        self._forward = self._step_button("right", say(words.forward), 1)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(say(words.name))
        self._slider.setToolTip(say(words.tip))
        self._number = QSpinBox()
        self._number.setAccessibleName(say(words.number))
        self._number.setToolTip(say(words.go_to))
        self._number.setKeyboardTracking(False)
        self._number.setFrame(False)
        self._number.setProperty("flat", "true")
        self._label.setBuddy(self._number)
        self._time = Words()
        self._time.setProperty("role", "faint")
        self.play_button = QToolButton(autoRaise=True)
        self.play_button.setCheckable(True)
        self.play_button.setProperty("size", "small")
        self.play_button.setToolTip(say(words.play_tip))
        self.play_button.setAccessibleName(say(words.play))
        self.rate = QSpinBox()
        self.rate.setRange(*RATES)
        self.rate.setValue(_RATE)
        self.rate.setPrefix(translate("Viewer", "Speed: "))
        self.rate.setSuffix(translate("Viewer", " /s"))
        self.rate.setAccessibleName(say(words.speed))
        self.rate.setToolTip(translate("Viewer", "Planes per second"))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._playing, self._direction = Playing.LOOP, 1
        self._make_menu(say(words.order))
        self._connect()
        self.draw_icon()

    def _connect(self) -> None:
        self._slider.valueChanged.connect(self.moved)
        self._number.valueChanged.connect(lambda number: self.moved.emit(number - 1))
        self.play_button.toggled.connect(self._play)
        self.rate.valueChanged.connect(lambda _rate: self._set_interval())
        self._timer.timeout.connect(self._step)

    def _make_menu(self, title: str) -> None:
        """Add a menu to the play button, to choose the order after the last plane."""
        menu = QMenu(title, self.play_button)
        group = QActionGroup(menu)
        for playing in Playing:
            action = group.addAction(say(playing.value))
            action.setCheckable(True)
            action.setChecked(playing is self._playing)
            action.triggered.connect(lambda _on=False, playing=playing: self._choose(playing))
            menu.addAction(action)
        menu.addSeparator()
        speed = QWidgetAction(menu)
        speed.setDefaultWidget(self.rate)
        menu.addAction(speed)
        self.play_button.setMenu(menu)
        self.play_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def show_time(self, words: str) -> None:
        """Show the time at which the plane in view was acquired."""
        self._time.setText(words)
        self._time.setVisible(bool(words) and self.count > 1)
        self._time.setToolTip(translate("Viewer", "Time since the acquisition began") if words else "")

    def _step_button(self, icon: str, tip: str, step: int) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setAutoRepeat(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setIcon(icons.icon(icon))
        button.setProperty("size", "small")
        button.clicked.connect(lambda _checked=False: self.moved.emit(self._slider.value() + step))
        return button

    def focus_number(self) -> None:
        """Let the user enter the number of a plane."""
        self._number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._number.selectAll()

    @property
    def has_focus(self) -> bool:
        """True while the user enters a number."""
        return self._number.hasFocus()

    def place_in(self, row: QHBoxLayout) -> None:
        """Lay the parts out, from left to right."""
        controls = self._label, self.play_button, self._back, self._slider, self._forward
        self._parts: tuple[QWidget, ...] = (*controls, self._number, self._time)
        for part in self._parts:
            row.addWidget(part, int(part is self._slider))
        row.addSpacing(Space.TINY)

    def allow(self, on: bool) -> None:
        """Enable or disable moving along this axis."""
        for part in self._parts:
            part.setEnabled(on)

    def set_count(self, count: int) -> None:
        """Set the number of planes."""
        self.count = count
        for part in self._parts:
            part.setVisible(count > 1 and (part is not self._time or bool(self._time.text())))
        blockers = QSignalBlocker(self._slider), QSignalBlocker(self._number)
        self._slider.setRange(0, count - 1)
        self._slider.setPageStep(max(count // 10, 1))
        self._number.setRange(1, count)
        del blockers
        self._number.setSuffix(translate("Viewer", " of {count}").format(count=count))

    def show_value(self, value: int) -> None:
        """Show the plane in view, counted from 0."""
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
        self.played.emit()

    def course(self, along_z: bool) -> Course:
        """Return the order in which planes are played from here."""
        return Course(self._playing, along_z, self.count, self._direction)

    def _set_interval(self) -> None:
        self._timer.setInterval(1000 // self.rate.value())

    def _choose(self, playing: Playing) -> None:
        self._playing, self._direction = playing, 1
        self.played.emit()

    def _step(self) -> None:
        if not self._is_there():
            return
        found = following(self._playing, self._slider.value(), self._direction, self.count)
        if found is None:
            self.play_button.setChecked(False)
        else:
            plane, direction = found
            if direction != self._direction:
                self._direction = direction
                self.played.emit()
            self.moved.emit(plane)
