"""New names for the channels of one or many images: what they will be, and the edits that make it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.annotations import ChannelNames
from omero_desk.entities.edits import AT_ONCE, Edit, NameChannels
from omero_desk.entities.objects import Kind
from omero_desk.models import labels
from omero_desk.models.annotations.summary import Summary

Names = tuple[str, ...]
CONTAINERS: Final = frozenset({Kind.IMAGE, Kind.DATASET, Kind.PROJECT, Kind.WELL, Kind.RUN, Kind.PLATE, Kind.SCREEN})
"""The kinds of objects whose images' channels can be named."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """Names that `images` images have now, and will have then."""

    now: Names
    then: Names
    images: int


def nameable(summary: Summary | None) -> bool:
    """Return whether what is selected is of one kind that has channels, and all of it may be edited."""
    return summary is not None and len(summary.kinds) == 1 and {*summary.kinds} <= CONTAINERS and summary.can_edit


def common(images: Sequence[ChannelNames]) -> list[str | None]:
    """Return the name of each channel that all images which have it agree on, None where they do not."""
    most = max((len(one.names) for one in images), default=0)
    found: list[str | None] = []
    for place in range(most):
        names = {one.names[place] for one in images if place < len(one.names)}
        found.append(names.pop() if len(names) == 1 else None)
    return found


def renamings(images: Sequence[ChannelNames], names: Names) -> list[Renaming]:
    """Return what becomes of the images, those with equal names together, the most frequent first."""
    numbers: dict[Names, int] = {}
    for one in images:
        numbers[one.names] = numbers.get(one.names, 0) + 1
    found = [Renaming(now, _wanted(now, names), number) for now, number in numbers.items()]
    return sorted(found, key=lambda one: -one.images)


def edits(images: Sequence[ChannelNames], names: Names) -> list[tuple[Edit, str]]:
    """Return the edits of the images that change, each with what it is about; an empty name stays as it is.

    Each is about at most `AT_ONCE` images of one group.
    """
    groups: dict[int, list[ChannelNames]] = {}
    for one in images:
        if _wanted(one.names, names) != one.names:
            groups.setdefault(one.group_id, []).append(one)
    found: list[tuple[Edit, str]] = []
    for changed in groups.values():
        for first in range(0, len(changed), AT_ONCE):
            some = changed[first : first + AT_ONCE]
            was = some[0].names if len(some) == 1 else ()
            edit = NameChannels(tuple(one.ref for one in some), names, was)
            found.append((edit, labels.counted(Kind.IMAGE, len(some))))
    return found


def _wanted(now: Names, names: Names) -> Names:
    new = (*names, *("" for _ in now))
    return tuple(wanted or old for wanted, old in zip(new, now, strict=False))
