"""ITimeline: objects made, changed or annotated lately or in a span of time. Follows OMERO's TimelineI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

import omero
from omero.model import IObject
from omero.rtypes import rint, rlong, rstring, rtime, unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.servants.base import Service, Value, parameters

_LIMIT: Final = 50
_EVER: Final = 2**62  # milliseconds to either side of 1970
_CHANGED: Final = (
    "(obj.details.creationEvent.time >= :start or obj.details.updateEvent.time >= :start) "
    "and (obj.details.creationEvent.time <= :end or obj.details.updateEvent.time <= :end)"
)
_DETAILS: Final = (
    "join fetch obj.details.creationEvent join fetch obj.details.updateEvent "
    "join fetch obj.details.owner join fetch obj.details.group "
)

Entity = TypeVar("Entity", bound=IObject)


@dataclass(frozen=True, slots=True)
class _Kind:
    """The query for one class: joins, the condition on time, the object whose owner counts, and the order."""

    joins: str
    condition: str
    owned: str
    order: str


_KINDS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "Project": _Kind("", _CHANGED, "obj", "obj.details.updateEvent.id desc"),
        "Dataset": _Kind("", _CHANGED, "obj", "obj.details.updateEvent.id desc"),
        "RenderingDef": _Kind(
            "left outer join fetch obj.pixels p left outer join fetch p.image i ",
            _CHANGED,
            "i",
            "i.details.creationEvent.time desc",
        ),
        "Image": _Kind(
            "", "obj.acquisitionDate >= :start and obj.acquisitionDate <= :end", "obj", "obj.acquisitionDate desc"
        ),
    }
)
_ALL: Final = ("RenderingDef", "Image", "Project", "Dataset", "Annotation")
_ANNOTATED: Final = ("Project", "Dataset", "Image")
_LOGGED: Final = (
    "select obj from EventLog obj join fetch obj.event ev "
    "where obj.entityType in ('ome.model.containers.Dataset', 'ome.model.containers.Project') "
    "and obj.action in ('INSERT', 'UPDATE', 'REINDEX') and ev.time >= :start and ev.time <= :end"
)


class TimelineService(Service):
    """Without a filter: the caller's own, fifty of a kind. An owner of -1 means everybody."""

    def getMostRecentObjects(
        self, call: Call, kinds: Sequence[str], options: omero.sys.Parameters, merge: bool
    ) -> dict[str, list[IObject]]:
        """Return the newest objects of each kind; merged, the newest of all kinds together."""
        return self.getByPeriod(call, kinds, None, None, options, merge)

    def getByPeriod(
        self,
        call: Call,
        kinds: Sequence[str],
        start: omero.RTime | None,
        end: omero.RTime | None,
        options: omero.sys.Parameters,
        merge: bool,
    ) -> dict[str, list[IObject]]:
        """Return the objects of each kind that were made or changed in a span of time, images by acquisition."""
        chosen = _chosen(call, options)
        found = {kind: self._listed(call, kind, start, end, chosen) for kind in kinds or _ALL}
        if not merge:
            return found
        kept = _newest((one for each in found.values() for one in each), chosen)
        return {kind: [one for one in each if one in kept] for kind, each in found.items()}

    def countByPeriod(
        self,
        call: Call,
        kinds: Sequence[str],
        start: omero.RTime | None,
        end: omero.RTime | None,
        options: omero.sys.Parameters,
    ) -> dict[str, int]:
        """Return how many objects of each kind were made or changed in a span of time; -1 for kinds not known here."""
        chosen = _chosen(call, options)
        return {kind: self._counted(call, kind, start, end, chosen) for kind in kinds or _ALL}

    def getMostRecentAnnotationLinks(
        self,
        call: Call,
        parents: Sequence[str],
        children: Sequence[str],
        name_spaces: Sequence[str],
        options: omero.sys.Parameters | None,
    ) -> list[IObject]:
        """Return the newest links to annotations, of one kind and in name spaces (% and _ are wildcards) if named."""
        if len(children) > 1:
            raise api_usage("HHH-879: You can only restrict to a single annotation type at the moment")
        chosen = _chosen(call, options)
        scope, values = _scope("l", chosen) if options is not None else ("", {})
        if children:
            scope += f" and child.class = {self.model_class(children[0]).name}"
        if name_spaces:
            scope += " and (" + " or ".join(f"child.ns like :ns{n}" for n in range(len(name_spaces))) + ")"
            values |= {f"ns{n}": rstring(one) for n, one in enumerate(name_spaces)}
        found: list[IObject] = []
        for parent in parents or _ANNOTATED:
            link = self.model_class(f"{self.model_class(parent).name}AnnotationLink").name
            hql = (
                f"select l from {link} l join fetch l.child as child join fetch l.details.creationEvent "
                f"join fetch l.details.updateEvent where l.id > -1{scope} order by l.details.updateEvent.id desc"
            )
            found += self.query(call, hql, parameters(chosen, **values))
        return _newest(found, chosen)

    def getMostRecentShareCommentLinks(self, call: Call, options: omero.sys.Parameters) -> list[IObject]:
        """Return no comments: there are no shares."""
        return []

    def getEventLogsByPeriod(
        self, call: Call, start: omero.RTime | None, end: omero.RTime | None, options: omero.sys.Parameters
    ) -> list[omero.model.EventLog]:
        """Return what was done to projects and datasets in a span of time, with an entry for each acquired image."""
        chosen = _chosen(call, options)
        conditions, values = "", _span(start, end)
        for name, path, field in (("owner", "experimenter", "ownerId"), ("group", "experimenterGroup", "groupId")):
            wanted = unwrap(getattr(chosen, field))
            if wanted is not None:
                conditions += f" and ev.{path}.id = :{name}"
                values[name] = rlong(wanted)
        hql = f"{_LOGGED}{conditions} order by obj.id"
        logs: list[omero.model.EventLog] = self.query(call, hql, parameters(chosen, **values))
        return logs + [_acquired(image) for image in self._listed(call, "Image", start, end, chosen)]

    def _listed(
        self, call: Call, kind: str, start: omero.RTime | None, end: omero.RTime | None, chosen: omero.sys.Filter
    ) -> list[IObject]:
        found = _KINDS.get(kind)
        if found is None:
            return []
        scope, values = _scope(found.owned, chosen)
        hql = f"select obj from {kind} obj {_DETAILS}{found.joins}where {found.condition}{scope} order by {found.order}"
        return self.query(call, hql, parameters(chosen, **_span(start, end), **values))

    def _counted(
        self, call: Call, kind: str, start: omero.RTime | None, end: omero.RTime | None, chosen: omero.sys.Filter
    ) -> int:
        found = _KINDS.get(kind)
        if found is None:
            return -1
        scope, values = _scope(found.owned, chosen)
        joins = found.joins.replace("fetch ", "")
        hql = f"select count(obj.id) from {kind} obj {joins}where {found.condition}{scope}"
        return int(unwrap(self.rows(call, hql, parameters(**_span(start, end), **values)))[0][0])


