"""The order of planes while they are played."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from omero_desk.entities.sentences import mark


class Playing(Enum):
    """The order after the last plane; the value is its name for the user."""

    LOOP = mark("Viewer", "Loop")
    TO_AND_FRO = mark("Viewer", "Back and forth")
    ONCE = mark("Viewer", "Play once")


def following(playing: Playing, plane: int, step: int, count: int) -> tuple[int, int] | None:
    """Return the next of `count` planes and the step to the one after it, 1 or -1; None where playing stops."""
    if count < 2:
        return None
    if playing is not Playing.TO_AND_FRO:
        over = plane + 1 >= count
        return None if over and playing is Playing.ONCE else ((plane + 1) % count, 1)
    step = -step if not 0 <= plane + step < count else step
    return plane + step, step


@dataclass(frozen=True, slots=True)
class Course:
    """What is being played: `count` sections if `along_z`, else time points; `step` is the direction, 1 or -1."""

    playing: Playing
    along_z: bool
    count: int
    step: int = 1

    def upcoming(self, z: int, t: int) -> Iterable[tuple[int, int]]:
        """Return the places (z, t) that are played after one, each once, the next first."""
        at = z if self.along_z else t
        after, before = range(at + 1, self.count), range(at)
        if self.playing is Playing.LOOP:
            planes: Iterable[int] = chain(after, before)
        elif self.playing is Playing.ONCE:
            planes = after
        else:
            planes = chain(after, reversed(before)) if self.step > 0 else chain(reversed(before), after)
        return ((plane, t) if self.along_z else (z, plane) for plane in planes)
