"""Undo and redo of rendering settings."""

from __future__ import annotations

from collections import deque
from typing import Final

from omero_desk.entities.images import RenderingSettings

MOST: Final = 200
"""Steps that can be undone."""


class SettingsHistory:
    """The settings that were in use before; they are frozen, so that each costs no more than a reference."""

    def __init__(self) -> None:
        self._before: deque[RenderingSettings] = deque(maxlen=MOST)
        self._after: list[RenderingSettings] = []
        self._held = self._noted = False

    @property
    def can_undo(self) -> bool:
        """True if there is a step to undo."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """True if there is a step to redo."""
        return bool(self._after)

    def hold(self, held: bool) -> None:
        """Make all changes from now on one step, until `hold(False)`."""
        self._held, self._noted = held, False

    def note(self, settings: RenderingSettings) -> None:
        """Take down the settings that were in use before a change."""
        if not (self._held and self._noted):
            self._before.append(settings)
        self._noted = self._held
        self._after.clear()

    def undo(self, now: RenderingSettings) -> RenderingSettings:
        """Return the settings before the last change. Raises IndexError if there is none."""
        before = self._before.pop()
        self._after.append(now)
        return before

    def redo(self, now: RenderingSettings) -> RenderingSettings:
        """Return the settings after the change that was undone last. Raises IndexError if there is none."""
        after = self._after.pop()
        self._before.append(now)
        return after
