"""Ratings in words: one's own stars, and the mean of everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QLocale

from omero_desk.entities.annotations import About, Annotation
from omero_desk.entities.edits import SetRating
from omero_desk.entities.objects import Ref
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.translation import plural, translate


def own_stars(about: About, edits: Iterable[PendingEdit], user_id: int | None) -> int:
    """Return the user's own stars of one object, after what edits will make of them."""
    stars = about.stars.get(user_id, 0) if user_id is not None else 0
    for pending in edits:
        if isinstance(pending.edit, SetRating) and pending.state is not EditState.GIVEN_BACK:
            stars = pending.edit.stars
    return stars


def average(stars: Mapping[int, int]) -> str:
    """Return the mean of the stars of all users, "" for none."""
    if not stars:
        return ""
    mean = sum(stars.values()) / len(stars)
    words = plural("Annotations", "{mean} from %n", "{mean} from %n", len(stars))
    return words.format(mean=QLocale().toString(mean, "f", 1))


def own_of_several(annotations: Sequence[Annotation], user_id: int | None) -> dict[Ref, int]:
    """Return the user's own stars by object."""
    own: dict[Ref, int] = {}
    for one in annotations:
        for link in one.links:
            if link.owner_id == user_id and isinstance(one.value, int):
                own[link.ref] = one.value
    return own


def after(own: Mapping[Ref, int], edits: Iterable[PendingEdit], refs: Sequence[Ref]) -> dict[Ref, int]:
    """Return the user's own stars of several objects, after what edits will make of them."""
    stars, shown = dict(own), set(refs)
    for pending in edits:
        if isinstance(pending.edit, SetRating) and pending.state is not EditState.GIVEN_BACK:
            stars.update(dict.fromkeys(shown.intersection(pending.edit.refs), pending.edit.stars))
    return {ref: number for ref, number in stars.items() if number}


def of_several(own: Mapping[Ref, int], objects: int) -> tuple[int, str]:
    """Return the stars that several objects share, 0 if they share none, and what is to be said of them."""
    values = sorted(own.values())
    if not values:
        return 0, ""
    if len(values) == objects and values[0] == values[-1]:
        return values[0], ""
    if values[0] == values[-1]:
        words = translate("Annotations", "{stars} on {on} of {all}")
        return 0, words.format(stars=values[0], on=len(values), all=objects)
    mean = QLocale().toString(sum(values) / len(values), "f", 1)
    words = translate("Annotations", "mixed: {low} to {high}, mean {mean}")
    return 0, words.format(low=values[0], high=values[-1], mean=mean)
