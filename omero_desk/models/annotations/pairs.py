"""Key-value pairs as people edit them: cards by namespace and owner, and blocks of two columns from other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Final

from omero_desk.entities.annotations import OWN_PAIRS, Annotation, Pairs
from omero_desk.entities.edits import PutAnnotation, SetManyPairs, SetPairs, TakeOff
from omero_desk.entities.objects import Entity, Ref
from omero_desk.models.annotations.grouping import grouped
from omero_desk.models.annotations.pending import EditState, PendingEdit

MOST_ROWS: Final = 5000
"""Pairs that are taken from the clipboard at once."""


@dataclass(frozen=True, slots=True)
class Card:
    """The pairs of one annotation, or those that are to become one: `annotation` is None then.

    `pairs` are those after the edit `pending`. `is_own`: the user's own in the namespace that clients edit.
    """

    annotation: Annotation | None
    pairs: Pairs
    namespace: str = OWN_PAIRS
    owner_id: int | None = None
    is_own: bool = True
    can_edit: bool = True
    pending: PendingEdit | None = None

    @property
    def was(self) -> Pairs:
        """The pairs that a further change takes the place of: after a refusal those that the server has."""
        if self.problem:
            return pairs_of(self.annotation) if self.annotation is not None else ()
        return self.pairs

    @property
    def is_waiting(self) -> bool:
        """True while an edit of it is on its way."""
        return self.pending is not None and self.pending.state in (EditState.WAITING, EditState.SENDING)

    @property
    def problem(self) -> str:
        """Why the last edit was not saved; "" if it was."""
        refused = self.pending is not None and self.pending.state is EditState.GIVEN_BACK
        return self.pending.reason if self.pending is not None and refused else ""


@dataclass(frozen=True, slots=True)
class Common:
    """A key of several objects: its value where it is the same, the number of values, and on how many objects it is."""

    key: str
    value: str
    values: int
    on: int


def pairs_of(annotation: Annotation) -> Pairs:
    """Return the pairs of a key-value annotation."""
    return annotation.value if isinstance(annotation.value, tuple) else ()


def cards(
    annotations: Sequence[Annotation], edits: Iterable[PendingEdit], user_id: int | None, ref: Ref | None = None
) -> list[Card]:
    """Return the cards of one object, `ref`: one's own first, then by namespace and owner."""
    found = [_card(one, user_id) for one in annotations]
    for pending in edits:
        edit = pending.edit.of(ref) if isinstance(pending.edit, SetManyPairs) and ref is not None else pending.edit
        if isinstance(edit, SetPairs) and edit.annotation_id is None:
            # a change of what is being made stands in its place
            found = [card for card in found if card.annotation is not None or card.pairs != edit.was]
            found.append(Card(None, edit.pairs, edit.namespace, user_id, pending=pending))
        elif isinstance(edit, SetPairs):
            found = [_with(card, edit.annotation_id, edit.pairs, pending) for card in found]
        elif isinstance(edit, TakeOff):
            found = [_with(card, edit.annotation_id, (), pending) for card in found]
        elif isinstance(edit, PutAnnotation):
            found.append(Card(None, (), pending=pending, can_edit=False))
    gone = [card for card in found if not card.pairs and card.pending is not None and not card.problem]
    shown = [card for card in found if card not in gone]
    return sorted(shown, key=lambda card: (not card.is_own, card.namespace, card.owner_id or 0))


def common(annotations: Sequence[Annotation]) -> list[Common]:
    """Return the keys of several objects in the order in which they were first seen."""
    values: dict[str, dict[str, None]] = {}
    on: dict[str, set[Ref]] = {}
    for one in annotations:
        refs = {link.ref for link in one.links}
        for key, value in pairs_of(one):
            values.setdefault(key, {})[value] = None
            on.setdefault(key, set()).update(refs)
    return [Common(key, next(iter(found)), len(found), len(on[key])) for key, found in values.items()]


