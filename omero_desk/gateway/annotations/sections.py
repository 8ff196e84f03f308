"""The sections of annotations, as conditions of HQL over `an`, an annotation, and `f`, its file if it has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from omero_desk.entities.annotations import COMPANION, RATING, TABLE, Section
from omero_desk.entities.objects import Kind

_FILE: Final = f"an.class = FileAnnotation and (an.ns is null or an.ns <> '{COMPANION}')"
_NOT_RATED: Final = f"(an.ns is null or an.ns <> '{RATING}')"

CONDITIONS: Final[Mapping[Section, str]] = {
    Section.TAGS: "an.class = TagAnnotation",
    Section.KEY_VALUES: "an.class = MapAnnotation",
    Section.RATINGS: f"an.class = LongAnnotation and an.ns = '{RATING}'",
    Section.ATTACHMENTS: f"{_FILE} and (f.mimetype is null or f.mimetype <> '{TABLE}')",
    Section.COMMENTS: "an.class = CommentAnnotation",
    Section.TABLES: f"{_FILE} and f.mimetype = '{TABLE}'",
    Section.OTHERS: (
        "an.class <> TagAnnotation and an.class <> MapAnnotation and an.class <> FileAnnotation"
        f" and an.class <> CommentAnnotation and (an.class <> LongAnnotation or {_NOT_RATED})"
    ),
}
"""As OMERO.web tells them apart (omeroweb.webclient.tree.marshal_annotations), and tables from other files."""

TYPES: Final = ("Tag", "Map", "Comment", "File", "Long", "Double", "Boolean", "Timestamp", "Term", "Xml", "List")
"""The types of annotations, as OMERO calls the classes without their end."""

ANNOTATED: Final = (
    *(Kind.PROJECT, Kind.DATASET, Kind.IMAGE, Kind.SCREEN, Kind.PLATE, Kind.RUN, Kind.WELL),
    *("Roi", "Fileset", "OriginalFile", "Folder", "Reagent", "Annotation"),
)
"""The kinds of objects that clients annotate; an annotation that is on another one is a tag in a set."""


def shared_maps(kind: str) -> tuple[str, ...]:
    """Return queries for the key-value annotations on objects of a kind, by :ids, that are on anything else too."""
    on = f"select an.id from {kind}AnnotationLink l join l.child an where l.parent.id in (:ids)"
    maps = f"{on} and an.class = MapAnnotation"
    return (
        f"select k.child.id from {kind}AnnotationLink k where k.child.id in ({maps})"
        " group by k.child.id having count(distinct k.parent.id) > 1",
        *(
            f"select distinct k.child.id from {other}AnnotationLink k where k.child.id in ({maps})"
            for other in ANNOTATED
            if other != kind
        ),
    )
