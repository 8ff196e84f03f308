"""The HQL that IContainer asks: containers with what is in them, and images with their pixels.

Follows OMERO's query definitions Pojos*QueryDefinition.
"""

from __future__ import annotations

from typing import Final

import omero
from omero.rtypes import rtime, unwrap

from omero_desk.server.servants.base import Value, where

CONTAINERS: Final = ("Project", "Dataset", "Screen", "Plate")
ORPHANS: Final = {"Project": ("Dataset", "ProjectDatasetLink"), "Screen": ("Plate", "ScreenPlateLink")}
"""What may be in no container of a class, and the link that would hold it."""

_CHILDREN: Final = {
    "Project": "left outer join fetch this.datasetLinks pdl left outer join fetch pdl.child ds ",
    "Dataset": "",
    "Screen": "left outer join fetch this.plateLinks pdl left outer join fetch pdl.child ds "
    "left outer join fetch ds.details.creationEvent left outer join fetch ds.details.updateEvent "
    "left outer join fetch ds.plateAcquisitions sa ",
    "Plate": "left outer join fetch this.plateAcquisitions sa ",
}
_TO_IMAGES: Final = {
    "Project": "left outer join fetch ds.imageLinks dil left outer join fetch dil.child img ",
    "Dataset": "left outer join fetch this.imageLinks dil left outer join fetch dil.child img ",
    "Screen": "left outer join fetch sa.wellSample ws left outer join fetch ws.image img ",
    "Plate": "left outer join fetch sa.wellSample ws left outer join fetch ws.image img ",
}
_IMAGE_PARTS: Final = (
    "left outer join fetch img.details.creationEvent left outer join fetch img.details.updateEvent "
    "left outer join fetch img.pixels as pix left outer join fetch pix.pixelsType left outer join fetch img.format "
)
_ACQUISITION: Final = (
    "left outer join fetch img.stageLabel left outer join fetch img.imagingEnvironment "
    "left outer join fetch img.objectiveSettings os left outer join fetch os.medium "
    "left outer join fetch os.objective objective left outer join fetch objective.immersion "
    "left outer join fetch objective.correction "
)
IMAGES_IN: Final = {
    "Image": "img.id in (:ids)",
    "Dataset": "img.id in (select dil.child.id from DatasetImageLink dil where dil.parent.id in (:ids))",
    "Project": "img.id in (select dil.child.id from DatasetImageLink dil where dil.parent.id in "
    "(select pdl.child.id from ProjectDatasetLink pdl where pdl.parent.id in (:ids)))",
}
PAGED_IMAGES_IN: Final = {
    "Dataset": "select distinct l.child.id from DatasetImageLink l where l.parent.id in (:ids) order by l.child.id",
    "Project": "select distinct dil.child.id from ProjectDatasetLink pdl join pdl.child ds join ds.imageLinks dil "
    "where pdl.parent.id in (:ids) order by dil.child.id",
}


def containers(kind: str, options: omero.sys.Parameters | None, conditions: list[str]) -> tuple[str, dict[str, Value]]:
    """Return the query, and its values, for containers of a class with what the options ask for."""
    hql = f"select this from {kind} this left outer join fetch this.details.creationEvent {_CHILDREN[kind]}"
    if option(options, "leaves"):
        hql += _TO_IMAGES[kind] + _image_parts(options)
    more, values = scope("this", options)
    return hql + where(conditions + more), values


def images(options: omero.sys.Parameters | None, conditions: list[str]) -> tuple[str, dict[str, Value]]:
    """Return the query, and its values, for images with their pixels."""
    more, values = scope("img", options)
    for name, comparison in (("startTime", ">"), ("endTime", "<")):
        moment = chosen(options, name)
        if moment is not None:
            more.append(f"img.details.creationEvent.time {comparison} :{name}")
            values[name] = rtime(moment)
    hql = f"select img from Image img {_image_parts(options)}{where(conditions + more)} order by img.id"
    return hql, values


def option(options: omero.sys.Parameters | None, name: str) -> bool:
    """Tell whether a client set an option."""
    return bool(unwrap(getattr(getattr(options, "theOptions", None), name, None)))


def chosen(options: omero.sys.Parameters | None, name: str) -> int | None:
    """Return what a client's filter says, None for nothing."""
    found: int | None = unwrap(getattr(getattr(options, "theFilter", None), name, None))
    return found


def scope(alias: str, options: omero.sys.Parameters | None) -> tuple[list[str], dict[str, Value]]:
    """Return the condition and value for the group, else the owner, that a client's filter names; -1 is none."""
    for name, field in (("group", "groupId"), ("owner", "ownerId")):
        wanted = chosen(options, field)
        if wanted is not None and wanted != -1:
            return [f"{alias}.details.{name}.id = :{name}"], {name: wanted}
    return [], {}


def _image_parts(options: omero.sys.Parameters | None) -> str:
    return _IMAGE_PARTS + (_ACQUISITION if option(options, "acquisitionData") else "")
