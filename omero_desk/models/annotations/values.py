"""The values of annotations of all kinds, in words."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.annotations import Annotation, StoredFile
from omero_desk.entities.sentences import mark
from omero_desk.models.labels import shortened
from omero_desk.models.quantities import in_table, number, size
from omero_desk.models.translation import say, translate

_TYPES: Final = {
    "Boolean": mark("Annotations", "Boolean"),
    "Long": mark("Annotations", "Whole number"),
    "Double": mark("Annotations", "Number"),
    "Timestamp": mark("Annotations", "Time"),
    "Term": mark("Annotations", "Term"),
    "Xml": mark("Annotations", "XML"),
    "List": mark("Annotations", "List"),
}


def value_in_words(annotation: Annotation) -> tuple[str, str]:
    """Return the value on one line, and what is to be said beside it: the size of a file, the kind of another."""
    value = annotation.value
    if isinstance(value, StoredFile):
        return shortened(value.name), size(value.size) if value.size is not None else ""
    kind = say(_TYPES[annotation.type]) if annotation.type in _TYPES else annotation.type
    if isinstance(value, bool):
        return translate("Annotations", "Yes") if value else translate("Annotations", "No"), kind
    if annotation.type == "Timestamp" and isinstance(value, int):
        return in_table(value), kind
    if isinstance(value, tuple):
        return shortened(", ".join(f"{key}: {text}" for key, text in value)), kind
    return shortened(" ".join(str(value if value is not None else "").split())), kind


def share(on: int, whole: int) -> str:
    """Return a number of some among all, "2 of 6"."""
    return translate("Annotations", "{on} of {all}").format(on=number(on), all=number(whole))
