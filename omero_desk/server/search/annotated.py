"""Annotations that a client gives as examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from omero.rtypes import rlong

from omero_desk.server.wire.exceptions import api_usage

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
    """The kind of an annotation and its value, as an RType; no value stands for any."""

    class_name: str
    path: str
    value: Any


def example_of(annotation: Any) -> Example:
    """Read an example; raises omero.ApiUsageException for one without a single value."""
    name = type(annotation).__name__.removesuffix("I")
    path = _PATHS.get(name)
    if path is None:
        raise api_usage(f"Unsupported annotation type:{name}")
    value = getattr(annotation, f"_{path}")
    if path == "file":
        return Example(name, "file.id", None if value is None or value.id is None else rlong(value.id.val))
    return Example(name, path, value)
