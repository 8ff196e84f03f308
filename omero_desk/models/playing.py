"""Which plane follows which while they are played."""

from __future__ import annotations

from enum import Enum


class Playing(Enum):
    """What comes after the last plane; the value is what the user reads."""

    LOOP = "Again from the first"
    TO_AND_FRO = "Back and forth"
    ONCE = "Stop at the last"


def following(playing: Playing, plane: int, step: int, count: int) -> tuple[int, int] | None:
    """The next of `count` planes and the step to the one after it, 1 or -1; None where it stops."""
    if count < 2:
        return None
    if playing is not Playing.TO_AND_FRO:
        over = plane + 1 >= count
        return None if over and playing is Playing.ONCE else ((plane + 1) % count, 1)
    step = -step if not 0 <= plane + step < count else step
    return plane + step, step
