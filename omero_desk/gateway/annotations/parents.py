"""The objects that an object is in, over all links: their ids for other queries, and their names as places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from omero_desk.entities.annotations import Place
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.plates import place_label
from omero_desk.gateway.rows import Record, Row
from omero_desk.gateway.texts import shown

Named = tuple[Ref, str]
MOST: Final = 200
"""Places of an object that are told."""

_RUN: Final = "select r.id from PlateAcquisition r where r.id = :run"
_OF_RUN: Final = "select r.plate.id from PlateAcquisition r where r.id = :id"
_OF_WELL: Final = "select w.plate.id from Well w where w.id = :id"
_SCREENS: Final = "select c.parent.id from ScreenPlateLink c where c.child.id in ({})"
_OF_IMAGE: Final = "select s.well.plate.id from WellSample s where s.image.id = :id"
_DATASETS: Final = "select d.parent.id from DatasetImageLink d where d.child.id = :id"
_PROJECTS: Final = "select p.parent.id from ProjectDatasetLink p where p.child.id in ({})"

PARENTS: Final[Mapping[str, Mapping[str, str]]] = {
    Kind.DATASET: {Kind.PROJECT: _PROJECTS.format(":id")},
    Kind.IMAGE: {
        Kind.DATASET: _DATASETS,
        Kind.PROJECT: _PROJECTS.format(_DATASETS),
        Kind.WELL: "select s.well.id from WellSample s where s.image.id = :id",
        Kind.RUN: "select s.plateAcquisition.id from WellSample s where s.image.id = :id",
        Kind.PLATE: _OF_IMAGE,
        Kind.SCREEN: _SCREENS.format(_OF_IMAGE),
    },
    Kind.PLATE: {Kind.SCREEN: _SCREENS.format(":id")},
    Kind.RUN: {Kind.PLATE: _OF_RUN, Kind.SCREEN: _SCREENS.format(_OF_RUN)},
    Kind.WELL: {Kind.RUN: _RUN, Kind.PLATE: _OF_WELL, Kind.SCREEN: _SCREENS.format(_OF_WELL)},
}
"""Queries for the ids of all objects above :id, by their kinds; a well is in the run :run that it is seen through."""

_ABOVE: Final = "select l.child.id, p.id, p.name from {} l join l.parent p where l.child.id in ({}) order by l.id"
_PROJECTS_OF: Final = _ABOVE.format("ProjectDatasetLink", "{}")
_SCREENS_OF: Final = _ABOVE.format("ScreenPlateLink", "{}")
_DATASETS_OF: Final = _ABOVE.format("DatasetImageLink", ":id")
_PLATE: Final = "p.id as plate, p.name as plateName, p.rowNamingConvention as rows, p.columnNamingConvention as columns"
_FIELDS: Final = f"""
    select new map(w.id as well, w.row as row, w.column as column, r.id as run, r.name as runName, {_PLATE})
    from WellSample s join s.well w join w.plate p left outer join s.plateAcquisition r
    where s.image.id = :id order by s.id"""
_PLATE_OF_RUN: Final = f"select new map({_PLATE}) from PlateAcquisition r join r.plate p where r.id = :id"
_PLATE_OF_WELL: Final = f"select new map({_PLATE}) from Well w join w.plate p where w.id = :id"
_NAME_OF_RUN: Final = "select r.id, r.name from PlateAcquisition r where r.id = :run"

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.DATASET: (_PROJECTS_OF.format(":id"),),
    Kind.IMAGE: (_DATASETS_OF, _PROJECTS_OF.format(_DATASETS), _FIELDS, _SCREENS_OF.format(_OF_IMAGE)),
    Kind.PLATE: (_SCREENS_OF.format(":id"),),
    Kind.RUN: (_PLATE_OF_RUN, _SCREENS_OF.format(_OF_RUN)),
    Kind.WELL: (_PLATE_OF_WELL, _SCREENS_OF.format(_OF_WELL), _NAME_OF_RUN),
}
"""Queries for the rows that `places` takes, by the kind of :id; a well is seen through :run, which is 0 for none."""


def places(ref: Ref, rows: Sequence[Sequence[Row]]) -> tuple[Place, ...]:
    """Return all places of an object, a dataset that is in two projects twice; from the rows of its `PLACES`."""
    make = _MAKERS.get(ref.kind)
    found = dict.fromkeys(make(*rows)) if make is not None else {}
    return tuple(found)[:MOST]


def well_label(row: int, column: int, rows: str, columns: str) -> str:
    """Return what a well is called, such as B3, by the plate's conventions for naming rows and columns."""
    return f"{place_label(row, rows, 'letter')}{place_label(column, columns, 'number')}"


def _in_images(
    datasets: Sequence[Row], projects: Sequence[Row], fields: Sequence[Row], screens: Sequence[Row]
) -> Iterable[Place]:
    above = _by_child(Kind.PROJECT, projects)
    for _, dataset, name in datasets:
        for project in above.get(dataset, [()]):
            yield Place(Ref(Kind.DATASET, dataset), shown(name), project)
    holders = _by_child(Kind.SCREEN, screens)
    for (row,) in fields:
        run = row["run"] or 0
        runs = ((Ref(Kind.RUN, run), shown(row["runName"])),) if run else ()
        label = well_label(row["row"] or 0, row["column"] or 0, shown(row["rows"]), shown(row["columns"]))
        for screen in holders.get(row["plate"], [()]):
            yield Place(Ref(Kind.WELL, row["well"], run), label, (*screen, _plate(row), *runs))


def _in_project(projects: Sequence[Row]) -> Iterable[Place]:
    return (Place(Ref(Kind.PROJECT, identity), shown(name)) for _, identity, name in projects)


def _in_screen(screens: Sequence[Row]) -> Iterable[Place]:
    return (Place(Ref(Kind.SCREEN, identity), shown(name)) for _, identity, name in screens)


def _in_plate(plates: Sequence[Row], screens: Sequence[Row], runs: Sequence[Row] = ()) -> Iterable[Place]:
    holders = _by_child(Kind.SCREEN, screens)
    for (row,) in plates:
        plate = _plate(row)
        for screen in holders.get(row["plate"], [()]):
            if not runs:
                yield Place(*plate, screen)
            for identity, name in runs:
                yield Place(Ref(Kind.RUN, identity), shown(name), (*screen, plate))


def _plate(row: Record) -> Named:
    return Ref(Kind.PLATE, row["plate"]), shown(row["plateName"])


def _by_child(kind: str, rows: Sequence[Row]) -> dict[int, list[tuple[Named, ...]]]:
    """Return the objects above by the ids of what is in them."""
    found: dict[int, list[tuple[Named, ...]]] = defaultdict(list)
    for child, identity, name in rows:
        found[child].append(((Ref(kind, identity), shown(name)),))
    return found


_MAKERS: Final[Mapping[str, Callable[..., Iterable[Place]]]] = {
    Kind.DATASET: _in_project,
    Kind.IMAGE: _in_images,
    Kind.PLATE: _in_screen,
    Kind.RUN: _in_plate,
    Kind.WELL: _in_plate,
}
