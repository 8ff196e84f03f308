"""Tags that are put into sets of tags, and taken out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import omero
import omero.model
from typing_extensions import override

from omero_desk.entities.annotations import TAG_SET
from omero_desk.entities.edits import Author, Edit, MoveTag, Receipt
from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.edit_write import SlowWrite
from omero_desk.gateway.annotations.many import ANNOTATION_GONE, Parameters
from omero_desk.gateway.annotations.tag_sets.links import SET_GONE, SET_REFUSED, link_between, new_set, set_link
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.deletion import NotDeletedError, delete

NOT_OUT: Final = mark("Annotations", "Somebody else has put this tag into its set: you may not take it out.")
REFUSED: Final = mark("Annotations", "The server did not take the tag out of its set.")
_NOTHING: Final = -1
"""An id that nothing has: HQL takes no empty list."""
_TAG: Final = "select t.details.group.id from TagAnnotation t where t.id = :id and (t.ns is null or t.ns <> :ns)"
_LINKS: Final = (
    "select new map(l.id as id, l.parent.id as parent, l as l_details_permissions)"
    " from AnnotationAnnotationLink l where l.child.id = :id and l.parent.id in (:ids) order by l.id"
)
_SETS: Final = (
    "select new map(t.id as id, t.textValue as text, t.details.owner.id as owner, t.details.group.id as owner_group,"
    " t as t_details_permissions) from TagAnnotation t"
    " where t.ns = :ns and (t.id in (:ids) or t.textValue = :name) order by t.id"
)


@dataclass(frozen=True)
class InSets:
    """The links of a tag to the sets that an edit is about, by their ids: the set, and whether the user may delete it.

    `to` are the sets that the tag is to be in, without one that is still to be made, and `off` those that it is to go
    out of.
    """

    to: frozenset[int]
    off: frozenset[int]
    links: Mapping[int, tuple[int, bool]]

    @property
    def sets(self) -> frozenset[int]:
        """The sets that the tag is in."""
        return frozenset(parent for parent, _ in self.links.values())

    @property
    def going(self) -> dict[int, bool]:
        """The ids of the links that are to go, with whether the user may delete them."""
        return {link: may_delete for link, (parent, may_delete) in self.links.items() if parent in self.off}


class MoveTagWrite(SlowWrite[InSets, InSets]):
    """A tag linked to sets, and then its links to others deleted: it is never lost between them.

    Nothing is begun where the user may not do all of it. A set that was made stays when this is undone, as tags do.
    """

    AGAIN = (*SlowWrite.AGAIN, omero.ValidationException, omero.SecurityViolation, NotDeletedError)

    def __init__(self, edit: MoveTag, author: Author) -> None:
        super().__init__(edit, author)
        self._edit, self._id = edit, edit.annotation_id
        self._new_set: int | None = None
        self._before: InSets | None = None

    @override
    def _begin(self, session: LaneSession) -> None:
        self._look_around(session)

    @override
    def _look_around(self, session: LaneSession) -> None:
        self._before = self._draft(session)

    @override
    def _draft(self, session: LaneSession) -> InSets:
        state = self._look(session)
        if not all(state.going.values()):
            raise FailedError(NOT_OUT)
        return state

    @override
    def _save(self, session: LaneSession, draft: InSets) -> InSets:
        self._link(session, draft)
        if draft.going:
            delete(session, {"AnnotationAnnotationLink": sorted(draft.going)}, REFUSED)
        return self._look(session)

    @override
    def _receipt(self, saved: InSets) -> Receipt:
        before = saved if self._before is None else self._before
        out, into = tuple(sorted(before.sets - saved.sets)), tuple(sorted(saved.sets - before.sets))
        inverse: tuple[Edit, ...] = ()
        if out or into:
            inverse = (MoveTag(self.ref, self._id, self.text, out, into),)
        return Receipt(self.ref, annotation_id=self._id, inverse=inverse)

    @override
    def _find(self, session: LaneSession) -> Receipt | None:
        state = self._look(session)
        is_whole = not self._edit.new_set or self._new_set is not None
        return self._receipt(state) if is_whole and state.to <= state.sets and not state.going else None

    def _link(self, session: LaneSession, state: InSets) -> None:
        """Link the tag to the sets that it lacks, in one transaction with a new set."""
        tag = omero.model.TagAnnotationI(self._id, False)
        things: list[omero.model.IObject] = []
        if self._edit.new_set and self._new_set is None:
            things.append(link_between(new_set(self._edit.new_set), tag))
        things += (set_link(one, tag) for one in sorted(state.to - state.sets))
        if things:
            session.gateway.getUpdateService().saveAndReturnIds(things, self._options(session))

    def _look(self, session: LaneSession) -> InSets:
        """Read the tag and the sets. Raises FailedError for what is gone, and for sets that may not be used."""
        name = self._edit.new_set
        asked: Parameters = {"ns": TAG_SET, "ids": list(self._edit.to) or [_NOTHING], "name": name}
        tags, sets = session.answers((_TAG, {"id": self._id, "ns": TAG_SET}), (_SETS, asked))
        if not tags:
            raise FailedError(ANNOTATION_GONE)
        self._group = tags[0][0]
        here = {row["id"]: row for (row,) in sets if row["owner_group"] == self._group}
        if not here.keys() >= set(self._edit.to):
            raise FailedError(SET_GONE)
        may = [one for one, row in here.items() if row["t_details_permissions"]["canAnnotate"]]
        named = [one for one in may if name and here[one]["text"] == name]
        named.sort(key=lambda one: here[one]["owner"] != self._author.user_id)
        self._new_set = named[0] if named else None
        to = frozenset((*self._edit.to, *named[:1]))
        off = frozenset(self._edit.off) - to
        rows = session.projection(_LINKS, {"id": self._id, "ids": sorted(to | off) or [_NOTHING]})
        links = {row["id"]: (row["parent"], bool(row["l_details_permissions"]["canDelete"])) for (row,) in rows}
        state = InSets(to, off, links)
        if not (to - state.sets) <= set(may):
            raise FailedError(SET_REFUSED)
        return state
