"""The rows of the demo library: its people and their data."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from omero_desk.server.access.accounts import add_member, create_group, create_user
from omero_desk.server.access.permissions import parse
from omero_desk.server.database.schema import Schema
from omero_desk.server.demo.annotations import annotate, discuss
from omero_desk.server.demo.files import share
from omero_desk.server.demo.layout import (
    GROUPS,
    GUESTS,
    HOME,
    PEOPLE,
    SECTIONS,
    SEGMENTATION,
    TEN_THOUSAND,
    DatasetPlan,
    ProjectPlan,
    SectionPlan,
)
from omero_desk.server.demo.microscopes import add_microscope
from omero_desk.server.demo.plates import add_screens
from omero_desk.server.demo.rois import add_rois
from omero_desk.server.demo.shelf import DAY, FIRST_DAY, HOUR, Shelf
from omero_desk.server.demo.tables import add_tables
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import ImageFileRecord

_PER_EVENT: Final = 50
_PER_INSERT: Final = 20 * _PER_EVENT


class DemoContents:
    """Writes the demo's rows through one connection, from its files by name."""

    def __init__(
        self, schema: Schema, connection: Connection, data_dir: Path, files: Mapping[str, ImageFileRecord]
    ) -> None:
        self._schema = schema
        self._connection = connection
        self._data_dir = data_dir
        self._files = files

    def fill(self, progress: Callable[[float, str], None]) -> None:
        """Write everything; `progress` is told the share that is done and of what."""
        self._add_people()
        for n, section in enumerate(SECTIONS):
            progress(n / len(SECTIONS), f"Filling {section.group} for {PEOPLE[section.owner][0]}")
            filler = _Filler(self._shelf(section.owner, section.group), self._data_dir, self._files, section)
            filler.fill()
            for colleague in GUESTS.get((section.owner, section.group), ()):
                discuss(self._shelf(colleague, section.group), filler.small_images())

    def _shelf(self, owner: str, group: str) -> Shelf:
        plan = next(plan for plan in GROUPS if plan.name == group)
        place = (owner, self._people[owner]), (group, self._groups[group])
        return Shelf(self._schema, self._connection, *place, parse(plan.permissions))

    def _add_people(self) -> None:
        """Add groups and users, and keep their ids by name."""
        groups = self._groups = {
            plan.name: create_group(self._schema, self._connection, plan.name, plan.permissions, plan.description)
            for plan in GROUPS
        }
        people = self._people = {name: self._add_person(name, groups) for name in PEOPLE}
        for plan in GROUPS:
            add_member(self._schema, self._connection, groups[plan.name], people[plan.members[0]], is_leader=True)

    def _add_person(self, name: str, groups: Mapping[str, int]) -> int:
        first, last = PEOPLE[name]
        mine = [
            groups[plan.name] for plan in sorted(GROUPS, key=lambda plan: plan.name != HOME) if name in plan.members
        ]
        return create_user(
            self._schema,
            self._connection,
            name,
            first_name=first,
            last_name=last,
            groups=mine,
            password=name,
            email=f"{name}@example.org",
            institution="Institute of Demonstration",
        )


