"""The rendering settings of an image: those that users have saved, those in use, and their history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Unpack

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.images import ChannelChange, ChannelSettings, ImageInfo, Model, RenderingSettings
from omero_desk.imaging.defaults import default_settings, full_range
from omero_desk.models.translation import translate
from omero_desk.models.viewer.settings_history import SettingsHistory

_Rendering = tuple[tuple[ChannelSettings, ...], Model]


@dataclass(frozen=True)
class SettingsChoice:
    """Rendering settings that the user may choose, with their name for the user."""

    name: str
    settings: RenderingSettings


class RenderingModel(QObject):
    """The rendering settings of one image, once `info` and `saved` are known.

    `settings_changed` is emitted when other settings are in use, or other ones are saved.
    """

    settings_changed = Signal()

    def __init__(self, user_id: int | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.info: ImageInfo | None = None
        self.saved: tuple[RenderingSettings, ...] = ()
        self._user_id = user_id
        self._settings = RenderingSettings(())
        self._history = SettingsHistory()
        self._last_saved: _Rendering | None = None

    @property
    def settings(self) -> RenderingSettings:
        """The settings in use."""
        return self._settings

    @property
    def initial_settings(self) -> RenderingSettings:
        """The settings that the user saved last, else the owner's, else the defaults, as OMERO chooses them."""
        info = self._known()
        for owner in (self._user_id, info.owner_id):
            for settings in self.saved:
                if settings.owner_id == owner:
                    return settings
        return default_settings(info)

    @property
    def choices(self) -> tuple[SettingsChoice, ...]:
        """The newest settings of each user, the user's own first; those at import, and the full range."""
        info = self._known()
        newest: dict[int | None, RenderingSettings] = {}
        for settings in self.saved:
            newest.setdefault(settings.owner_id, settings)
        first = (self._user_id, info.owner_id)
        owners = [owner for owner in dict.fromkeys([*first, *newest]) if owner in newest]
        people = tuple(SettingsChoice(self._whose(newest[owner]), newest[owner]) for owner in owners)
        defaults = default_settings(info)
        return (
            *people,
            SettingsChoice(translate("Rendering", "Imported"), defaults),
            SettingsChoice(translate("Rendering", "Full range"), full_range(info, self._settings)),
        )

    def _whose(self, settings: RenderingSettings) -> str:
        if settings.owner_id == self._user_id:
            return translate("Rendering", "Your own")
        name = settings.owner_name or translate("Rendering", "User {id}").format(id=settings.owner_id)
        if settings.owner_id == self._known().owner_id:
            return translate("Rendering", "{name} (owner)").format(name=name)
        return name

    @property
    def is_own(self) -> bool:
        """True if the rendering in use is one that the user has saved, with what was changed of it since."""
        return self._user_id is not None and self._settings.owner_id == self._user_id

    @property
    def is_changed(self) -> bool:
        """True if the user has changed the rendering since it was opened or saved."""
        if self.info is None or not self.can_undo:
            return False
        return _rendering(self._settings) not in {_rendering(self.initial_settings), self._last_saved}

    def set_saved(self, settings: RenderingSettings, sent: RenderingSettings | None = None) -> None:
        """Take settings that the user has just saved as the newest ones; `sent` are those that the server was sent."""
        self._last_saved = _rendering(sent or settings)
        self.saved = (settings, *(one for one in self.saved if one.id != settings.id))
        self.settings_changed.emit()

    # Changing them

    def set_settings(self, settings: RenderingSettings) -> None:
        """Use other settings, which can be undone; the plane in view stays."""
        if settings != self._settings:
            self._history.note(self._settings)
            self._render(settings)

    def set_channel(self, number: int, **changes: Unpack[ChannelChange]) -> None:
        """Change fields of one channel's ChannelSettings, by their names."""
        self.set_settings(self._settings.with_channel(number, **changes))

    def reset(self) -> None:
        """Use the settings that the image was opened with."""
        self.set_settings(self.initial_settings)

    def adopt(self, settings: RenderingSettings) -> None:
        """Take over the channels and the colour model of another image's settings, as far as this one has channels."""
        mine, others = self._settings.channels, settings.channels
        channels = others[: len(mine)] + mine[len(others) :]
        self.set_settings(replace(self._settings, channels=channels, model=settings.model))

    def show_channels(self, is_active: Callable[[int], bool]) -> None:
        """Switch every channel on or off, in one step."""
        channels = (replace(one, active=is_active(number)) for number, one in enumerate(self._settings.channels))
        self.set_settings(replace(self._settings, channels=tuple(channels)))

    # Undoing that

    def hold(self, held: bool) -> None:
        """Make all changes between `hold(True)` and `hold(False)` one step to undo, such as those of a drag."""
        self._history.hold(held)

    @property
    def can_undo(self) -> bool:
        """True if there is a change of settings to undo."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """True if there is an undone change of settings to redo."""
        return self._history.can_redo

    def undo(self) -> None:
        """Undo the last change, if there was one."""
        if self._history.can_undo:
            self._render(self._history.undo(self._settings))

    def redo(self) -> None:
        """Redo the change that was undone last, if there is one."""
        if self._history.can_redo:
            self._render(self._history.redo(self._settings))

    def _render(self, settings: RenderingSettings) -> None:
        self._settings = settings
        self.settings_changed.emit()

    def _channel(self, number: int) -> ChannelSettings:
        return self._settings.channels[number]

    def _known(self) -> ImageInfo:
        if self.info is None:
            raise RuntimeError("the image is not open yet")
        return self.info


def _rendering(settings: RenderingSettings) -> _Rendering:
    """Return what of the settings is seen, whichever plane is in view."""
    return settings.channels, settings.model
