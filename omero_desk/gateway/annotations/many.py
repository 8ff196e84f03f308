"""Edits of many objects at once: one read of all that matters, and one write."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import omero
import omero.model
from omero.model import Annotation, ImageAnnotationLink
from typing_extensions import override

from omero_desk.entities.edits import (
    AddTag,
    AttachFile,
    Author,
    NameChannels,
    PutAnnotation,
    Receipt,
    SetManyPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.edit_write import GONE, EditWrite
from omero_desk.gateway.annotations.sections import TYPES
from omero_desk.gateway.connection.session import LaneSession, Value
from omero_desk.gateway.rows import Row
from omero_desk.gateway.service.deletion import NotDeletedError

if TYPE_CHECKING:
    from omero.gateway import ServiceOptsDict

NOT_ALLOWED: Final = mark("Annotations", "You are not allowed to annotate this.")
ANNOTATION_GONE: Final = mark("Annotations", "This annotation is not there any more, or you may not see it any more.")
EditOfMany: TypeAlias = AddTag | PutAnnotation | TakeOff | SetRating | SetManyPairs | NameChannels | AttachFile
AnnotationLink: TypeAlias = ImageAnnotationLink
"""A link from an object of any kind to an annotation: they all have the same operations."""
Parameters: TypeAlias = dict[str, Value]
Question: TypeAlias = tuple[str, Parameters]
State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of an edit that are there, all in one group, and those of them that the user may annotate."""

    group: int
    allowed: frozenset[int]


class ManyWrite(EditWrite[State, State]):
    """A write about many objects, by a state: what there was before the first try, and what there is now.

    `_save` does what a state lacks, and returns what there is then. An object that is gone, or that the user may not
    annotate, is left out. What another did between reading and saving is met by reading again.
    """

    AGAIN = (*EditWrite.AGAIN, omero.ValidationException, omero.SecurityViolation, NotDeletedError)

    def __init__(self, edit: EditOfMany, author: Author) -> None:
        super().__init__(edit, author)
        self._refs = edit.refs
        self._kind = edit.ref.kind
        self._ids = [ref.id for ref in edit.refs]
        self._before: State | None = None
        self._fresh: State | None = None

    @abstractmethod
    def _look(self, session: LaneSession) -> State:
        """Read all that matters, in one round trip. Raises FailedError where nothing of it is there."""

    @abstractmethod
    def _is_done(self, state: State) -> bool:
        """Return whether nothing is left to do."""

    @override
    def _begin(self, session: LaneSession) -> None:
        self._look_around(session)

    @override
    def _look_around(self, session: LaneSession) -> None:
        self._before = self._fresh = self._look(session)

    @override
    def _draft(self, session: LaneSession) -> State:
        state, self._fresh = self._fresh, None
        return self._look(session) if state is None else state

    @override
    def _find(self, session: LaneSession) -> Receipt | None:
        state = self._look(session)
        return self._receipt(state) if self._is_done(state) else None

    def _objects_asked(self) -> Question:
        query = (
            "select new map(obj.id as id, obj.details.group.id as owner_group, obj as obj_details_permissions)"
            f" from {self._kind} obj where obj.id in (:ids)"
        )
        return query, {"ids": self._ids}

    def _objects(self, rows: Iterable[Row]) -> Objects:
        """Return the objects of `_objects_asked`; the write takes their group. Raises FailedError for none."""
        found = [row for (row,) in rows]
        if not found:
            raise FailedError(GONE)
        self._group = found[0]["owner_group"]
        here = (row for row in found if row["owner_group"] == self._group)
        return Objects(
            self._group, frozenset(row["id"] for row in here if row["obj_details_permissions"]["canAnnotate"])
        )

    def _left_out(self, done: Collection[int]) -> tuple[Ref, ...]:
        """Return the objects that are not done. Raises FailedError where that is all of them."""
        left_out = tuple(ref for ref in self._refs if ref.id not in done)
        if len(left_out) == len(self._refs):
            raise FailedError(NOT_ALLOWED)
        return left_out


def new_link(ref: Ref, annotation: Annotation) -> AnnotationLink:
    """Return a new link from an object, which is not loaded, to an annotation."""
    link: AnnotationLink = getattr(omero.model, f"{ref.kind}AnnotationLinkI")()
    link.setParent(getattr(omero.model, f"{ref.kind}I")(ref.id, False))
    link.setChild(annotation)
    return link


def save_linked(
    session: LaneSession,
    annotation: Annotation,
    refs: Iterable[Ref],
    options: ServiceOptsDict,
    around: Iterable[omero.model.IObject] = (),
) -> int:
    """Save a new annotation with a link from each object, and what is `around` it, in one call; return its id.

    UpdateImpl.saveAndReturnIds saves what comes first, and then knows it where the links have it (ReloadFilter).
    """
    things = [annotation, *(new_link(ref, annotation) for ref in refs), *around]
    return session.gateway.getUpdateService().saveAndReturnIds(things, options)[0]


def class_of(kind: str) -> str:
    """Return the name of OMERO's class for a type of annotation. Raises FailedError for what is none."""
    if kind not in TYPES:
        raise FailedError(ANNOTATION_GONE, kind)
    return f"{kind}Annotation"


def groups_of(pairs: Iterable[tuple[State, Ref]]) -> dict[State, tuple[Ref, ...]]:
    """Return the objects that belong to equal values, in their order."""
    grouped: dict[State, tuple[Ref, ...]] = {}
    for value, ref in pairs:
        grouped[value] = (*grouped.get(value, ()), ref)
    return grouped
