"""The way back: what was selected and opened in a window, in its order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.objects import Ref

_MOST: Final = 100
"""So many places are remembered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of the tree that were selected, each as its path from the top down; or an image that was in front.

    `beside` are images that stood side by side, with their names.
    """

    paths: tuple[tuple[Ref, ...], ...] = ()
    image: Ref | None = None
    name: str = ""
    beside: tuple[tuple[Ref, str], ...] = ()


class NavigationModel(QObject):
    """Remembers places as a browser does: a new one forgets those that lie ahead.

    `go` shows a place, and returns False if it cannot any more, as what was there is gone; that place is then
    forgotten, and the one behind it is gone to. `changed`: there are other places.
    """

    changed = Signal()

    def __init__(self, go: Callable[[Place], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._go = go
        self._places: list[Place] = []
        self._here = -1
        self._going = False

    @property
    def place(self) -> Place | None:
        """The place where the user is, None before there is any."""
        return self._places[self._here] if self._places else None

    @property
    def can_go_back(self) -> bool:
        """True if there is a place before this one."""
        return self._here > 0

    @property
    def can_go_forward(self) -> bool:
        """True if the user went back from a place."""
        return self._here < len(self._places) - 1

    def visit(self, place: Place) -> None:
        """Take note of a place; not while one is gone to, which may lead past others."""
        if self._going or place == self.place:
            return
        del self._places[self._here + 1 :]
        self._places.append(place)
        del self._places[:-_MOST]
        self._here = len(self._places) - 1
        self.changed.emit()

    def back(self) -> None:
        """Go to the last place before this one that is still there."""
        self._step(-1)

    def forward(self) -> None:
        """Go to the next place after this one that is still there."""
        self._step(1)

    def clear(self) -> None:
        """Forget all places, as another user signs in."""
        self._places, self._here = [], -1
        self.changed.emit()

    def _step(self, step: int) -> None:
        self._going = True
        try:
            wanted = self._here + step
            while 0 <= wanted < len(self._places):
                if self._go(self._places[wanted]):
                    self._here = wanted
                    break
                del self._places[wanted]
                if step < 0:
                    self._here -= 1
                    wanted -= 1
        finally:
            self._going = False
        self.changed.emit()