class _Filler:
    """Writes the data of one person in one group."""

    def __init__(
        self, shelf: Shelf, data_dir: Path, files: Mapping[str, ImageFileRecord], section: SectionPlan
    ) -> None:
        self._shelf = shelf
        self._data_dir = data_dir
        self._section = section
        self._rows = ImageRows(shelf.schema, shelf.connection)
        self._all_files = files
        self._mine: dict[str, tuple[ImageFileRecord, int]] = {}
        self._datasets: dict[str, int] = {}
        self._images: dict[str, list[int]] = {}

    def fill(self) -> None:
        """Write the section's containers, images, plates and annotations."""
        for project in self._section.projects:
            self._add_project(project)
        for plan in self._section.loose_datasets:
            self._add_dataset(plan)
        loose = DatasetPlan("", "cells", self._section.loose_images, "Loose {0}")
        self._add_images(loose, _when(self._section.owner + "loose"))
        self._repeat_images()
        add_screens(self._shelf, self._section.screens, self._enter)
        self._outline()
        add_microscope(self._shelf, self.small_images())
        annotate(self._shelf, self._data_dir, self.small_images(), self._images.get(TEN_THOUSAND, ()))
        add_tables(self._shelf, self._data_dir)

    def small_images(self) -> list[int]:
        """Return all images in datasets without the ten thousand."""
        return [image for name, ids in self._images.items() if name != TEN_THOUSAND for image in ids]

    def _add_project(self, plan: ProjectPlan) -> None:
        time = _when(plan.name)
        (project_id,) = self._shelf.add("Project", [{"name": plan.name, "description": plan.description}], time)
        children = [self._add_dataset(dataset) for dataset in plan.datasets]
        children += [self._datasets[name] for name in plan.also]
        self._shelf.link("ProjectDatasetLink", [(project_id, child) for child in children], time + HOUR)

    def _add_dataset(self, plan: DatasetPlan) -> int:
        time = _when(plan.name)
        (dataset_id,) = self._shelf.add("Dataset", [{"name": plan.name}], time)
        images = self._add_images(plan, time + HOUR)
        self._shelf.link("DatasetImageLink", [(dataset_id, image) for image in images], time + 2 * HOUR)
        self._datasets[plan.name] = dataset_id
        self._images[plan.name] = images
        return dataset_id

    def _add_images(self, plan: DatasetPlan, time: int) -> list[int]:
        names = [plan.pattern.format(n + 1) for n in range(plan.count)]
        return self._enter(plan.pictures, names, range(plan.count), time)

    def _repeat_images(self) -> None:
        """Put some images into a second dataset."""
        if "Flat fields" in self._datasets:
            twice = self._images["2024-03-12 control"][:3]
            pairs = [(self._datasets["Flat fields"], image) for image in twice]
            self._shelf.link("DatasetImageLink", pairs, _when("twice"))

    def _outline(self) -> None:
        """Add ROIs to the images that were segmented."""
        images = self._images.get(SEGMENTATION, [])
        files = [file for name, file in self._all_files.items() if name.startswith("labels")]
        if images and files:
            add_rois(self._shelf, files[0].path, images, _when("rois"))

    def _enter(self, pictures: str, names: Sequence[str], turns: Sequence[int], time: int) -> list[int]:
        """Enter images in files whose names start with `pictures`; `turns` says which of them, in a circle."""
        files = [name for name in self._all_files if name.startswith(pictures)]
        found: list[int] = []
        for start in range(0, len(names), _PER_INSERT):
            numbers = range(start, min(start + _PER_INSERT, len(names)))
            found += self._enter_some(files, names, turns, {n: _moment(time, n) for n in numbers})
        return found

    def _enter_some(
        self, files: Sequence[str], names: Sequence[str], turns: Sequence[int], moments: Mapping[int, int]
    ) -> list[int]:
        """Enter the images whose numbers have a moment, those of one moment in one event."""
        details = {moment: self._shelf.details(moment) for moment in dict.fromkeys(moments.values())}
        entered = [self._file(files[turns[n] % len(files)]) for n in moments]
        pairs = zip(entered, moments.values(), strict=True)
        filesets = self._rows.add_filesets(
            self._data_dir, [(file, key, details[moment]) for (file, key), moment in pairs]
        )
        return self._rows.add_images(
            [
                NewImage(file.images[0], fileset, names[n], details[moment], moment - DAY + n * 60_000)
                for (n, moment), (file, _), fileset in zip(moments.items(), entered, filesets, strict=True)
            ]
        )

    def _file(self, name: str) -> tuple[ImageFileRecord, int]:
        """The section's own copy of a file, with the id of its original file."""
        if name not in self._mine:
            file = self._all_files[name]
            if (self._section.owner, self._section.group) != ("demo", HOME):
                file = share(self._data_dir, file, self._section.owner, self._section.group)
            details = self._shelf.details(file.modified)
            self._mine[name] = file, self._rows.add_image_file(self._data_dir, file, details)
        return self._mine[name]


def _moment(time: int, number: int) -> int:
    """Return when the image of a number is entered, of many that are begun to be entered at a time."""
    return time + number // _PER_EVENT * _PER_EVENT * HOUR // 100


def _when(name: str) -> int:
    """Return a working hour within four years, always the same one for a name."""
    number = zlib.crc32(name.encode())
    return FIRST_DAY + number % 1500 * DAY + (8 + number // 1500 % 10) * HOUR + number // 15000 % 3600 * 1000