def added_to_all(
    entities: Sequence[Entity], annotations: Sequence[Annotation], added: Pairs, user_id: int | None
) -> list[tuple[SetManyPairs, str]]:
    """Return the edits that give every object these pairs, with what their objects are called: one, but for very many.

    The pairs come into the user's own annotation, else into a new one. A key that is there once in the user's own
    annotation gets the new value; other people's stay as they are.
    """
    own: dict[Ref, Annotation] = {}
    for one in annotations:
        if one.owner_id == user_id and one.namespace == OWN_PAIRS and len({link.ref for link in one.links}) == 1:
            own.setdefault(one.links[0].ref, one)
    ids = {ref: one.id for ref, one in own.items()}
    was = {entity.ref: pairs_of(own[entity.ref]) if entity.ref in own else () for entity in entities}
    now = {ref: merged(pairs, added) for ref, pairs in was.items()}
    sizes = {ref: sum(len(key) + len(value) for key, value in pairs) for ref, pairs in now.items()}
    changed = [entity for entity in entities if now[entity.ref] != was[entity.ref]]
    return [
        (
            SetManyPairs(
                refs, tuple(map(ids.get, refs)), tuple(now[one] for one in refs), tuple(was[one] for one in refs)
            ),
            of,
        )
        for refs, of in grouped(changed, sizes)
    ]


def merged(pairs: Pairs, added: Pairs) -> Pairs:
    """Return pairs with others: the value of a key that is there just once is replaced, others come behind.

    So does what stands in `added` twice under one key.
    """
    result, keys = list(pairs), [key for key, _ in pairs]
    left = {key: keys.index(key) for key in keys if keys.count(key) == 1}
    for key, value in added:
        place = left.pop(key, None)
        if place is not None:
            result[place] = (key, value)
        elif (key, value) not in result:
            result.append((key, value))
    return tuple(result)


def from_text(text: str) -> Pairs:
    """Return the pairs of a block that was copied: two columns with tabs, or lines with "=", ":" or a comma.

    A line without any of them is a key without a value. Empty lines are passed over.
    """
    lines = text.splitlines()[:MOST_ROWS] if "\t" not in text else None
    if lines is None:
        rows = csv.reader(StringIO(text), dialect="excel-tab")
        cells = [row for _, row in zip(range(MOST_ROWS), rows, strict=False)]
        return tuple((row[0].strip(), "\t".join(row[1:]).strip()) for row in cells if any(map(str.strip, row)))
    return tuple(_split(line) for line in lines if line.strip())


def replaced(edits: Iterable[PendingEdit], edit: SetPairs) -> tuple[SetPairs, list[int]]:
    """Return an edit that takes the place of those of the same annotation which are not under way, and their numbers.

    So a second change before the first is saved does not make a second annotation, and one after a refusal is of what
    the server has.
    """
    same = [
        (one, one.edit)
        for one in edits
        if isinstance(one.edit, SetPairs)
        and (one.edit.ref, one.edit.annotation_id) == (edit.ref, edit.annotation_id)
        and (one.state is EditState.GIVEN_BACK or (one.state is EditState.WAITING and one.tries == 0))
    ]
    return (replace(edit, was=same[0][1].was) if same else edit), [one.id for one, _ in same]


def _card(one: Annotation, user_id: int | None) -> Card:
    is_own = one.owner_id == user_id and one.namespace == OWN_PAIRS
    can_edit = one.permissions.can_edit and not one.is_cut and one.namespace == OWN_PAIRS
    return Card(one, pairs_of(one), one.namespace, one.owner_id, is_own, can_edit)


def _with(card: Card, annotation_id: int | None, pairs: Pairs, pending: PendingEdit) -> Card:
    if card.annotation is None or card.annotation.id != annotation_id:
        return card
    return replace(card, pairs=pairs, pending=pending)


def _split(line: str) -> tuple[str, str]:
    places = [(line.index(mark), mark) for mark in ("=", ":", ",") if mark in line]
    if not places:
        return line.strip(), ""
    place, mark = min(places)
    return line[:place].strip(), line[place + len(mark) :].strip()
