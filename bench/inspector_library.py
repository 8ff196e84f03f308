"""A dataset of images about which much is noted: made once in a folder, straight into the database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench import thumbnail_library
from omero_desk.entities.annotations import OWN_PAIRS, RATING
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from tests.support.library_writer import LibraryWriter

USER: Final = thumbnail_library.USER
IMAGES: Final = thumbnail_library.IMAGES
KEYS: Final = tuple(f"key {number:02}" for number in range(24))
"""Together with the six columns that every spreadsheet has they make thirty."""
_TAGS: Final = 50
_AT_ONCE: Final = 1000


def fill(folder: Path, images: int = IMAGES) -> int:
    """Make the library: each image has two tags and a value for each key, some have stars, comments and files.

    Returns the dataset's id.
    """
    dataset = thumbnail_library.fill(folder, images)
    store = Store(folder)
    try:
        with store.write() as connection:
            link, found = store.schema.table("DatasetImageLink"), store.schema.table("Dataset")
            owner, group = connection.execute(select(found.c.owner_id, found.c.group_id)).one()
            linked = select(link.c.child_id).where(link.c.parent_id == dataset).order_by(link.c.child_id)
            ids = list(connection.execute(linked).scalars())
            _annotate(store, LibraryWriter(store, connection, owner, group), ids)
    finally:
        store.close()
    return dataset


def _annotate(store: Store, writer: LibraryWriter, images: list[int]) -> None:
    tags = writer.add("TagAnnotation", *({"textValue": f"tag {number:02}"} for number in range(_TAGS)))
    for some in (tags[::2], tags[1::2]):
        _link(writer, images, [some[place % len(some)] for place in range(len(images))])
    for first in range(0, len(images), _AT_ONCE):
        some = images[first : first + _AT_ONCE]
        maps = writer.add("MapAnnotation", *({"ns": OWN_PAIRS} for _ in some))
        pairs = {
            one: [(key, f"{image % 97}.{place}") for place, key in enumerate(KEYS)]
            for image, one in zip(some, maps, strict=True)
        }
        insert_named_values(store.schema, writer.connection, "MapAnnotation", "mapValue", pairs)
        _link(writer, some, maps)
    rated = images[::3]
    _link(
        writer,
        rated,
        writer.add("LongAnnotation", *({"ns": RATING, "longValue": n % 5 + 1} for n in range(len(rated)))),
    )
    told = images[::5]
    _link(writer, told, writer.add("CommentAnnotation", *({"textValue": f"comment {n}"} for n in range(len(told)))))
    attached = images[::10]
    files = writer.add(
        "OriginalFile", *({"name": f"notes {n}.txt", "path": "/", "size": 12} for n in range(len(attached)))
    )
    _link(writer, attached, writer.add("FileAnnotation", *({"file_id": file} for file in files)))


def _link(writer: LibraryWriter, images: Iterable[int], annotations: Iterable[int]) -> None:
    writer.link("ImageAnnotationLink", list(images), list(annotations))
