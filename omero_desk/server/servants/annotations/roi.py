"""IRoi: regions of interest and the shapes in them. Measuring them is in `measurements`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import omero
from omero.constants.namespaces import NSMEASUREMENT
from omero.rtypes import rstring, unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.servants.annotations.measurements import MeasurementService
from omero_desk.server.servants.base import Value, parameters, where

_SHAPES: Final = "join fetch r.shapes s "
_FOLDERS: Final = "left outer join fetch r.folderLinks fl left outer join fetch fl.parent "
_ON_PLATES: Final = (
    "join r.image i join i.wellSamples ws join ws.well well join well.plate plate "
    "join plate.annotationLinks links join links.child a "
)
_ANY: Final = -1


class RoiService(MeasurementService):
    """Follows OMERO's RoiI. A region without a shape is not found."""

    def findByImage(self, call: Call, image_id: int, options: omero.api.RoiOptions) -> omero.api.RoiResult:
        """Return the regions of an image."""
        return self._find(call, _SHAPES + _FOLDERS, ["r.image.id = :id"], options, id=image_id)

    def findByRoi(self, call: Call, roi_id: int, options: omero.api.RoiOptions) -> omero.api.RoiResult:
        """Return one region."""
        return self._find(call, _SHAPES, ["r.id = :id"], options, id=roi_id)

    def findByPlane(
        self, call: Call, image_id: int, z: int, t: int, options: omero.api.RoiOptions
    ) -> omero.api.RoiResult:
        """Return the regions of an image with those of their shapes that are on a plane."""
        conditions = ["r.image.id = :id", "(s.theZ is null or s.theZ = :z)", "(s.theT is null or s.theT = :t)"]
        return self._find(call, _SHAPES + _FOLDERS, conditions, options, id=image_id, z=z, t=t)

    def getRoiMeasurements(
        self, call: Call, image_id: int, options: omero.api.RoiOptions
    ) -> list[omero.model.Annotation]:
        """Return the measurements of the plate of an image that its regions are part of."""
        conditions, values = _scope("fa", options)
        conditions += ["fa.ns = :ns", "rfa.id = fa.id", "i.id = :id", "roi.image.id = i.id"]
        hql = (
            "select distinct fa from Image i, Roi roi join roi.annotationLinks rlinks join rlinks.child rfa "
            "join i.wellSamples ws join ws.well well join well.plate plate join plate.annotationLinks links "
            f"join links.child fa {where(conditions)}"
        )
        return self.query(call, hql, parameters(id=image_id, ns=rstring(NSMEASUREMENT), **values))

    def getMeasuredRois(
        self, call: Call, image_id: int, annotation_id: int, options: omero.api.RoiOptions
    ) -> omero.api.RoiResult:
        """Return the regions of an image on a plate that a measurement belongs to."""
        conditions = ["i.id = :id", "a.id = :annotation"]
        return self._find(call, _SHAPES + _ON_PLATES, conditions, None, id=image_id, annotation=annotation_id)

    def getMeasuredRoisMap(
        self, call: Call, image_id: int, ids: Sequence[int], options: omero.api.RoiOptions
    ) -> dict[int, omero.api.RoiResult]:
        """Return the measured regions of an image for each of several measurements."""
        return {one: self.getMeasuredRois(call, image_id, one, options) for one in ids}

    def getTable(self, call: Call, annotation_id: int) -> None:
        """Return None for the table of a measurement: this server has no tables."""
        hql = "select fa.file.id from FileAnnotation fa where fa.id = :id"
        if not self.rows(call, hql, parameters(id=annotation_id)):
            raise api_usage(f"No such file annotation: {annotation_id}")

    def _find(
        self, call: Call, joins: str, conditions: list[str], options: omero.api.RoiOptions | None, **values: Value
    ) -> omero.api.RoiResult:
        scoped, more = _scope("r", options)
        hql = f"select distinct r from Roi r {joins}{where([*conditions, *scoped])} order by r.id"
        rois: list[omero.model.Roi] = self.query(call, hql, parameters(_page(options), **values, **more))
        shapes = [shape for roi in rois for shape in roi.copyShapes() if shape is not None]
        return omero.api.RoiResult(options, rois, _by("theZ", shapes), _by("theT", shapes))


def _by(axis: str, shapes: Iterable[omero.model.Shape]) -> dict[int, list[omero.model.Shape]]:
    """Return shapes by their place on an axis, -1 for those that are everywhere on it."""
    found: dict[int, list[omero.model.Shape]] = {}
    for shape in shapes:
        place = unwrap(getattr(shape, axis))
        found.setdefault(_ANY if place is None else place, []).append(shape)
    return found


def _scope(alias: str, options: omero.api.RoiOptions | None) -> tuple[list[str], dict[str, Value]]:
    """Return conditions and values for the owner and group that the options name."""
    conditions: list[str] = []
    values: dict[str, Value] = {}
    for name, field in (("owner", "userId"), ("group", "groupId")):
        wanted = unwrap(getattr(options, field, None))
        if wanted is not None:
            conditions.append(f"{alias}.details.{name}.id = :{name}")
            values[name] = wanted
    return conditions, values


def _page(options: omero.api.RoiOptions | None) -> omero.sys.Filter:
    page = omero.sys.Filter()
    page.offset, page.limit = getattr(options, "offset", None), getattr(options, "limit", None)
    return page
