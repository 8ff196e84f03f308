"""The head of the channels: whose rendering it is, undo, save, and the way in which channels become a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities.images import Model
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.channels.cut_words import CutWords
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import small_button

COLOUR: Final = 0
GREY: Final = 1
ONE: Final = 2


class RenderingHead(QWidget):
    """Follows the rendering settings of an `ImageModel`.

    While `one` is True a single channel is shown at a time; `choose` shows another one.
    """

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.one = False
        self._before: tuple[bool, ...] = ()
        self._title = CutWords()
        self._state = CutWords(role="small", least=0)
        self._row = QHBoxLayout()
        self.save_button = QPushButton(translate("Rendering", "Save"))
        self.save_button.setDefault(True)
        self.save_button.hide()
        self._modes = QButtonGroup(self)
        self.auto = QToolButton(autoRaise=True)
        self._lay_out()
        model.settings_changed.connect(self._show)
        model.opened.connect(self._show)
        self._show()

    def take_commands(self, undo: QAction, redo: QAction, save: QAction, menu: QMenu) -> None:
        """Offer what can be done with the settings as a whole."""
        more = small_button("more", translate("Rendering", "Copy, paste and use rendering settings"))
        more.setAccessibleName(translate("Rendering", "Rendering settings"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setProperty("bare", "true")
        more.setMenu(menu)
        for place, action in ((3, undo), (4, redo)):
            button = small_button(action.objectName().removeprefix("viewer."), "")
            button.setAccessibleName(action.text().replace("&", ""))
            _follow(button, action)
            self._row.insertWidget(place, button)
        self._row.insertWidget(5, more)
        self.save_button.setAccessibleName(save.text().replace("&", ""))
        _follow(self.save_button, save)
        self.save_button.show()

    def choose(self, number: int, on: bool) -> None:
        """Show or hide a channel; while one is shown at a time, show that one alone."""
        if self.one:
            self._model.show_channels(lambda one: one == number)
        else:
            self._model.set_channel(number, active=on)

    def _lay_out(self) -> None:
        self._row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        self._row.setSpacing(Space.TINY)
        self._row.addWidget(self._title)
        self._row.addWidget(self._state)
        self._row.addStretch(1)
        self._row.addWidget(self.save_button)
        words = {
            COLOUR: (translate("Rendering", "Colour"), translate("Rendering", "Show all active channels in colour")),
            GREY: (translate("Rendering", "Grey"), translate("Rendering", "Show the first active channel in grey")),
            ONE: (translate("Rendering", "One"), translate("Rendering", "Show one channel at a time")),
        }
        segments = QFrame()
        segments.setProperty("ground", "segments")
        inner = QHBoxLayout(segments)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        for mode, (text, tip) in words.items():
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            self._modes.addButton(button, mode)
            inner.addWidget(button)
        self._modes.idClicked.connect(self._switch)
        self.auto.setText(translate("Rendering", "Auto all"))
        self.auto.setIcon(icons.icon("auto"))
        self.auto.setToolTip(translate("Rendering", "Set the contrast of all active channels by the pixels in view"))
        self.auto.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.auto.clicked.connect(lambda _checked=False: self._model.stretch())
        second = QHBoxLayout()
        second.setContentsMargins(Space.MEDIUM, 0, Space.SMALL, Space.SMALL)
        second.addWidget(segments)
        second.addStretch(1)
        second.addWidget(self.auto)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addLayout(second)

    def _switch(self, mode: int) -> None:
        model = self._model
        if model.info is None:
            return
        settings = model.settings
        active = tuple(channel.active for channel in settings.channels)
        wanted = active
        if mode == ONE and not self.one:
            self._before = active
            first = active.index(True) if True in active else 0
            wanted = tuple(number == first for number in range(len(active)))
        elif self.one and mode != ONE and len(self._before) == len(active):
            wanted = self._before
        self.one = mode == ONE
        channels = tuple(replace(one, active=on) for one, on in zip(settings.channels, wanted, strict=True))
        rendering = Model.GREYSCALE if mode == GREY else Model.RGB
        model.set_settings(replace(settings, channels=channels, model=rendering))
        self._show()

    def _show(self) -> None:
        model = self._model
        if model.info is None:
            self.setEnabled(False)
            return
        self.setEnabled(True)
        settings = model.settings
        grey = settings.model is Model.GREYSCALE
        if grey or sum(channel.active for channel in settings.channels) > 1:
            self.one = False  # by undo, or by other settings
        self._title.say(_whose(model))
        changed = translate("Rendering", "changed") if model.is_changed else ""
        self._state.say(f"\N{BULLET} {changed}" if changed else "")
        mode = GREY if grey else ONE if self.one else COLOUR
        with QSignalBlocker(self._modes):
            self._modes.button(mode).setChecked(True)


def _whose(model: ImageModel) -> str:
    """Return whose rendering is seen, in words."""
    if model.is_own:
        return translate("Rendering", "My rendering")
    if name := model.settings.owner_name:
        return translate("Rendering", "Rendering of {name}").format(name=shortened(name))
    return translate("Rendering", "Imported rendering")


def _follow(button: QToolButton | QPushButton, action: QAction) -> None:
    """Have a button do an action, and be enabled and explained as it is."""

    def show() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())

    button.clicked.connect(action.trigger)
    action.changed.connect(show)
    show()
