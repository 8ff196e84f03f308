"""Notes on the state of a file, as comments on its images that are kept up to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from omero_desk.server.folder.own_rows import OwnRows

NAMESPACE: Final = "omero-desk/file"
"""The namespace of these comments."""


def put_notes(rows: OwnRows, notes: Mapping[int, str]) -> None:
    """Replace the notes of images by texts; an empty text removes the note."""
    _drop(rows, list(notes))
    told = {image_id: text for image_id, text in notes.items() if text}
    comments = rows.add(
        "CommentAnnotation",
        [{"discriminator": "CommentAnnotation", "ns": NAMESPACE, "textValue": text} for text in told.values()],
    )
    rows.link("ImageAnnotationLink", zip(told, comments, strict=True))


def _drop(rows: OwnRows, image_ids: list[int]) -> None:
    links, annotations = rows.schema.table("ImageAnnotationLink"), rows.schema.table("CommentAnnotation")
    ours = (
        select(annotations.c.id)
        .join(links, links.c.child_id == annotations.c.id)
        .where(links.c.parent_id.in_(image_ids), annotations.c.ns == NAMESPACE)
    )
    rows.uproot("CommentAnnotation", list(rows.connection.execute(ours).scalars()))
