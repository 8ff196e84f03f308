"""IContainer: hierarchies, their images, counts of collections, and what it can write, which IUpdate does for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import omero
from omero.model import IObject
from omero.rtypes import unwrap

from omero_desk.server.call import Call
from omero_desk.server.database.model import Collection, ModelClass
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.saving.delete import delete_object
from omero_desk.server.servants.base import Service, parameters
from omero_desk.server.servants.query import container_queries as queries
from omero_desk.server.servants.query.hierarchy import UPWARDS, Hierarchies
from omero_desk.server.servants.query.query import QueryService
from omero_desk.server.servants.query.split_filesets import split_filesets
from omero_desk.server.servants.query.update import UpdateService


class ContainerService(Service):
    """Follows OMERO's PojosImpl."""

    def getCollectionCount(
        self, call: Call, class_name: str, property_name: str, ids: Sequence[int], options: omero.sys.Parameters
    ) -> dict[int, int]:
        """Return the number of members of a collection for each id, in one query; refused if an object is missing."""
        kind = self.model_class(class_name)
        found = _collection(kind, class_name, property_name)
        hql = f"select x.id, size(x.{found.name}) from {kind.name} x where x.id in (:ids)"
        rows = self._rows_of(call, hql, set(ids))
        counts = {row[0]: row[1] for row in rows}
        if len(counts) < len(set(ids)):
            missing = min(set(ids) - counts.keys())
            raise server_error(omero.InternalException, f"Index 0 out of bounds for length 0 ({kind.name}:{missing})")
        return counts

    def loadContainerHierarchy(
        self, call: Call, class_name: str, ids: Sequence[int], options: omero.sys.Parameters
    ) -> list[IObject]:
        """Return containers with their children; options: "leaves" brings the images, "orphan" what is in none.

        Without ids these are all that the caller sees of the group, else the owner, that the options name.
        """
        kind = self.model_class(class_name).name
        if kind not in queries.CONTAINERS:
            raise api_usage(
                "Class parameter for loadContainerIHierarchy() must be in {Project,Dataset, Screen, Plate}, "
                f"not class {self.model_class(class_name).java_name}"
            )
        found = self._containers(call, kind, ["this.id in (:ids)"] if ids else [], options, ids)
        if queries.option(options, "orphan") and not ids and kind in queries.ORPHANS:
            child, link = queries.ORPHANS[kind]
            found += self._containers(call, child, [f"this.id not in (select l.child.id from {link} l)"], options)
        return found

    def findContainerHierarchies(
        self, call: Call, class_name: str, ids: Sequence[int], options: omero.sys.Parameters
    ) -> list[IObject]:
        """Return the projects above images, with nothing else below them; and what of it is in no project."""
        kind = self.model_class(class_name)
        if kind.name != "Project":
            raise api_usage(
                f"Class parameter for findContainerHierarchies() must be in {{Project}}, not class {kind.java_name}"
            )
        if not ids:
            return []
        _, scope = queries.scope("img", options)
        return Hierarchies(scope).invert(self.query(call, UPWARDS, parameters(ids=list(ids))))

    def getImages(
        self, call: Call, class_name: str, ids: Sequence[int], options: omero.sys.Parameters
    ) -> list[omero.model.Image]:
        """Return the images with these ids, or in these containers, with their pixels; of containers a page."""
        if not ids:
            return []
        kind = self.model_class(class_name)
        if _is_paged(options):
            if kind.name not in queries.PAGED_IMAGES_IN:
                raise api_usage(f"{kind.java_name} does not support pagination yet.")
            page = parameters(options.theFilter, ids=list(ids))
            ids = [row[0] for row in unwrap(self.rows(call, queries.PAGED_IMAGES_IN[kind.name], page))]
            kind = self.model_class("Image")
        if kind.name not in queries.IMAGES_IN:
            raise api_usage(f"Query not implemented for class {kind.java_name}")
        hql, values = queries.images(options, [queries.IMAGES_IN[kind.name]])
        return self.query(call, hql, parameters(ids=list(ids), **values))

    def getUserImages(self, call: Call, options: omero.sys.Parameters) -> list[omero.model.Image]:
        """Return the images of a user or group."""
        hql, values = queries.images(options, [])
        if not queries.scope("img", options)[0]:
            raise api_usage("experimenter or group option is required for getUserImages().")
        return self.query(call, hql, parameters(options.theFilter, **values))

    def getImagesByOptions(self, call: Call, options: omero.sys.Parameters) -> list[omero.model.Image]:
        """Return the images of a span of time."""
        if queries.chosen(options, "startTime") is None and queries.chosen(options, "endTime") is None:
            raise api_usage("start or end time option is required for getImagesByOptions().")
        hql, values = queries.images(options, [])
        return self.query(call, hql, parameters(options.theFilter, **values))

    def getImagesBySplitFilesets(
        self, call: Call, included: dict[str, list[int]], options: omero.sys.Parameters
    ) -> dict[int, dict[bool, list[int]]]:
        """Return the filesets of which some images are among `included` and others are not: {True: in, False: out}."""
        known: dict[str, list[int]] = {}
        for class_name, ids in included.items():
            known.setdefault(self.model_class(class_name).name, []).extend(ids)
        return split_filesets(known, lambda hql, ids: self._rows_of(call, hql, ids))

    def retrieveCollection(
        self, call: Call, owner: IObject | None, property_name: str, options: omero.sys.Parameters
    ) -> list[IObject]:
        """Return the members of a collection of an object; raises for an object as IQuery.get does."""
        if owner is None or owner.id is None:
            raise api_usage("The object whose collection is retrieved must have an id.")
        kind = self.model_class(type(owner).__name__)
        found = _collection(kind, kind.name, property_name)
        QueryService(self.backend).get(call, kind.name, owner.id.val)
        order = "index(m), m.id" if found.ordered else "m.id"
        hql = f"select m from {kind.name} x join x.{found.name} m where x.id = :id order by {order}"
        return self.query(call, hql, parameters(id=owner.id.val))

    def createDataObject(self, call: Call, target: IObject, options: omero.sys.Parameters) -> IObject:
        """Save a new object."""
        return UpdateService(self.backend).saveAndReturnObject(call, target)

    def createDataObjects(self, call: Call, targets: Sequence[IObject], options: omero.sys.Parameters) -> list[IObject]:
        """Save new objects."""
        return UpdateService(self.backend).saveAndReturnArray(call, targets)

    def updateDataObject(self, call: Call, target: IObject, options: omero.sys.Parameters) -> IObject:
        """Save an object that was changed."""
        return UpdateService(self.backend).saveAndReturnObject(call, target)

    def updateDataObjects(self, call: Call, targets: Sequence[IObject], options: omero.sys.Parameters) -> list[IObject]:
        """Save objects that were changed."""
        return UpdateService(self.backend).saveAndReturnArray(call, targets)

    def link(self, call: Call, links: Sequence[IObject], options: omero.sys.Parameters) -> list[IObject]:
        """Save new links."""
        self._check_links(links)
        return UpdateService(self.backend).saveAndReturnArray(call, links)

    def unlink(self, call: Call, links: Sequence[IObject], options: omero.sys.Parameters) -> None:
        """Delete links, all or none."""
        self._check_links(links)
        with self.backend.write() as connection:
            for each in links:
                delete_object(self.backend.store.schema, connection, call.caller, each)

    def _check_links(self, links: Sequence[IObject]) -> None:
        for each in links:
            kind = None if each is None else self.model_class(type(each).__name__)
            if kind is None or not kind.is_link:
                raise api_usage(
                    f"ClassCastException: {kind.java_name if kind else 'null'} cannot be cast to ome.model.ILink"
                )

    def _containers(
        self,
        call: Call,
        kind: str,
        conditions: list[str],
        options: omero.sys.Parameters | None,
        ids: Sequence[int] = (),
    ) -> list[IObject]:
        hql, values = queries.containers(kind, options, conditions)
        if ids:
            values["ids"] = list(ids)
        return self.query(call, hql, parameters(getattr(options, "theFilter", None), **values))

    def _rows_of(self, call: Call, hql: str, ids: Iterable[int]) -> list[list[int]]:
        wanted = list(ids)
        found: list[list[int]] = unwrap(self.rows(call, hql, parameters(ids=wanted))) if wanted else []
        return found


def _collection(kind: ModelClass, class_name: str, property_name: str) -> Collection:
    name = property_name.rpartition("_")[2]  # clients send the Java constant too: "...Dataset_imageLinks"
    found = kind.properties.get(name)
    if not isinstance(found, Collection):
        raise api_usage(f"{class_name}.{name} is an unknown property on type {class_name}")
    return found


def _is_paged(options: omero.sys.Parameters | None) -> bool:
    return any(queries.chosen(options, name) is not None for name in ("offset", "limit"))
