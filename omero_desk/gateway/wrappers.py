"""Our subclasses of the gateway's wrappers, their registration, and the door for other people's.

A wrapper tells the tree three things about its class: how a row of it is asked for (`ROW`), how its children are found
(`CHILDREN`), and what its label is (`label`). All three can be overridden. A wrapper that is registered through the
entry point group `omero_desk.wrappers` need not know of any of this: one that is written as the documentation of
BlitzGateway describes shows its `listChildren()` under its `getName()`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import omero.gateway
import omero.model

from omero_desk.gateway.entities import Kind
from omero_desk.gateway.plate_entities import place_label
from omero_desk.gateway.rows import Children, Row

ENTRY_POINTS = "omero_desk.wrappers"

_log = logging.getLogger(__name__)


class DeskWrapper(omero.gateway.BlitzObjectWrapper):
    """What all our wrappers can do, on top of the gateway's own."""

    ROW: ClassVar[Row] = Row()
    CHILDREN: ClassVar[tuple[Children, ...]] = ()

    annotation_counter: int | None

    def __prepare__(self, annotation_counter: int | None = None, **kwargs: Any) -> None:
        """Take the count that a caller knows already; everything else goes to the gateway's wrapper."""
        self.annotation_counter = annotation_counter
        super().__prepare__(**kwargs)

    def countAnnotations(self) -> int:
        """The number of links to annotations; asked of the container service once, then remembered."""
        if self.annotation_counter is None:
            counts = self._conn.getContainerService().getCollectionCount(
                self._obj.__class__.__name__,
                self._obj.ANNOTATIONLINKS,
                [self.getId()],
                None,
                self._conn.SERVICE_OPTS,
            )
            self.annotation_counter = counts.get(self.getId(), 0)
        return self.annotation_counter

    @classmethod
    def is_annotatable(cls) -> bool:
        """Whether OMERO can hang annotations on objects of this class."""
        return hasattr(omero.model, f"{cls.OMERO_CLASS}AnnotationLinkI")

    @classmethod
    def label(cls, row: Mapping[str, Any]) -> str:
        """The label for a row, which holds what `ROW` asks for; an object without a name is called by class and id."""
        return row["name"] or f"{cls.OMERO_CLASS} {row['id']}"

    @classmethod
    def count(cls, row: Mapping[str, Any]) -> int | None:
        """The number of children of a row, None for a class that has none."""
        count: int | None = row.get("childCount")
        return count

    @classmethod
    def sort_label(cls, row: Mapping[str, Any]) -> str:
        """What a row sorts by among its siblings, in natural order: its label, unless a class knows better."""
        return cls.label(row)


def _count(link: str, of: str = "parent") -> str:
    return f"(select count(l.id) from {link} l where l.{of}.id = obj.id)"


class ProjectWrapper(DeskWrapper, omero.gateway.ProjectWrapper):
    """A project holds datasets."""

    ROW = Row(child_count=_count("ProjectDatasetLink"))
    CHILDREN = (Children(Kind.DATASET, "join obj.projectLinks link", "link.parent.id = :id"),)


class DatasetWrapper(DeskWrapper, omero.gateway.DatasetWrapper):
    """A dataset holds images."""

    ROW = Row(child_count=_count("DatasetImageLink"))
    CHILDREN = (Children(Kind.IMAGE, "join obj.datasetLinks link", "link.parent.id = :id"),)


class ImageWrapper(DeskWrapper, omero.gateway.ImageWrapper):
    """An image is a leaf."""

    ROW = Row(acquired="obj.acquisitionDate")


class ScreenWrapper(DeskWrapper, omero.gateway.ScreenWrapper):
    """A screen holds plates."""

    ROW = Row(child_count=_count("ScreenPlateLink"))
    CHILDREN = (Children(Kind.PLATE, "join obj.screenLinks link", "link.parent.id = :id"),)


class PlateWrapper(DeskWrapper, omero.gateway.PlateWrapper):
    """A plate holds runs, or wells right away where nobody made runs."""

    _RUNS = "(select count(r.id) from PlateAcquisition r where r.plate.id = obj.id)"
    _WELLS = "(select count(w.id) from Well w where w.plate.id = obj.id)"
    ROW = Row(child_count=_RUNS, extra={"wells": _WELLS})
    CHILDREN = (
        Children(Kind.RUN, where="obj.plate.id = :id", order="obj.id"),
        Children(
            Kind.WELL,
            "join obj.plate plate",
            "plate.id = :id and not exists (select r.id from PlateAcquisition r where r.plate.id = :id)",
            "obj.row, obj.column",
        ),
    )

    @classmethod
    def count(cls, row: Mapping[str, Any]) -> int | None:
        """The number of runs, else of wells."""
        count: int = row["childCount"] or row["wells"]
        return count


class PlateAcquisitionWrapper(DeskWrapper, omero.gateway.PlateAcquisitionWrapper):
    """A run (plate acquisition) holds the wells of its plate that it took pictures of."""

    ROW = Row(
        child_count="(select count(distinct f.well.id) from WellSample f where f.plateAcquisition.id = obj.id)",
        acquired="obj.startTime",
    )
    CHILDREN = (
        Children(
            Kind.WELL,
            "join obj.plate plate",
            "exists (select f.id from WellSample f where f.well.id = obj.id and f.plateAcquisition.id = :id)",
            "obj.row, obj.column",
        ),
    )

    @classmethod
    def label(cls, row: Mapping[str, Any]) -> str:
        """A run without a name is called by its number."""
        return row["name"] or f"Run {row['id']}"


class WellWrapper(DeskWrapper, omero.gateway.WellWrapper):
    """A well holds the images of its fields (well samples), in the order that they were taken in."""

    ROW = Row(
        name="obj.externalDescription",
        child_count="(select count(f.id) from WellSample f where f.well.id = obj.id"
        " and (:run = 0 or f.plateAcquisition.id = :run))",
        extra={
            "row": "obj.row",
            "column": "obj.column",
            "row_naming": "plate.rowNamingConvention",
            "column_naming": "plate.columnNamingConvention",
        },
    )
    CHILDREN = (
        Children(
            Kind.IMAGE,
            "join obj.wellSamples field",
            "field.well.id = :id and (:run = 0 or field.plateAcquisition.id = :run)",
            "field.id",
        ),
    )

    @classmethod
    def label(cls, row: Mapping[str, Any]) -> str:
        """The well's place on the plate as OMERO's clients write it, A1 unless the plate names it otherwise."""
        column, number = row["column"] or 0, row["row"] or 0
        down = place_label(number, row["row_naming"] or "", "letter")
        return f"{down}{place_label(column, row['column_naming'] or '', 'number')}"

    @classmethod
    def sort_label(cls, row: Mapping[str, Any]) -> str:
        """Row by row: AA comes after Z."""
        return f"{row['row'] or 0} {row['column'] or 0}"


BUILT_IN: tuple[type[DeskWrapper], ...] = (
    ProjectWrapper,
    DatasetWrapper,
    ImageWrapper,
    ScreenWrapper,
    PlateWrapper,
    PlateAcquisitionWrapper,
    WellWrapper,
)


def generic(kind: str) -> type[DeskWrapper]:
    """A wrapper for a class of the model that has none of its own."""
    model = getattr(omero.model, f"{kind}I", None)
    named = model is not None and "name" in model._field_info._fields
    row = Row(name="obj.name" if named else "''")
    return type(f"{kind}Wrapper", (DeskWrapper,), {"OMERO_CLASS": kind, "ROW": row})
