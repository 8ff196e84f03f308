"""Annotations that are copied from one object and put on others: tags, key-value pairs, and one's own rating."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.annotations import OWN_PAIRS, Annotation, Section, Type
from omero_desk.entities.edits import AT_ONCE, SetManyPairs
from omero_desk.entities.objects import Entity
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pairs import added_to_all, pairs_of
from omero_desk.models.annotations.ratings import own_of_several
from omero_desk.models.annotations.source import ReadsAnnotations
from omero_desk.models.tasks import TaskOwner, Tasks

_COPIED: Final = (Section.TAGS, Section.KEY_VALUES, Section.RATINGS)


class AnnotationClipboard(TaskOwner, QObject):
    """Keeps the annotations of one object; `changed` tells of others. They belong to the account that copied them."""

    changed = Signal()

    def __init__(
        self,
        reader: ReadsAnnotations,
        edits: EditsModel,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader, self._edits, self._tasks = reader, edits, Tasks(report)
        self._tags: tuple[Annotation, ...] = ()
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._stars = 0

    @property
    def is_filled(self) -> bool:
        """Whether there is anything to paste."""
        return bool(self._tags or self._pairs or self._stars)

    def copy(self, entity: Entity) -> None:
        """Read the annotations of an object, and keep them in place of those before."""
        self._tasks.start("copy", self._copy(entity))

    def paste(self, entities: Sequence[Entity]) -> None:
        """Put what was copied on objects; what is there already stays as it is."""
        self._tasks.start("paste", self._paste(tuple(entities)))

    def clear(self) -> None:
        """Forget everything: another account comes."""
        self._tasks.cancel_all()
        self._tags, self._pairs, self._stars = (), (), 0

    async def _copy(self, entity: Entity) -> None:
        read = {section: tuple(await self._reader.annotations([entity.ref], section)) for section in _COPIED}
        self._tags = read[Section.TAGS]
        edited = [one for one in read[Section.KEY_VALUES] if one.namespace == OWN_PAIRS and not one.is_cut]
        self._pairs = tuple(pair for one in edited for pair in pairs_of(one))
        self._stars = own_of_several(read[Section.RATINGS], self._user).get(entity.ref, 0)
        self.changed.emit()

    async def _paste(self, entities: tuple[Entity, ...]) -> None:
        for tag in self._tags:
            self._edits.put(entities, Type.TAG, tag.id, str(tag.value or ""))
        if self._stars:
            self._edits.rate(entities, self._stars)
        steps: list[tuple[SetManyPairs, str]] = []
        for some in _slices(entities) if self._pairs else ():
            there = await self._reader.annotations([one.ref for one in some], Section.KEY_VALUES)
            steps += added_to_all(some, there, self._pairs, self._user)
        self._edits.add_pairs(steps)

    @property
    def _user(self) -> int | None:
        author = self._edits.author
        return author.user_id if author is not None else None


def _slices(entities: Sequence[Entity]) -> Iterable[Sequence[Entity]]:
    """Yield objects of one kind, some at a time."""
    kinds: dict[str, list[Entity]] = {}
    for one in entities:
        kinds.setdefault(one.ref.kind, []).append(one)
    for of_kind in kinds.values():
        yield from (of_kind[first : first + AT_ONCE] for first in range(0, len(of_kind), AT_ONCE))
