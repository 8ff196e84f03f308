"""The part of IMetadata that knows tags and tag sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import omero
from omero.constants.metadata import NSINSIGHTTAGSET
from omero.model import IObject
from omero.rtypes import rstring, unwrap

from omero_desk.server.call import Call
from omero_desk.server.servants.base import Service, Value, parameters, where
from omero_desk.server.servants.query.container import ContainerService

_TAGGED: Final = ("Image", "Dataset", "Plate", "Project", "Screen")
_IN_HIERARCHIES: Final = frozenset({"Project", "Screen"})
_LINKS: Final = (
    "left outer join fetch o.annotationLinks ail left outer join fetch ail.child tag "
    "left outer join fetch ail.parent tagged left outer join fetch tag.details.owner "
    "left outer join fetch tagged.details.owner "
)
_PIXELS: Final = "left outer join fetch o.pixels as pix left outer join fetch pix.pixelsType "


class TagService(Service):
    """Reads only. Follows OMERO's MetadataImpl."""

    def loadTagContent(self, call: Call, ids: Sequence[int], options: omero.sys.Parameters) -> dict[int, list[IObject]]:
        """Return what bears each tag; projects and screens come with their children."""
        return {tag: [one for kind in _TAGGED for one in self._tagged(call, kind, tag, options)] for tag in ids}

    def loadTagSets(self, call: Call, options: omero.sys.Parameters) -> list[IObject]:
        """Return the tag sets with their tags; the option "orphan" adds the tags that are in none of them."""
        conditions, values = owner_scope("tag", options)
        conditions += ["tag.ns = :ns", "(l.id is null or child.class = TagAnnotation)"]
        hql = (
            "select tag from TagAnnotation tag left outer join fetch tag.annotationLinks as l "
            "left outer join fetch l.parent as parent left outer join fetch l.child as child "
            "left outer join fetch child.details.owner left outer join fetch parent.details.owner "
            f"left outer join fetch tag.details.owner {where(conditions)}"
        )
        sets: list[omero.model.TagAnnotation] = self.query(call, hql, parameters(ns=rstring(NSINSIGHTTAGSET), **values))
        if unwrap(getattr(getattr(options, "theOptions", None), "orphan", None)):
            return [*sets, *self._orphans(call, sets, options)]
        return [*sets]

    def getTaggedObjectsCount(self, call: Call, ids: Sequence[int], options: omero.sys.Parameters) -> dict[int, int]:
        """Return the number of images, datasets, projects, screens and plates that bear each tag."""
        counts = dict.fromkeys(ids, 0)
        for kind in _TAGGED if ids else ():
            hql = (
                f"select l.child.id, count(distinct l.parent.id) from {kind}AnnotationLink l "
                "where l.child.id in (:ids) group by l.child.id"
            )
            for tag, count in unwrap(self.rows(call, hql, parameters(ids=list(counts)))):
                counts[tag] += count
        return counts

    def _tagged(self, call: Call, kind: str, tag: int, options: omero.sys.Parameters | None) -> list[IObject]:
        if kind in _IN_HIERARCHIES:
            hql = f"select distinct l.parent.id from {kind}AnnotationLink l where l.child.id = :id"
            ids = [row[0] for row in unwrap(self.rows(call, hql, parameters(id=tag)))]
            service = ContainerService(self.backend)
            return service.loadContainerHierarchy(call, kind, ids, _owner_only(options)) if ids else []
        pixels = _PIXELS if kind == "Image" else ""
        return self.query(call, f"select o from {kind} o {_LINKS}{pixels}where tag.id = :id", parameters(id=tag))

    def _orphans(
        self, call: Call, sets: Sequence[omero.model.TagAnnotation], options: omero.sys.Parameters | None
    ) -> list[IObject]:
        conditions, values = owner_scope("ann", options)
        conditions.append("(ann.ns is null or ann.ns != :ns)")
        children = sorted({_child_of(link) for one in sets for link in one.copyAnnotationLinks()})
        if children:
            conditions.append("ann.id not in (:children)")
            values["children"] = children
        hql = f"select ann from TagAnnotation ann {where(conditions)} order by ann.id"
        return self.query(call, hql, parameters(ns=rstring(NSINSIGHTTAGSET), **values))


def owner_scope(alias: str, options: omero.sys.Parameters | None) -> tuple[list[str], dict[str, Value]]:
    """Return the condition and value for the owner that a client's filter names; its group is not asked here."""
    owner = unwrap(getattr(getattr(options, "theFilter", None), "ownerId", None))
    if owner is None or owner < 0:
        return [], {}
    return [f"{alias}.details.owner.id = :owner"], {"owner": owner}


def _owner_only(options: omero.sys.Parameters | None) -> omero.sys.Parameters:
    """Return the options without leaves and orphans, as OMERO asks for the content of a tag."""
    made = parameters()
    made.theFilter = getattr(options, "theFilter", None)
    return made


def _child_of(link: IObject) -> int:
    assert isinstance(link, omero.model.AnnotationAnnotationLink)
    return link.child.id.val
