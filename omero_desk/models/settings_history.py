"""What can be undone of how an image is rendered."""

from __future__ import annotations

from collections import deque
from typing import Final

from omero_desk.gateway.image_entities import RenderingSettings

MOST: Final = 200


class SettingsHistory:
    """Settings that were in use before, the last `MOST`; frozen as they are, each costs a reference."""

    def __init__(self) -> None:
        self._before: deque[RenderingSettings] = deque(maxlen=MOST)
        self._after: list[RenderingSettings] = []
        self._held = self._noted = False

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to go back to."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is anything to go forward to again."""
        return bool(self._after)

    def hold(self, held: bool) -> None:
        """From now on all changes are one, until they are let go."""
        self._held, self._noted = held, False

    def note(self, settings: RenderingSettings) -> None:
        """These were in use before a change."""
        if not (self._held and self._noted):
            self._before.append(settings)
        self._noted = self._held
        self._after.clear()

    def undo(self, now: RenderingSettings) -> RenderingSettings:
        """What was in use before. Raises IndexError if there is nothing."""
        before = self._before.pop()
        self._after.append(now)
        return before

    def redo(self, now: RenderingSettings) -> RenderingSettings:
        """What was in use before it was undone. Raises IndexError if there is nothing."""
        after = self._after.pop()
        self._before.append(now)
        return after
