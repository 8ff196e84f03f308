"""Annotations that a client gives as examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from omero import RType
from omero.model import Annotation, OriginalFile

from omero_desk.server.errors import api_usage

_VALUES: Final = {
    "textValue": ("TextAnnotation", "CommentAnnotation", "TagAnnotation", "XmlAnnotation"),
    "boolValue": ("BooleanAnnotation",),
    "timeValue": ("TimestampAnnotation",),
    "file": ("FileAnnotation",),
    "doubleValue": ("DoubleAnnotation",),
    "longValue": ("LongAnnotation",),
}
_PATHS: Final = {name: path for path, names in _VALUES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Example:
    """The class of an annotation, the path of its value in HQL, and the value; None stands for any value."""

    class_name: str
    path: str
    value: RType | None


def example_of(annotation: Annotation) -> Example:
    """Return the example that an annotation is; raises omero.ApiUsageException for a class without a single value."""
    name = type(annotation).__name__.removesuffix("I")
    path = _PATHS.get(name)
    if path is None:
        raise api_usage(f"Unsupported annotation type:{name}")
    value: RType | OriginalFile | None = getattr(annotation, f"_{path}")
    if isinstance(value, OriginalFile):
        return Example(name, "file.id", value.id)
    return Example(name, "file.id" if path == "file" else path, value)
