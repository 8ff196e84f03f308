"""Key-value annotations: a new one, other pairs, and one that is deleted because no pairs are left."""

from __future__ import annotations

from typing import TypeAlias

import omero.model
from omero.model import Annotation
from omero.rtypes import rstring
from typing_extensions import override

from omero_desk.entities.edits import Author, Edit, Receipt, SetPairs, TakeOff
from omero_desk.gateway.annotations.changing import PairsWrite, named_values, pairs_conflict, pairs_of, text_of
from omero_desk.gateway.annotations.edit_write import SlowWrite
from omero_desk.gateway.annotations.linking import NewAnnotationWrite
from omero_desk.gateway.annotations.removing import REFUSED, Deleted
from omero_desk.gateway.annotations.sections import ANNOTATED
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.deletion import NotDeletedError, delete


class NewPairsWrite(NewAnnotationWrite):
    """A new key-value annotation."""

    LIKE = "an.class = MapAnnotation"

    def __init__(self, edit: SetPairs, author: Author) -> None:
        super().__init__(edit, author)
        self._pairs, self._namespace = edit.pairs, edit.namespace

    @override
    def _new(self) -> Annotation:
        annotation = omero.model.MapAnnotationI()
        annotation.setMapValue(named_values(self._pairs))
        if self._namespace:
            annotation.setNs(rstring(self._namespace))
        return annotation

    @override
    def _found(self, session: LaneSession) -> list[int]:
        new = super()._found(session)
        if not new:
            return []
        query, asked = "select an from MapAnnotation an where an.id in (:ids) order by an.id", {"ids": new}
        service = session.gateway.getQueryService()
        found = service.findAllByQuery(query, session.parameters(asked), session.everywhere)
        return [each.getId().getValue() for each in found if pairs_of(each) == self._pairs]

    @override
    def _written(self, identity: int) -> Receipt:
        """Return the receipt; without pairs there is nothing that an edit of pairs could take away."""
        back: Edit = TakeOff((self.ref,), "Map", identity, self.text)
        if self._pairs:
            back = SetPairs(self.ref, identity, (), self._pairs, self._namespace)
        return Receipt(self.ref, annotation_id=identity, inverse=(back,))


class NoPairsWrite(SlowWrite[int, Deleted]):
    """A key-value annotation that is deleted, with its links, if its pairs are still those that the user saw.

    Its inverse is a new one, where it hung on this object alone: on others nothing could put that.
    """

    AGAIN = (NotDeletedError,)
    TRIES = 1
    _is_alone = False
    _was_there = False
    _is_fresh = False

    def __init__(self, edit: SetPairs, author: Author) -> None:
        super().__init__(edit, author)
        assert edit.annotation_id is not None
        self._id, self._namespace = edit.annotation_id, edit.namespace
        self._seen = edit.was
        self._look_first = True

    @override
    def _begin(self, session: LaneSession) -> None:
        self._look_around(session)

    @override
    def _look_around(self, session: LaneSession) -> None:
        query = session.gateway.getQueryService()
        asked = query.begin_find("MapAnnotation", self._id, _ctx=session.everywhere)
        counted = (
            f"select count(link.id) from {kind}AnnotationLink link where link.child.id = :an" for kind in ANNOTATED
        )
        uses = session.projections(*counted, parameters={"an": self._id})
        self._is_alone = sum(number for ((number,),) in uses) <= 1
        annotation = query.end_find(asked)
        self._was_there = annotation is not None
        if annotation is None:
            return
        now = pairs_of(annotation)
        if now != self._seen:
            self._seen, self._prepared = now, False
            raise pairs_conflict(now)
        self._namespace = text_of(annotation.getNs())
        self._is_fresh = True

    @override
    def _draft(self, session: LaneSession) -> int:
        if not self._is_fresh:
            self._look_around(session)
        self._is_fresh = False
        return self._id

    @override
    def _save(self, session: LaneSession, draft: int) -> Deleted:
        return delete(session, {"MapAnnotation": [draft]}, REFUSED)

    @override
    def _receipt(self, saved: Deleted) -> Receipt:
        return self._gone()

    @override
    def _find(self, session: LaneSession) -> Receipt | None:
        rows = session.projection("select an.id from MapAnnotation an where an.id = :an", {"an": self._id})
        return None if rows else self._gone()

    def _gone(self) -> Receipt:
        can_undo = self._was_there and self._is_alone and self._seen
        back = (SetPairs(self.ref, None, self._seen, namespace=self._namespace),) if can_undo else ()
        return Receipt(self.ref, inverse=back)


AnyPairsWrite: TypeAlias = NewPairsWrite | PairsWrite | NoPairsWrite


def pairs_write(edit: SetPairs, author: Author) -> AnyPairsWrite:
    """Return the write for pairs: of a new annotation, of one that is there, or of one that is to go."""
    if edit.annotation_id is None:
        return NewPairsWrite(edit, author)
    return PairsWrite(edit, author) if edit.pairs else NoPairsWrite(edit, author)
