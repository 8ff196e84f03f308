"""How an image is rendered: what people have saved, what is used now, and what was used before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.image_entities import ChannelSettings, ImageInfo, RenderingSettings
from omero_desk.imaging.defaults import default_settings, full_range
from omero_desk.models.settings_history import SettingsHistory


@dataclass(frozen=True)
class Choice:
    """Settings that an image may be rendered with, by a name for the user."""

    name: str
    settings: RenderingSettings


class RenderingModel(QObject):
    """The settings of one image, once `info` and `saved` are known. `settings_changed`: it is rendered in another way,
    or other settings are saved.
    """

    settings_changed = Signal()

    def __init__(self, user_id: int | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.info: ImageInfo | None = None
        self.saved: tuple[RenderingSettings, ...] = ()
        self._user_id = user_id
        self._settings = RenderingSettings(())
        self._history = SettingsHistory()

    @property
    def settings(self) -> RenderingSettings:
        """How it is rendered now."""
        return self._settings

    @property
    def initial_settings(self) -> RenderingSettings:
        """Those that the user saved last, else the owner's, else the defaults, as OMERO chooses them."""
        info = self._known()
        for owner in (self._user_id, info.owner_id):
            for settings in self.saved:
                if settings.owner_id == owner:
                    return settings
        return default_settings(info)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The newest settings of each user, the user's own first; those of the import, and the full range."""
        info = self._known()
        newest: dict[int | None, RenderingSettings] = {}
        for settings in self.saved:
            newest.setdefault(settings.owner_id, settings)
        first = (self._user_id, info.owner_id)
        owners = [owner for owner in dict.fromkeys([*first, *newest]) if owner in newest]
        people = tuple(Choice(self._whose(newest[owner]), newest[owner]) for owner in owners)
        defaults = default_settings(info)
        return (*people, Choice("Imported", defaults), Choice("Full range", full_range(info, self._settings)))

    def _whose(self, settings: RenderingSettings) -> str:
        if settings.owner_id == self._user_id:
            return "Your own"
        name = settings.owner_name or f"user {settings.owner_id}"
        return f"{name} (owner)" if settings.owner_id == self._known().owner_id else name

    def set_saved(self, settings: RenderingSettings) -> None:
        """The user has saved these, which are the newest now."""
        self.saved = (settings, *(one for one in self.saved if one.id != settings.id))
        self.settings_changed.emit()

    # Changing them

    def set_settings(self, settings: RenderingSettings) -> None:
        """Render it in another way, which can be undone; the plane in view stays."""
        if settings != self._settings:
            self._history.note(self._settings)
            self._render(settings)

    def set_channel(self, number: int, **changes: Any) -> None:
        """Change fields of one channel's ChannelSettings."""
        self.set_settings(self._settings.with_channel(number, **changes))

    def reset(self) -> None:
        """As it was when it was opened."""
        self.set_settings(self.initial_settings)

    def adopt(self, settings: RenderingSettings) -> None:
        """Take the look of another image over, as far as there are channels, keeping what belongs to this one."""
        mine, others = self._settings.channels, settings.channels
        channels = others[: len(mine)] + mine[len(others) :]
        self.set_settings(replace(self._settings, channels=channels, model=settings.model))

    def show_channels(self, is_active: Callable[[int], bool]) -> None:
        """Switch channels on and off, all at once."""
        channels = (replace(one, active=is_active(number)) for number, one in enumerate(self._settings.channels))
        self.set_settings(replace(self._settings, channels=tuple(channels)))

    # Undoing that

    def hold(self, held: bool) -> None:
        """While something is held and moved about, all changes are one to undo."""
        self._history.hold(held)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of settings to undo."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone change of settings."""
        return self._history.can_redo

    def undo(self) -> None:
        """Render it as before the last change, if there was one."""
        if self._history.can_undo:
            self._render(self._history.undo(self._settings))

    def redo(self) -> None:
        """Undo the undoing."""
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
