"""The note of a folder's server on the file of an image: a comment in a namespace of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omero_desk.entities.file_notes import FileNote, FileNotes

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_ALL_GROUPS: Final = -1
LONGEST: Final = 500
"""Characters of a note that are taken: whoever may comment can write one."""
QUERY: Final = """
    select l.parent.id, a.textValue from ImageAnnotationLink l, CommentAnnotation a
    where a.id = l.child.id and a.ns = 'omero-desk/file' and l.parent.id in (:ids) order by a.id"""
"""The notes on images (server/folder/notes.py writes them): rows of (image's id, text)."""

MOST: Final = 5_000
"""The most notes that are read for a list of them all."""
_ALL: Final = """
    select l.parent.id, l.parent.name, a.textValue from ImageAnnotationLink l, CommentAnnotation a
    where a.id = l.child.id and a.ns = 'omero-desk/file' order by l.parent.name, l.parent.id"""
_DATASETS: Final = """
    select l.child.id, l.parent.name from DatasetImageLink l where l.child.id in (:ids) order by l.id"""


def by_image(rows: list[list[Any]]) -> dict[int, str]:
    """Return the newest note on each image, of bounded length."""
    return {image: (text or "")[:LONGEST] for image, text in rows}


def note(session: LaneSession, image_id: int) -> str:
    """Return the note on an image, "" if there is none. One round trip."""
    return by_image(session.projection(QUERY, {"ids": [image_id]})).get(image_id, "")


def all_notes(session: LaneSession) -> FileNotes:
    """Return the notes on all images that this user sees, at most `MOST`. Two round trips."""
    rows, has_more = session.page(_ALL, {}, group=_ALL_GROUPS, offset=0, size=MOST, following=None)
    ids = [image for image, _, _ in rows]
    found = session.projection(_DATASETS, {"ids": ids}) if ids else []
    datasets: dict[int, str] = {image: name or "" for image, name in found}
    texts = by_image([[image, text] for image, _, text in rows])
    return FileNotes(
        tuple(FileNote(image, name or "", datasets.get(image, ""), texts[image]) for image, name, _ in rows),
        has_more,
    )
