"""Annotations that are taken off objects, or deleted everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import omero
import omero.model
from omero.model import Annotation
from typing_extensions import override

from omero_desk.entities.annotations import RATING
from omero_desk.entities.edits import (
    AddComment,
    Author,
    DeleteAnnotation,
    Edit,
    PutAnnotation,
    Receipt,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.changing import pairs_of, said, text_of
from omero_desk.gateway.annotations.edit_write import SlowWrite, undoing
from omero_desk.gateway.annotations.many import NOT_ALLOWED, ManyWrite, class_of
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.deletion import NotDeletedError, delete

REFUSED: Final = mark("Annotations", "The server did not delete this annotation.")
_STAYING: Final = frozenset({"Tag", "File"})
"""The types that stay when their last link goes (blitz-delete-rules.xml)."""
Deleted: TypeAlias = Mapping[str, list[int]]


@dataclass(frozen=True)
class Hanging:
    """The links to an annotation by their ids: the object's id, and whether the user may delete the link.

    `annotation` is what would go with its last link, None for a tag or file, and for what is gone.
    """

    links: Mapping[int, tuple[int, bool]]
    annotation: Annotation | None

    @property
    def deletable(self) -> set[int]:
        """The ids of the links that the user may delete."""
        return {link for link, (_, may_delete) in self.links.items() if may_delete}


class TakeOffWrite(SlowWrite[Hanging, Hanging], ManyWrite[Hanging]):
    """The links to an annotation that the user may delete, deleted in one transaction.

    What goes with its last link is made anew by the inverse if it was the user's own; a comment then has a new id.
    """

    def __init__(self, edit: TakeOff, author: Author) -> None:
        super().__init__(edit, author)
        self._type, self._id = edit.type, edit.annotation_id
        self._class = class_of(edit.type)

    @override
    def _look(self, session: LaneSession) -> Hanging:
        query = (
            "select new map(link.id as id, link.parent.id as parent, link as link_details_permissions)"
            f" from {self._kind}AnnotationLink link"
            " where link.parent.id in (:ids) and link.child.id = :an"
        )
        asked = None if self._type in _STAYING else self._ask_annotation(session)
        (rows,) = session.answers((query, {"ids": self._ids, "an": self._id}))
        links = {}
        for (row,) in rows:
            links[row["id"]] = row["parent"], row["link_details_permissions"]["canDelete"]
        return Hanging(links, None if asked is None else asked())

    @override
    def _is_done(self, state: Hanging) -> bool:
        before = state if self._before is None else self._before
        if not before.deletable:  # it was refused then: what hangs there yet is still to go
            return not state.links
        return not before.deletable & state.links.keys()

    @override
    def _save(self, session: LaneSession, draft: Hanging) -> Hanging:
        going = draft.deletable
        if not going:
            if draft.links:
                raise FailedError(NOT_ALLOWED)
            return draft
        deleted = delete(session, {f"{self._kind}AnnotationLink": sorted(going)}, REFUSED)
        links = {link: there for link, there in draft.links.items() if link not in going}
        return Hanging(links, None if self._class in deleted else draft.annotation)

    @override
    def _receipt(self, saved: Hanging) -> Receipt:
        before = saved if self._before is None else self._before
        kept = {parent for parent, _ in saved.links.values()}
        taken = {parent for parent, _ in before.links.values()} - kept
        refs = tuple(ref for ref in self._refs if ref.id in taken)
        left_out = tuple(ref for ref in self._refs if ref.id in kept)
        inverse: tuple[Edit, ...] = ()
        if refs and before.annotation is not None and saved.annotation is None:
            inverse = self._anew(before.annotation, refs)
        elif refs:
            inverse = (PutAnnotation(refs, self._type, self._id, self.text),)
        return Receipt(self.ref, annotation_id=self._id, inverse=inverse, left_out=left_out)

    def _anew(self, gone: Annotation, refs: tuple[Ref, ...]) -> tuple[Edit, ...]:
        """Return the edits that make what went with its last link anew; none for what others made."""
        if gone.getDetails().getOwner().getId().getValue() != self._author.user_id:
            return ()
        namespace = text_of(gone.getNs())
        match gone:
            case omero.model.CommentAnnotation():
                return tuple(edit for ref in refs for edit in undoing(partial(AddComment, ref, said(gone))))
            case omero.model.MapAnnotation():
                pairs = pairs_of(gone)
                return tuple(SetPairs(ref, None, pairs, namespace=namespace) for ref in refs if pairs)
            case omero.model.LongAnnotation() if namespace == RATING:
                return (SetRating(refs, gone.getLongValue().getValue()),)
        return ()

    def _ask_annotation(self, session: LaneSession) -> Callable[[], Annotation | None]:
        """Ask for the annotation, and return what waits for it."""
        query = session.gateway.getQueryService()
        asked = query.begin_find(self._class, self._id, _ctx=session.everywhere)

        def answer() -> Annotation | None:
            try:
                found: Annotation | None = query.end_find(asked)
            except omero.SecurityViolation:
                return None
            return found

        return answer


class DeleteWrite(SlowWrite[int, Deleted]):
    """An annotation deleted with all its links; one that is gone already is deleted."""

    AGAIN = (NotDeletedError,)
    TRIES = 1

    def __init__(self, edit: DeleteAnnotation, author: Author) -> None:
        super().__init__(edit, author)
        self._class, self._id = class_of(edit.type), edit.annotation_id
        self._look_first = True

    @override
    def _begin(self, session: LaneSession) -> None:
        """Remember nothing: what is gone tells itself, and Delete2 goes to all groups."""

    @override
    def _look_around(self, session: LaneSession) -> None:
        """Remember nothing."""

    @override
    def _draft(self, session: LaneSession) -> int:
        return self._id

    @override
    def _save(self, session: LaneSession, draft: int) -> Deleted:
        return delete(session, {self._class: [draft]}, REFUSED)

    @override
    def _receipt(self, saved: Deleted) -> Receipt:
        return Receipt(self.ref)

    @override
    def _find(self, session: LaneSession) -> Receipt | None:
        rows = session.projection(f"select an.id from {self._class} an where an.id = :an", {"an": self._id})
        return None if rows else Receipt(self.ref)
