"""A library made of rows, asked by HQL and in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import omero.sys
import pytest
from omero import rtypes
from sqlalchemy import Connection

from omero_desk.server.access.accounts import create_group, create_user, find_user
from omero_desk.server.access.caller import Caller, load_caller
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from omero_desk.server.hql.query import run_projection, run_query
from tests.support.present import present

DAY = 1_700_000_000_000


class _UndoneError(Exception):
    pass


@dataclass
class Library:
    """A store with two users, ada and ben, in a group that both can read and in one that is private."""

    store: Store
    callers: dict[str, Caller]
    groups: dict[str, int]

    def details(self, owner: str = "ada", group: str = "shared") -> dict[str, int]:
        """The columns of details of a row."""
        return {
            "owner_id": self.callers[owner].user_id,
            "group_id": self.groups[group],
            "creation_id": 0,
            "update_id": 0,
        }

    def insert(self, connection: Connection, class_name: str, *rows: dict[str, Any], **details: str) -> list[int]:
        """Insert rows with details, and return their ids."""
        common = self.details(**details)
        return self.store.insert_rows(connection, class_name, [{**common, **row} for row in rows])

    @contextmanager
    def scratch(self) -> Iterator[Connection]:
        """A connection whose writes are undone in the end."""
        with suppress(_UndoneError), self.store.write() as connection:
            yield connection
            raise _UndoneError

    def project(self, hql: str, *, connection: Any = None, **options: Any) -> list[list[Any]]:
        """The rows of a projection, as RTypes."""
        return self._ask(run_projection, hql, connection, **options)

    def rows(self, hql: str, **options: Any) -> list[Any]:
        """The rows of a projection, as Python values; those of a map alone as dicts."""
        rows = [rtypes.unwrap(row) for row in self.project(hql, **options)]
        return [row[0] if len(row) == 1 and isinstance(row[0], dict) else tuple(row) for row in rows]

    def values(self, hql: str, **options: Any) -> list[Any]:
        """The values of a projection of one column."""
        return [row[0] if row else None for row in self.rows(hql, **options)]

    def objects(self, hql: str, *, connection: Any = None, **options: Any) -> list[Any]:
        """The objects of a query."""
        return self._ask(run_query, hql, connection, **options)

    def _ask(self, run: Callable[..., list[Any]], hql: str, connection: Any, **options: Any) -> list[Any]:
        if connection is None:
            with self.store.read() as reading:
                return self._ask(run, hql, reading, **options)
        caller = self.callers[options.pop("user", "ada")]
        group = options.pop("group", self.groups["shared"])
        return run(connection, self.store.schema, caller, group, hql, parameters(**options))


def parameters(*, offset: int | None = None, limit: int | None = None, owner: int | None = None, **values: Any) -> Any:
    """What a client sends along with a query."""
    made = omero.sys.Parameters()
    made.map = {name: value if isinstance(value, omero.RType) else rtypes.wrap(value) for name, value in values.items()}
    made.theFilter = omero.sys.Filter()
    made.theFilter.offset = None if offset is None else rtypes.rint(offset)
    made.theFilter.limit = None if limit is None else rtypes.rint(limit)
    made.theFilter.ownerId = None if owner is None else rtypes.rlong(owner)
    return made


@contextmanager
def opened_library(folder: Path) -> Iterator[Library]:
    """A new library in a folder, with users and groups only."""
    store = Store(folder)
    with store.write() as connection:
        groups = {
            "shared": create_group(store.schema, connection, "shared", "rwr---"),
            "private": create_group(store.schema, connection, "private", "rw----"),
        }
        for name in ("ada", "ben"):
            names = {"first_name": name.title(), "last_name": "Lab"}
            create_user(store.schema, connection, name, groups=list(groups.values()), password=name, **names)
        users = {
            "root": 0,
            "ada": find_user(store.schema, connection, "ada"),
            "ben": find_user(store.schema, connection, "ben"),
        }
        callers = {name: load_caller(connection, present(number)) for name, number in users.items()}
    yield Library(store, callers, groups)
    store.close()


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Tests write in its `scratch`."""
    with opened_library(tmp_path_factory.mktemp("empty")) as library:
        yield library


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Tests only read it; `furnish` says what is in it."""
    with opened_library(tmp_path_factory.mktemp("full")) as library:
        with library.store.write() as connection:
            furnish(library, connection)
        yield library


def furnish(library: Library, connection: Connection) -> None:
    """Two projects, three datasets (one in both, one in none), six images, a plate, annotations, a private image."""
    add = partial(library.insert, connection)
    projects = add("Project", {"name": "Zebra"}, {"name": "apple"})
    datasets = add("Dataset", {"name": "d1"}, {"name": "d2", "description": "second"}, {"name": "lonely"})
    for parent, child in ((0, 0), (0, 1), (1, 1)):
        add("ProjectDatasetLink", {"parent_id": projects[parent], "child_id": datasets[child]})
    (fileset,) = add("Fileset", {"templatePrefix": "ada/2026/"})
    images = add("Image", *[_image(n, fileset if n < 2 else None) for n in range(6)])
    for n, image in enumerate(images[:5]):
        add("DatasetImageLink", {"parent_id": datasets[n % 2], "child_id": image})
    add("Image", {"name": "secret"}, owner="ben", group="private")
    add("Image", {"name": "shared by ben"}, owner="ben")
    _add_pixels(library, connection, images[0])
    _add_plate(add, images)
    _add_annotations(library, connection, images)


def _image(n: int, fileset: int | None) -> dict[str, Any]:
    description = None if n % 2 else f"50%_{n}"
    return {
        "name": f"Image{n}",
        "description": description,
        "acquisitionDate": DAY + n,
        "series": n,
        "fileset_id": fileset,
    }


def _add_pixels(library: Library, connection: Connection, image: int) -> None:
    add = partial(library.insert, connection)
    sizes = dict.fromkeys(("sizeX", "sizeY", "sizeZ", "sizeC", "sizeT"), 3)
    kinds = {"pixelsType_id": 1, "dimensionOrder_id": 1, "sha1": "0" * 40, "image_index": 0}
    measured = {"physicalSizeX": 0.5, "physicalSizeX_unit": "MICROMETER"}
    (pixels,) = add("Pixels", {"image_id": image, **sizes, **kinds, **measured})
    for position, name in ((2, "red"), (0, "blue"), (1, "green")):
        (logical,) = add("LogicalChannel", {"name": name})
        add("Channel", {"pixels_id": pixels, "pixels_index": position, "logicalChannel_id": logical})
    plane = {"pixels_id": pixels, "theZ": 0, "theC": 0, "theT": 0}
    add("PlaneInfo", {**plane, "deltaT": 1.5, "deltaT_unit": "SECOND"})


def _add_plate(add: Callable[..., list[int]], images: list[int]) -> None:
    (plate,) = add("Plate", {"name": "P"})
    (well,) = add("Well", {"plate_id": plate, "row": 0, "column": 1})
    for position in range(3):
        add("WellSample", {"well_id": well, "well_index": position, "image_id": images[2 - position]})


def _add_annotations(library: Library, connection: Connection, images: list[int]) -> None:
    add = partial(library.insert, connection)
    (tag,) = add("TagAnnotation", {"textValue": "good", "ns": "n1"})
    (rating,) = add("LongAnnotation", {"longValue": 5})
    (pairs,) = add("MapAnnotation", {"ns": "n2"})
    insert_named_values(
        library.store.schema, connection, "MapAnnotation", "mapValue", {pairs: [("k", "v"), ("k", "w")]}
    )
    (file,) = add("OriginalFile", {"name": "a.txt", "path": "/"})
    (attached,) = add("FileAnnotation", {"file_id": file})
    for image, child in ((0, tag), (0, rating), (0, pairs), (1, tag), (2, attached)):
        add("ImageAnnotationLink", {"parent_id": images[image], "child_id": child})
