"""Our subclasses of the gateway's wrappers, their registration, and the door for other people's.

A wrapper tells the tree three things about its class: how a row of it is asked for (`ROW`), how its children are found
(`CHILDREN`), and what its label is (`label`). All three can be overridden. A wrapper of another package need not know
of this: what it overrides of BlitzGateway's own methods (`getName`, `listChildren`, `countAnnotations`...) counts.
"""

from __future__ import annotations

import functools
from typing import ClassVar

import omero.gateway
import omero.model

from omero_desk.entities.objects import Kind
from omero_desk.entities.plates import place_label
from omero_desk.gateway.rows import Record
from omero_desk.gateway.wrappers.row_queries import Children, Row


class DeskWrapper(omero.gateway.BlitzObjectWrapper):
    """The base of our wrappers, on top of the gateway's own."""

    ROW: ClassVar[Row] = Row()
    CHILDREN: ClassVar[tuple[Children, ...]] = ()

    annotation_counter: int | None = None  # of the class too: subclasses need not call our __prepare__

    def __prepare__(self, annotation_counter: int | None = None, **kwargs: object) -> None:
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

    def _getChildWrapper(self) -> type[omero.gateway.BlitzObjectWrapper]:
        """Return the wrapper of children that stands in `omero.gateway` now; the gateway's own keeps the first one."""
        wrapper = self.CHILD_WRAPPER_CLASS
        if not isinstance(wrapper, str):
            return super()._getChildWrapper()
        found: type[omero.gateway.BlitzObjectWrapper] = getattr(omero.gateway, wrapper)
        return found

    @classmethod
    def is_annotatable(cls) -> bool:
        """Return whether OMERO can link annotations to objects of this class."""
        return hasattr(omero.model, f"{cls.OMERO_CLASS}AnnotationLinkI")

    @classmethod
    def has(cls, name: str) -> bool:
        """Return whether OMERO's class has a property of that name."""
        return _has(cls.OMERO_CLASS, name)

    @classmethod
    def label(cls, row: Record) -> str:
        """Return the label for a row, which has the columns of `ROW`: its name; "" is shown as the class and id."""
        return row["name"] or ""

    @classmethod
    def count(cls, row: Record) -> int | None:
        """Return the number of children of a row, None for a class that has none."""
        count: int | None = row.get("childCount")
        return count

    @classmethod
    def sort_label(cls, row: Record) -> str:
        """Return the text that a row sorts by among its siblings, in natural order: its label, unless overridden."""
        return cls.label(row) or f"{cls.OMERO_CLASS} {row['id']}"

    @classmethod
    def is_sorted_by_place(cls) -> bool:
        """Return whether siblings stand in another order than that of their names."""
        return cls.sort_label.__func__ is not DeskWrapper.sort_label.__func__  # type: ignore[attr-defined]


def _count(link: str) -> str:
    """Return the number of children: each once, however many people have linked it."""
    return f"(select count(distinct l.child.id) from {link} l where l.parent.id = obj.id)"


def _linked(link: str) -> str:
    """Return the condition for the children of :id, which holds once for each however many people have linked it."""
    return f"obj.id in (select l.child.id from {link} l where l.parent.id = :id)"


class ProjectWrapper(DeskWrapper, omero.gateway.ProjectWrapper):
    """A project holds datasets."""

    ROW = Row(child_count=_count("ProjectDatasetLink"))
    CHILDREN = (Children(Kind.DATASET, where=_linked("ProjectDatasetLink")),)


class DatasetWrapper(DeskWrapper, omero.gateway.DatasetWrapper):
    """A dataset holds images."""

    ROW = Row(child_count=_count("DatasetImageLink"))
    CHILDREN = (Children(Kind.IMAGE, where=_linked("DatasetImageLink")),)


class ImageWrapper(DeskWrapper, omero.gateway.ImageWrapper):
    """An image is a leaf."""

    ROW = Row(acquired="obj.acquisitionDate")


class ScreenWrapper(DeskWrapper, omero.gateway.ScreenWrapper):
    """A screen holds plates."""

    ROW = Row(child_count=_count("ScreenPlateLink"))
    CHILDREN = (Children(Kind.PLATE, where=_linked("ScreenPlateLink")),)


class PlateWrapper(DeskWrapper, omero.gateway.PlateWrapper):
    """A plate holds runs, and wells right away where nobody made runs or a field belongs to none."""

    _RUNS = "(select count(r.id) from PlateAcquisition r where r.plate.id = obj.id)"
    _WELLS = "(select count(w.id) from Well w where w.plate.id = obj.id)"
    _OUTSIDE = (
        "(select count(distinct f.well.id) from WellSample f where f.well.plate.id = obj.id"
        " and f.plateAcquisition.id is null)"
    )
    ROW = Row(child_count=_RUNS, extra={"wells": _WELLS, "outside": _OUTSIDE})
    CHILDREN = (
        Children(Kind.RUN, where="obj.plate.id = :id", order="obj.id"),
        Children(
            Kind.WELL,
            "join obj.plate plate",
            "plate.id = :id and (not exists (select r.id from PlateAcquisition r where r.plate.id = :id)"
            " or exists (select f.id from WellSample f where f.well.id = obj.id and f.plateAcquisition.id is null))",
            "obj.row, obj.column",
        ),
    )

    @classmethod
    def count(cls, row: Record) -> int | None:
        """Return the number of runs, and of wells with fields outside of them; of all wells if there are no runs."""
        count: int = row["childCount"] + row["outside"] if row["childCount"] else row["wells"]
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
    def label(cls, row: Record) -> str:
        """Return the well's place on the plate as OMERO's clients write it, A1 unless the plate names it otherwise."""
        column, number = row["column"] or 0, row["row"] or 0
        down = place_label(number, row["row_naming"] or "", "letter")
        return f"{down}{place_label(column, row['column_naming'] or '', 'number')}"

    @classmethod
    def sort_label(cls, row: Record) -> str:
        """Return a text that sorts row by row: AA comes after Z."""
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


@functools.lru_cache
def generic(kind: str) -> type[DeskWrapper]:
    """Return a wrapper for a class of the model that has none of its own."""
    named = _has(kind, "name")
    return type(f"{kind}Wrapper", (DeskWrapper,), {"OMERO_CLASS": kind, "ROW": Row(name="obj.name" if named else "''")})


def _has(kind: str, name: str) -> bool:
    """Return whether a class of OMERO's model has a property of that name."""
    model = getattr(omero.model, f"{kind}I", None)
    return model is not None and name in model._field_info._fields
