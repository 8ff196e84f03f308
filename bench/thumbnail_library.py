"""10,000 images of 60 files in one dataset: made once in a folder, straight into the database."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import read_image_file
from tests.support.gallery import Gallery
from tests.support.library_writer import LibraryWriter

USER: Final = "bench"
IMAGES: Final = 10_000
_FILES: Final = 60
"""As many as a screen shows: what is one picture is decoded once."""
_SIDE: Final = 512


def fill(folder: Path, images: int = IMAGES) -> int:
    """Make the library; returns the dataset's id."""
    store = Store(folder)
    try:
        with store.write() as connection:
            group = create_group(store.schema, connection, "bench", "rwra--")
            names = {"first_name": "Bench", "last_name": "Mark"}
            user = create_user(store.schema, connection, USER, groups=[group], password=USER, **names)
        gallery = Gallery(store, user, group)
        for number in range(_FILES):
            gallery.add(f"file {number}", _cells(number), "CYX")
        paths = [gallery.path(f"file {number}") for number in range(_FILES)]
        return _enter(store, gallery.details, paths, user, group, images)
    finally:
        store.close()


def _enter(store: Store, details: dict[str, Any], paths: list[Path], user: int, group: int, number: int) -> int:
    files = [read_image_file(path) for path in paths]
    with store.write() as connection:
        rows = ImageRows(store.schema, connection)
        originals = [rows.add_image_file(store.folder, file, details) for file in files]
        pairs = list(islice(cycle(zip(files, originals, strict=True)), number))
        filesets = rows.add_filesets(store.folder, [(file, original, details) for file, original in pairs])
        new = [
            NewImage(file.images[0], fileset, f"snap_{place}", details)
            for place, ((file, _), fileset) in enumerate(zip(pairs, filesets, strict=True), 1)
        ]
        images = list(rows.add_images(new))
        writer = LibraryWriter(store, connection, user, group)
        (dataset,) = writer.named("Dataset", f"{number:,} images")
        writer.link("DatasetImageLink", [dataset] * number, images)
    return int(dataset)


def _cells(seed: int) -> NDArray[np.uint16]:
    """Two channels with bright spots over noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:_SIDE, :_SIDE]
    planes = rng.normal(200, 30, (2, _SIDE, _SIDE))
    for plane in planes:
        for cy, cx, r in rng.uniform((0, 0, 8), (_SIDE, _SIDE, 40), (20, 3)):
            plane += 3000 * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (r * r))
    return planes.clip(0, 65535).astype(np.uint16)
