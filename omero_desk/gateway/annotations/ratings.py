"""Stars: one rating of one's own an object, as OMERO.web's setRating keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import omero.model
from omero.model import LongAnnotation
from omero.rtypes import rlong, rstring
from typing_extensions import override

from omero_desk.entities.annotations import MOST_STARS, RATING
from omero_desk.entities.edits import Author, Receipt, SetRating
from omero_desk.entities.objects import Ref
from omero_desk.gateway.annotations.edit_write import SlowWrite
from omero_desk.gateway.annotations.many import (
    AnnotationLink,
    ManyWrite,
    Objects,
    Parameters,
    groups_of,
    new_link,
)
from omero_desk.gateway.annotations.removing import REFUSED
from omero_desk.gateway.annotations.sections import ANNOTATED
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.deletion import delete

_OWN: Final = (
    "from {kind}AnnotationLink link join{fetch} link.child an where link.parent.id in (:ids)"
    " and link.details.owner.id = :user and an.class = LongAnnotation and an.ns = :ns"
)


@dataclass(frozen=True)
class Rated:
    """The user's own links to ratings and their stars, by the ids of objects, and the numbers of links of a rating."""

    objects: Objects
    links: Mapping[int, list[AnnotationLink]]
    stars: Mapping[int, list[int]]
    uses: Mapping[int, int]


class RatingWrite(SlowWrite[Rated, Rated], ManyWrite[Rated]):
    """Own stars in place of those that there are.

    A rating of one's own that is on one object alone is changed; one that is on several is taken off (OMERO.web).
    """

    def __init__(self, edit: SetRating, author: Author) -> None:
        super().__init__(edit, author)
        self._stars = edit.stars

    @override
    def _look(self, session: LaneSession) -> Rated:
        asked: Parameters = {"ids": self._ids, "user": self._author.user_id, "ns": RATING}
        query = session.gateway.getQueryService()
        own = f"select link {_OWN.format(kind=self._kind, fetch=' fetch')} order by link.id"
        ahead = query.begin_findAllByQuery(own, session.parameters(asked), _ctx=session.everywhere)
        mine = f"select an.id {_OWN.format(kind=self._kind, fetch='')}"
        counted = [
            f"select other.child.id, count(other.id) from {bearer}AnnotationLink other"
            f" where other.child.id in ({mine}) group by other.child.id"
            for bearer in ANNOTATED
        ]
        objects, *uses = session.answers(self._objects_asked(), *((each, asked) for each in counted))
        links: dict[int, list[AnnotationLink]] = defaultdict(list)
        for link in query.end_findAllByQuery(ahead):
            links[link.getParent().getId().getValue()].append(link)
        number: dict[int, int] = defaultdict(int)
        for identity, times in (row for rows in uses for row in rows):
            number[identity] += times
        stars = {identity: [_stars(link) for link in those] for identity, those in links.items()}
        return Rated(self._objects(objects), links, stars, number)

    @override
    def _is_done(self, state: Rated) -> bool:
        return all(self._is_rated(state, ref) or self._is_barred(state, ref) for ref in self._refs)

    @override
    def _save(self, session: LaneSession, draft: Rated) -> Rated:
        saving: list[omero.model.IObject] = []
        going: list[int] = []
        for ref in self._refs:
            if not self._is_rated(draft, ref):
                self._settle(draft, ref, saving, going)
        if saving:
            session.gateway.getUpdateService().saveArray(saving, self._options(session))
        if going:
            delete(session, {f"{self._kind}AnnotationLink": going}, REFUSED)
        return draft

    @override
    def _receipt(self, saved: Rated) -> Receipt:
        left_out = self._left_out({ref.id for ref in self._refs if not self._is_barred(saved, ref)})
        inverse: tuple[SetRating, ...] = ()
        before = self._before
        if before is not None:
            changed = (ref for ref in self._refs if ref not in left_out and not self._is_rated(before, ref))
            olds = groups_of((before.stars.get(ref.id, [0])[-1], ref) for ref in changed)
            inverse = tuple(SetRating(refs, stars) for stars, refs in olds.items() if 0 <= stars <= MOST_STARS)
        return Receipt(self.ref, inverse=inverse, left_out=left_out)

    def _is_rated(self, state: Rated, ref: Ref) -> bool:
        return state.stars.get(ref.id, []) == ([self._stars] if self._stars else [])

    def _is_barred(self, state: Rated, ref: Ref) -> bool:
        """Return whether an object has no rating yet, and the user may give none."""
        return bool(self._stars) and ref.id not in state.objects.allowed and not state.links.get(ref.id)

    def _settle(self, state: Rated, ref: Ref, saving: list[omero.model.IObject], going: list[int]) -> None:
        """Add what is to be saved for an object, and the links that are to go."""
        links = state.links.get(ref.id, [])
        kept = self._kept(state, links) if self._stars else None
        going += [link.getId().getValue() for link in links if link is not kept]
        if kept is not None and _stars(kept) != self._stars:
            rating = _rating(kept)
            rating.unloadCollections()
            rating.setLongValue(rlong(self._stars))
            saving.append(rating)
        elif kept is None and self._stars and ref.id in state.objects.allowed:
            saving.append(new_link(ref, self._new()))

    def _kept(self, state: Rated, links: list[AnnotationLink]) -> AnnotationLink | None:
        """Return the link whose rating has the stars, else one whose rating may be changed, None for neither."""
        right = (link for link in links if _stars(link) == self._stars)
        own = (link for link in links if self._may_change(state, _rating(link)))
        return next(right, None) or next(own, None)

    def _may_change(self, state: Rated, rating: LongAnnotation) -> bool:
        return state.uses.get(rating.getId().getValue()) == 1 and rating.getDetails().getPermissions().canEdit()

    def _new(self) -> LongAnnotation:
        rating = omero.model.LongAnnotationI()
        rating.setLongValue(rlong(self._stars))
        rating.setNs(rstring(RATING))
        return rating


def _rating(link: AnnotationLink) -> LongAnnotation:
    rating = link.getChild()
    assert isinstance(rating, LongAnnotation)
    return rating


def _stars(link: AnnotationLink) -> int:
    value = _rating(link).getLongValue()
    return 0 if value is None else int(value.getValue())
