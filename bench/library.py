"""The library that is measured: made once in a folder, straight into the database."""

from __future__ import annotations

import time
from pathlib import Path

from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.library_writer import LibraryWriter

USER = PASSWORD = "bench"
DATASETS = 200
IMAGES = 10_000
MORE_IMAGES = 100_000
ANNOTATED = 1_000

PROJECT = "200 datasets"


def dataset_name(images: int) -> str:
    """The name of the dataset that holds so many images."""
    return f"{images:,} images"


def fill(folder: Path) -> None:
    """Make a library of one project of 200 datasets of ten images, and datasets of 10,000 and 100,000 images."""
    store = Store(folder)
    try:
        with store.write() as connection:
            group = create_group(store.schema, connection, "bench", "rwra--")
            names = {"first_name": "Bench", "last_name": "Mark"}
            user = create_user(store.schema, connection, USER, groups=[group], password=PASSWORD, **names)
            _fill(LibraryWriter(store, connection, user, group))
    finally:
        store.close()


def _fill(writer: LibraryWriter) -> None:
    (project,) = writer.named("Project", PROJECT)
    datasets = writer.named("Dataset", *(f"Dataset {n}" for n in range(1, DATASETS + 1)))
    writer.link("ProjectDatasetLink", [project] * DATASETS, datasets)
    for dataset in datasets:
        _add_images(writer, dataset, 10)
    for count in (IMAGES, MORE_IMAGES):
        (dataset,) = writer.named("Dataset", dataset_name(count))
        images = _add_images(writer, dataset, count)
        if count == IMAGES:
            _annotate(writer, images[:ANNOTATED])


def _add_images(writer: LibraryWriter, dataset: int, count: int) -> list[int]:
    now = round(time.time() * 1000)
    rows = (
        {"name": f"2026-11-{n % 28 + 1:02}_plate{n // 96}_Image{n}.ome.tiff", "acquisitionDate": now + n, "series": 0}
        for n in range(1, count + 1)
    )
    images = writer.add("Image", *rows)
    writer.link("DatasetImageLink", [dataset] * count, images)
    return images


def _annotate(writer: LibraryWriter, images: list[int]) -> None:
    tags = writer.add("TagAnnotation", *({"textValue": f"tag {n}"} for n in range(10)))
    comments = writer.add("CommentAnnotation", *({"textValue": f"comment {n}"} for n in range(len(images))))
    writer.link("ImageAnnotationLink", images, [tags[n % 10] for n in range(len(images))])
    writer.link("ImageAnnotationLink", images, comments)