def _chosen(call: Call, options: omero.sys.Parameters | None) -> omero.sys.Filter:
    """Return the filter of a call with OMERO's defaults filled in."""
    given = getattr(options, "theFilter", None)
    chosen = omero.sys.Filter()
    for field in ("ownerId", "groupId", "offset", "limit"):
        setattr(chosen, field, getattr(given, field, None))
    chosen.offset = chosen.offset or rint(0)
    chosen.limit = chosen.limit or rint(_LIMIT)
    if chosen.groupId is None:
        if chosen.ownerId is None:
            chosen.ownerId = rlong(call.caller.user_id)
        elif chosen.ownerId.val == -1:
            chosen.ownerId = None
    return chosen


def _scope(alias: str, chosen: omero.sys.Filter) -> tuple[str, dict[str, Value]]:
    conditions = ""
    values: dict[str, Value] = {}
    for name, field in (("owner", "ownerId"), ("group", "groupId")):
        wanted = unwrap(getattr(chosen, field))
        if wanted is not None:
            conditions += f" and {alias}.details.{name}.id = :{name}"
            values[name] = rlong(wanted)
    return conditions, values


def _span(start: omero.RTime | None, end: omero.RTime | None) -> dict[str, Value]:
    return {"start": rtime(-_EVER) if start is None else start, "end": rtime(_EVER) if end is None else end}


def _newest(found: Iterable[Entity], chosen: omero.sys.Filter) -> list[Entity]:
    """Return as many objects as the filter allows, the one that was changed last first."""
    ordered = sorted(found, key=lambda one: -one.details.updateEvent.time.val)
    limit = _LIMIT if chosen.limit is None else chosen.limit.val
    return ordered[: max(0, limit)]


def _acquired(image: IObject) -> omero.model.EventLog:
    """Return the log that an acquisition would have, since there is no event of it."""
    assert isinstance(image, omero.model.Image)
    log = omero.model.EventLogI()
    log.entityId, log.entityType, log.action = image.id, rstring("ome.model.core.Image"), rstring("INSERT")
    log.event = omero.model.EventI()
    log.event.time = image.acquisitionDate
    return log
