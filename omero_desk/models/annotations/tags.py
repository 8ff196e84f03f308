"""Tags for people: those on what is selected with how they stand, and those that somebody may mean who types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from omero_desk.entities.annotations import TAG_SET, Annotation, TagChoice
from omero_desk.entities.edits import AddTag, Edit, PutAnnotation, TakeOff
from omero_desk.entities.objects import Ref
from omero_desk.entities.words import folded
from omero_desk.models.annotations.pending import EditState, PendingEdit

MOST_CHOICES: Final = 50


@dataclass(frozen=True, slots=True)
class ShownTag:
    """A tag on `on` of the selected objects. `state` is that of the edit which changes it, None where none does.

    `annotation` is None for a tag that is only on its way. `can_remove`: the user may take it off at least one object.
    """

    text: str
    annotation: Annotation | None = None
    on: int = 0
    state: EditState | None = None
    reason: str = ""
    pending_id: int = 0
    can_remove: bool = False

    @property
    def is_set(self) -> bool:
        """True if it is a set of tags."""
        return self.annotation is not None and self.annotation.namespace == TAG_SET


def shown_tags(annotations: Sequence[Annotation], edits: Iterable[PendingEdit], refs: Sequence[Ref]) -> list[ShownTag]:
    """Return the tags of objects by their names, after what edits will make of them."""
    tags = {one.id: _shown(one) for one in annotations}
    coming: list[ShownTag] = []
    for pending in edits:
        edit = pending.edit
        on = len(set(edit.refs) & set(refs))
        there = _meant(edit, tags)
        if isinstance(edit, TakeOff) and edit.annotation_id in tags:
            if pending.state is EditState.DONE and on >= tags[edit.annotation_id].on:
                del tags[edit.annotation_id]
            else:
                tags[edit.annotation_id] = _with(tags[edit.annotation_id], pending)
        elif isinstance(edit, AddTag | PutAnnotation) and there is not None and there.annotation is not None:
            tags[there.annotation.id] = _with(replace(there, on=max(on, there.on)), pending)
        elif isinstance(edit, AddTag | PutAnnotation):
            coming.append(_with(ShownTag(edit.text, on=on), pending))
    ordered = sorted(tags.values(), key=lambda one: (-one.on, folded(one.text)))
    return [*ordered, *coming]


def matches(choices: Sequence[TagChoice], typed: str, taken: Iterable[int] = ()) -> list[TagChoice]:
    """Return the tags that may be meant, at most `MOST_CHOICES`: those that begin so first, then the most used."""
    wanted, without = folded(typed.strip()), set(taken)
    if not wanted:
        return []
    found = [
        (not text.startswith(wanted), -choice.uses, text, choice)
        for choice in choices
        if choice.id not in without and wanted in (text := folded(choice.text))
    ]
    return [choice for *_, choice in sorted(found, key=lambda one: one[:3])[:MOST_CHOICES]]


def same_but_for_case(choices: Iterable[TagChoice], typed: str) -> TagChoice | None:
    """Return a tag that only differs from what was typed in upper and lower case, or not at all."""
    wanted = folded(typed.strip())
    return next((choice for choice in choices if folded(choice.text) == wanted), None)


def _shown(one: Annotation) -> ShownTag:
    can_remove = any(link.can_delete for link in one.links)
    return ShownTag(str(one.value or ""), one, len({link.ref for link in one.links}), can_remove=can_remove)


def _meant(edit: Edit, tags: Mapping[int, ShownTag]) -> ShownTag | None:
    """Return the tag that an edit adds, if it is there: by its number, or where that is not known by its name."""
    if isinstance(edit, PutAnnotation):
        return tags.get(edit.annotation_id)
    return next((one for one in tags.values() if one.text == edit.text), None)


def _with(tag: ShownTag, pending: PendingEdit) -> ShownTag:
    return replace(tag, state=pending.state, reason=pending.reason, pending_id=pending.id)
