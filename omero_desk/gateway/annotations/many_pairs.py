"""Key-values of many objects, each with an annotation of its own: changed key by key, after one read and by one write.

OMERO compares the event of the last change of each annotation that is sent (OmeroInterceptor.managedEvent), and undoes
the whole call if one is another; all are then read anew. A value that somebody else has given since the user saw it
stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import omero.model
from omero.model import IObject, MapAnnotation
from omero.rtypes import rstring
from typing_extensions import override

from omero_desk.entities.annotations import Pairs, values_of, with_values
from omero_desk.entities.edits import Author, Edit, Receipt, SetManyPairs
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.changing import named_values, pairs_conflict, pairs_of
from omero_desk.gateway.annotations.edit_write import SlowWrite
from omero_desk.gateway.annotations.many import ManyWrite, Objects, Parameters, new_link
from omero_desk.gateway.annotations.removing import REFUSED
from omero_desk.gateway.annotations.sections import shared_maps
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.deletion import delete

_LINKS: Final = (
    "select link from {kind}AnnotationLink link join fetch link.child an where link.parent.id in (:ids)"
    " and an.class = MapAnnotation and (an.id in (:ans) or (an.ns = :ns and an.details.owner.id = :user))"
    " order by link.id"
)
_CHANGED: Final = mark(
    "Annotations", "Somebody else has changed the key-value pairs of these {number} objects meanwhile."
)


@dataclass(frozen=True)
class Paired:
    """The objects, and by their ids the annotations that are to have the pairs, their ids and their pairs now.

    `shared` are the annotations that hang on other objects too.
    """

    objects: Objects
    maps: Mapping[int, MapAnnotation]
    ids: Mapping[int, int]
    pairs: Mapping[int, Pairs]
    shared: Collection[int] = ()


@dataclass(frozen=True)
class Change:
    """The pairs that an object has now and will have, and the keys to which somebody else has given other values."""

    now: Pairs
    after: Pairs
    conflicts: tuple[str, ...] = ()


class ManyPairsWrite(SlowWrite[Paired, Paired], ManyWrite[Paired]):
    """Other pairs for the annotations of objects; an object without one gets a new one, and one without pairs goes.

    An annotation that is to be made, or is gone, is looked for among the user's own on that object alone: so a try
    whose answer was lost is found, and what another window has made meanwhile is added to.
    """

    def __init__(self, edit: SetManyPairs, author: Author) -> None:
        super().__init__(edit, author)
        self._annotation_ids = dict(zip(self._ids, edit.annotation_ids, strict=True))
        self._wanted = dict(zip(self._ids, edit.pairs, strict=True))
        self._seen = dict(zip(self._ids, edit.was, strict=True))
        self._namespace = edit.namespace

    @override
    def _look(self, session: LaneSession) -> Paired:
        known = [identity for identity in self._annotation_ids.values() if identity is not None]
        asked: Parameters = {
            "ids": self._ids,
            "ans": known or [-1],
            "ns": self._namespace,
            "user": self._author.user_id,
        }
        query = session.gateway.getQueryService()
        links = _LINKS.format(kind=self._kind)
        ahead = query.begin_findAllByQuery(links, session.parameters(asked), _ctx=session.everywhere)
        counted = [(each, {"ids": self._ids}) for each in shared_maps(self._kind)]
        objects, *uses = session.answers(self._objects_asked(), *counted)
        shared = {identity for rows in uses for (identity,) in rows}
        maps: dict[int, MapAnnotation] = {}
        for link in query.end_findAllByQuery(ahead):
            self._take(link, shared, maps)
        return Paired(
            self._objects(objects),
            maps,
            {ref: each.getId().getValue() for ref, each in maps.items()},
            {ref: pairs_of(each) for ref, each in maps.items()},
            shared,
        )

    def _take(
        self, link: omero.model.ImageAnnotationLink, shared: Collection[int], maps: dict[int, MapAnnotation]
    ) -> None:
        """Keep the annotation of a link if it is the one of its object, or while that is not found the first own."""
        identity, annotation = link.getParent().getId().getValue(), link.getChild()
        assert isinstance(annotation, MapAnnotation)
        found = annotation.getId().getValue()
        if found == self._annotation_ids[identity] or (identity not in maps and found not in shared):
            maps[identity] = annotation

    @override
    def _is_done(self, state: Paired) -> bool:
        changes = ((ref, self._change(state, ref)) for ref in self._refs)
        return all(self._is_barred(state, ref, change) for ref, change in changes if change.now != change.after)

    @override
    def _save(self, session: LaneSession, draft: Paired) -> Paired:
        changes = dict(self._changes(draft))
        saving = {ref: self._changed(draft, ref, change.after) for ref, change in changes.items() if change.after}
        going = {ref: draft.ids[ref.id] for ref, change in changes.items() if not change.after}
        ids = dict(draft.ids)
        if saving:
            update = session.gateway.getUpdateService()
            saved = update.saveAndReturnArray(list(saving.values()), self._options(session))
            ids |= {ref.id: _saved_id(each) for ref, each in zip(saving, saved, strict=True)}
        if going:
            delete(session, {"MapAnnotation": list(going.values())}, REFUSED)
        for ref in going:
            del ids[ref.id]
        pairs = {**draft.pairs, **{ref.id: change.after for ref, change in changes.items()}}
        return replace(draft, ids=ids, pairs=pairs)

    @override
    def _receipt(self, saved: Paired) -> Receipt:
        before = saved if self._before is None else self._before
        barred = {ref for ref in self._refs if self._is_barred(saved, ref, self._change(saved, ref))}
        others = [ref for ref in self._refs if ref not in barred]
        left_out = self._left_out({ref.id for ref in others})
        conflicts = [(ref, key) for ref in others for key in self._change(saved, ref).conflicts]
        inverse = self._inverse(before, saved)
        if conflicts and not inverse and all(self._change(saved, ref).conflicts for ref in others):
            raise self._conflict(saved, conflicts)
        return Receipt(self.ref, inverse=inverse, left_out=left_out, conflicts=tuple(conflicts))

    def _changes(self, state: Paired) -> Iterator[tuple[Ref, Change]]:
        """Yield the objects whose pairs are to be changed and may be."""
        for ref in self._refs:
            change = self._change(state, ref)
            if change.now != change.after and not self._is_barred(state, ref, change):
                yield ref, change

    def _change(self, state: Paired, ref: Ref) -> Change:
        """Return what becomes of an object's pairs: keys whose values are neither the old nor the new ones stay."""
        seen, wanted, now = self._seen[ref.id], self._wanted[ref.id], state.pairs.get(ref.id, ())
        keys = _changed_keys(seen, wanted)
        if state.ids.get(ref.id) in state.shared:
            return Change(now, now, tuple(key for key in keys if values_of(now, key) != values_of(wanted, key)))
        if now == seen:
            return Change(now, wanted)
        conflicts = tuple(
            key for key in keys if values_of(now, key) not in (values_of(seen, key), values_of(wanted, key))
        )
        new = {key: values_of(wanted, key) for key in keys if key not in conflicts}
        return Change(now, with_values(now, new), conflicts)

    def _is_barred(self, state: Paired, ref: Ref, change: Change) -> bool:
        """Return whether the user may not do what is to be done."""
        if change.now == change.after:
            return False
        annotation = state.maps.get(ref.id)
        if annotation is None:
            return ref.id not in state.objects.allowed
        rights = annotation.getDetails().getPermissions()
        return not (rights.canEdit() if change.after else rights.canDelete())

    def _changed(self, state: Paired, ref: Ref, pairs: Pairs) -> IObject:
        """Return what is to be saved of an object: its annotation with other pairs, or the link to a new one."""
        annotation = state.maps.get(ref.id)
        if annotation is not None:
            annotation.unloadCollections()
            annotation.setMapValue(named_values(pairs))
            return annotation
        annotation = omero.model.MapAnnotationI()
        annotation.setMapValue(named_values(pairs))
        if self._namespace:
            annotation.setNs(rstring(self._namespace))
        return new_link(ref, annotation)

    def _inverse(self, before: Paired, saved: Paired) -> tuple[Edit, ...]:
        """Return the edit that gives changed keys their old values, and all pairs where nobody else was at them."""
        back = []
        for ref in self._refs:
            old, new = before.pairs.get(ref.id, ()), saved.pairs.get(ref.id, ())
            change = self._change(before, ref)
            mine = {key: values_of(old, key) for key in _changed_keys(change.now, change.after)}
            restored = old if new == change.after else with_values(new, mine)
            if restored != new:
                back.append((ref, saved.ids.get(ref.id), restored, new))
        if not back:
            return ()
        refs, ids, pairs, was = zip(*back, strict=True)
        return (SetManyPairs(refs, ids, pairs, was, self._namespace),)

    def _conflict(self, state: Paired, conflicts: Sequence[tuple[Ref, str]]) -> FailedError:
        """Return what is told where nothing could be done; who insists replaces what was told."""
        for ref, key in conflicts:
            now = values_of(state.pairs.get(ref.id, ()), key)
            self._seen[ref.id] = with_values(self._seen[ref.id], {key: now})
        self._prepared = self._look_first = False
        refs = list(dict.fromkeys(ref for ref, _key in conflicts))
        if len(refs) == 1:
            return pairs_conflict(state.pairs.get(refs[0].id, ()))
        return FailedError(_CHANGED, number=len(refs))


def _changed_keys(before: Pairs, after: Pairs) -> list[str]:
    """Return the keys that have other values, in the order in which they stand there."""
    return [
        key
        for key in dict.fromkeys(key for key, _value in (*before, *after))
        if values_of(before, key) != values_of(after, key)
    ]


def _saved_id(saved: IObject) -> int:
    """Return the id of an annotation that was saved, itself or with its link."""
    annotation = saved if isinstance(saved, MapAnnotation) else saved.getChild()  # type: ignore[attr-defined]
    identity: int = annotation.getId().getValue()
    return identity
