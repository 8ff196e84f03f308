"""IContainer: hierarchies, their images, and counts of collections. Follows OMERO's PojosImpl."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from omero.rtypes import rtime, unwrap

from omero_desk.server.database.model import Collection
from omero_desk.server.servants.base import Service, parameters, scope, where
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage

_IMAGE: Final = (
    "select img from Image img left outer join fetch img.details.creationEvent "
    "left outer join fetch img.details.updateEvent left outer join fetch img.pixels as pix "
    "left outer join fetch pix.pixelsType left outer join fetch img.format "
)
_LEAVES: Final = (
    "left outer join fetch img.details.creationEvent left outer join fetch img.details.updateEvent "
    "left outer join fetch img.pixels as pix left outer join fetch img.format left outer join fetch pix.pixelsType "
)
_IMAGES_OF: Final = {
    "Image": "img.id in (:ids)",
    "Dataset": "img.id in (select dil.child.id from DatasetImageLink dil where dil.parent.id in (:ids))",
    "Project": "img.id in (select dil.child.id from DatasetImageLink dil where dil.parent.id in "
    "(select pdl.child.id from ProjectDatasetLink pdl where pdl.parent.id in (:ids)))",
}
_CHILDREN: Final = {
    "Project": "left outer join fetch this.datasetLinks pdl left outer join fetch pdl.child ds ",
    "Dataset": "",
    "Screen": "left outer join fetch this.plateLinks pdl left outer join fetch pdl.child ds "
    "left outer join fetch ds.plateAcquisitions sa ",
    "Plate": "left outer join fetch this.plateAcquisitions sa ",
}
_TO_IMAGES: Final = {
    "Project": "left outer join fetch ds.imageLinks dil left outer join fetch dil.child img ",
    "Dataset": "left outer join fetch this.imageLinks dil left outer join fetch dil.child img ",
    "Screen": "left outer join fetch sa.wellSample ws left outer join fetch ws.image img ",
    "Plate": "left outer join fetch sa.wellSample ws left outer join fetch ws.image img ",
}
_ORPHANS: Final = {
    "Project": ("Dataset", "ProjectDatasetLink"),
    "Screen": ("Plate", "ScreenPlateLink"),
}
_DOWN: Final = (
    ("Folder", "Image", "select l.child.id from FolderImageLink l where l.parent.id in (:ids)"),
    ("Project", "Dataset", "select l.child.id from ProjectDatasetLink l where l.parent.id in (:ids)"),
    ("Dataset", "Image", "select l.child.id from DatasetImageLink l where l.parent.id in (:ids)"),
    ("Screen", "Plate", "select l.child.id from ScreenPlateLink l where l.parent.id in (:ids)"),
    ("Plate", "Well", "select w.id from Well w where w.plate.id in (:ids)"),
    ("Well", "Image", "select s.image.id from WellSample s where s.well.id in (:ids)"),
    ("Fileset", "Image", "select i.id from Image i where i.fileset.id in (:ids)"),
)


class ContainerService(Service):
    """Reads only; what IContainer can write, IUpdate can too."""

    def getCollectionCount(
        self, call: Call, class_name: str, property_name: str, ids: Sequence[int], options: Any
    ) -> dict[int, int]:
        """Return the number of members of a collection for each id, 0 for what is not there; one query for all."""
        kind = self.model_class(class_name)
        name = property_name.rpartition("_")[2]  # clients send the Java constant too: "...Dataset_imageLinks"
        found = kind.properties.get(name)
        if not isinstance(found, Collection):
            raise api_usage(f"{class_name}.{name} is an unknown property on type {class_name}")
        counts = dict.fromkeys(ids, 0)
        path = f"x.{found.inverse}.id"
        hql = f"select {path}, count(x.id) from {found.target} x where {path} in (:ids) group by {path}"
        for key, count in self._rows_of(call, hql, list(counts)):
            counts[key] = count
        return counts

    def loadContainerHierarchy(self, call: Call, class_name: str, ids: Sequence[int], options: Any) -> list[Any]:
        """Return containers with their children; options: "leaves" brings the images, "orphan" what is in none."""
        kind = self.model_class(class_name).name
        if kind not in _CHILDREN:
            raise api_usage(
                f"Class parameter for loadContainerIHierarchy() must be in {{Project,Dataset,Screen,Plate}}, not {kind}"
            )
        if not ids and not _has_scope(options):
            raise api_usage(
                "Set of ids for loadContainerHierarchy() may not be null if experimenter and group options are null."
            )
        found = self._containers(call, kind, ids, options)
        if _option(options, "orphan") and not ids and kind in _ORPHANS:
            found += self._orphans(call, kind, options)
        return found

    def getImages(self, call: Call, class_name: str, ids: Sequence[int], options: Any) -> list[Any]:
        """Return the images with these ids, or in these containers, with their pixels."""
        kind = self.model_class(class_name).name
        if kind not in _IMAGES_OF:
            raise api_usage(f"Query not implemented for {kind}")
        if not ids:
            return []
        return self._images(call, [_IMAGES_OF[kind]], options, ids=list(ids))

    def getUserImages(self, call: Call, options: Any) -> list[Any]:
        """Return the images of a user or group."""
        if not _has_scope(options):
            raise api_usage("experimenter or group option is required for getUserImages().")
        return self._images(call, [], options)

    def getImagesByOptions(self, call: Call, options: Any) -> list[Any]:
        """Return the images of a span of time."""
        if _time(options, "startTime") is None and _time(options, "endTime") is None:
            raise api_usage("start or end time option is required for getImagesByOptions().")
        return self._images(call, [], options)

    def getImagesBySplitFilesets(
        self, call: Call, included: dict[str, list[int]], options: Any
    ) -> dict[int, dict[bool, list[int]]]:
        """Return the filesets of which some images are among `included` and others are not: {True: in, False: out}."""
        images, filesets = self._included(call, included)
        split: dict[int, dict[bool, list[int]]] = {}
        hql = (
            "select i.fileset.id, i.id from Image i where i.fileset.id in "
            "(select j.fileset.id from Image j where j.id in (:ids)) order by i.id"
        )
        for fileset, image in self._rows_of(call, hql, sorted(images)):
            if fileset not in filesets:
                split.setdefault(fileset, {True: [], False: []})[image in images].append(image)
        return {fileset: parts for fileset, parts in split.items() if parts[False]}

    def _included(self, call: Call, included: dict[str, list[int]]) -> tuple[set[int], set[int]]:
        known: dict[str, set[int]] = {}
        for class_name, ids in included.items():
            known.setdefault(self.model_class(class_name).name, set()).update(ids)
        filesets = set(known.get("Fileset", ()))
        for parent, child, hql in _DOWN:
            rows = self._rows_of(call, hql, sorted(known.get(parent, ())))
            known.setdefault(child, set()).update(row[0] for row in rows)
        return known.get("Image", set()), filesets

    def _containers(self, call: Call, kind: str, ids: Sequence[int], options: Any) -> list[Any]:
        hql = f"select this from {kind} this left outer join fetch this.details.creationEvent " + _CHILDREN[kind]
        if _option(options, "leaves"):
            hql += _TO_IMAGES[kind] + _LEAVES
        conditions, values = scope("this", options)
        if ids:
            conditions.append("this.id in (:ids)")
            values["ids"] = list(ids)
        return self.query(call, hql + where(conditions), parameters(**values))

    def _orphans(self, call: Call, kind: str, options: Any) -> list[Any]:
        child, link = _ORPHANS[kind]
        conditions, values = scope("this", options)
        conditions.append(f"this.id not in (select l.child.id from {link} l)")
        hql = f"select this from {child} this left outer join fetch this.details.creationEvent "
        return self.query(call, hql + where(conditions), parameters(**values))

    def _images(self, call: Call, conditions: list[str], options: Any, **values: Any) -> list[Any]:
        more, scoped = scope("img", options)
        for name, comparison in (("startTime", ">"), ("endTime", "<")):
            moment = _time(options, name)
            if moment is not None:
                more.append(f"img.details.creationEvent.time {comparison} :{name}")
                values[name] = rtime(moment)
        hql = _IMAGE + where(conditions + more) + " order by img.id"
        return self.query(call, hql, parameters(getattr(options, "theFilter", None), **values, **scoped))

    def _rows_of(self, call: Call, hql: str, ids: Iterable[int]) -> list[Any]:
        wanted = list(ids)
        return unwrap(self.rows(call, hql, parameters(ids=wanted))) if wanted else []


def _has_scope(options: Any) -> bool:
    chosen = getattr(options, "theFilter", None)
    return any(getattr(chosen, field, None) is not None for field in ("ownerId", "groupId"))


def _option(options: Any, name: str) -> bool:
    """Tell whether a client set an option."""
    return bool(unwrap(getattr(getattr(options, "theOptions", None), name, None)))


def _time(options: Any, name: str) -> int | None:
    found: int | None = unwrap(getattr(getattr(options, "theFilter", None), name, None))
    return found
