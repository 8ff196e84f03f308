"""The library that is measured: made once in a folder, straight into the database."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from omero_desk.server.bootstrap import EVENT_ID, USER_GROUP_ID
from omero_desk.server.passwords import set_password
from omero_desk.server.store import Store

USER = PASSWORD = "bench"
DATASETS = 200
IMAGES = 10_000
MORE_IMAGES = 100_000
ANNOTATED = 1_000

_READ_ANNOTATE = -56
"""OMERO's number for the permissions "rwra--"."""


class LibraryWriter:
    """Inserts rows of one user in one group."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._connection = connection
        (self.group,) = self._insert(
            "ExperimenterGroup", [{"name": "bench", "ldap": False, "permissions": _READ_ANNOTATE}]
        )
        name = {"omeName": USER, "firstName": "Bench", "lastName": "Mark", "ldap": False}
        (self.user,) = self._insert("Experimenter", [name])
        self._insert(
            "GroupExperimenterMap",
            [
                {"parent_id": group, "child_id": self.user, "child_index": position, "owner": False}
                for position, group in enumerate((self.group, USER_GROUP_ID))
            ],
        )
        set_password(connection, self.user, PASSWORD)

    def add(self, class_name: str, rows: list[dict[str, Any]]) -> list[int]:
        """Insert rows that the user owns."""
        mine = {
            "owner_id": self.user,
            "group_id": self.group,
            "creation_id": EVENT_ID,
            "update_id": EVENT_ID,
            "permissions": _READ_ANNOTATE,
        }
        return self._insert(class_name, [{**mine, **row} for row in rows])

    def link(self, class_name: str, pairs: list[tuple[int, int]]) -> None:
        """Insert links from parents to children."""
        self.add(class_name, [{"parent_id": parent, "child_id": child} for parent, child in pairs])

    def _insert(self, class_name: str, rows: list[dict[str, Any]]) -> list[int]:
        return self._store.insert_rows(self._connection, class_name, rows)


def fill(folder: Path) -> None:
    """Make a library of one project of 200 datasets of ten images, and datasets of 10,000 and 100,000 images."""
    store = Store(folder)
    try:
        with store.write() as connection:
            _fill(LibraryWriter(store, connection))
    finally:
        store.close()


def _fill(writer: LibraryWriter) -> None:
    (project,) = writer.add("Project", [{"name": "200 datasets"}])
    datasets = writer.add("Dataset", [{"name": f"Dataset {n}"} for n in range(1, DATASETS + 1)])
    writer.link("ProjectDatasetLink", [(project, dataset) for dataset in datasets])
    for dataset in datasets:
        _add_images(writer, dataset, 10)
    for count in (IMAGES, MORE_IMAGES):
        (dataset,) = writer.add("Dataset", [{"name": f"{count:,} images"}])
        images = _add_images(writer, dataset, count)
        if count == IMAGES:
            _annotate(writer, images[:ANNOTATED])


def _add_images(writer: LibraryWriter, dataset: int, count: int) -> list[int]:
    now = round(time.time() * 1000)
    rows = [
        {"name": f"2026-11-{n % 28 + 1:02}_plate{n // 96}_Image{n}.ome.tiff", "acquisitionDate": now + n, "series": 0}
        for n in range(1, count + 1)
    ]
    images = writer.add("Image", rows)
    writer.link("DatasetImageLink", [(dataset, image) for image in images])
    return images


def _annotate(writer: LibraryWriter, images: list[int]) -> None:
    tags = writer.add("TagAnnotation", [{"textValue": f"tag {n}"} for n in range(10)])
    comments = writer.add("CommentAnnotation", [{"textValue": f"comment {n}"} for n in range(len(images))])
    writer.link("ImageAnnotationLink", [(image, tags[n % 10]) for n, image in enumerate(images)])
    writer.link("ImageAnnotationLink", list(zip(images, comments, strict=True)))
