"""The parts of a row that a wrapper of another package makes by itself, in BlitzGateway's way."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from omero.gateway import BlitzObjectWrapper

_KNOWN_MODULES: Final = ("omero.gateway", "omero_desk.gateway.wrappers")


class RowPart(StrEnum):
    """A part of a row; the values are fields of `Entity`, but for the children."""

    NAME = "name"
    DESCRIPTION = "description"
    CHILD_COUNT = "child_count"
    ANNOTATION_COUNT = "annotation_count"
    CHILDREN = "children"


_WAYS: Final[Mapping[RowPart, tuple[tuple[str, ...], str]]] = {
    RowPart.NAME: (("getName",), "label"),
    RowPart.DESCRIPTION: (("getDescription",), ""),
    RowPart.CHILD_COUNT: (("countChildren",), "count"),
    RowPart.ANNOTATION_COUNT: (("countAnnotations",), ""),
    RowPart.CHILDREN: (("listChildren", "_listChildren", "_getChildWrapper", "CHILD_WRAPPER_CLASS"), "CHILDREN"),
}
"""The names of BlitzGateway's that make a part, and the one of ours in place of them."""


_DECIDED: Final[dict[type, frozenset[RowPart]]] = {}


def is_foreign(wrapper: type) -> bool:
    """Return whether a class is neither omero.gateway's nor ours."""
    return not wrapper.__module__.startswith(_KNOWN_MODULES) and wrapper is not object


def overridden(wrapper: type[BlitzObjectWrapper]) -> frozenset[RowPart]:
    """Return the parts that `wrapper` makes by methods of its own.

    Decided once a class, as BlitzGateway puts the wrapper of the children that it has found into the class. A method of
    BlitzGateway's counts unless what our own wrappers have in its place is overridden as well, as near or nearer.
    """
    parts = _DECIDED.get(wrapper)
    if parts is None:
        ways = _WAYS.items()
        parts = frozenset(part for part, (names, instead) in ways if _is_overridden(wrapper, names, instead))
        _DECIDED[wrapper] = parts
    return parts


def takes_counter(wrapper: type[BlitzObjectWrapper]) -> bool:
    """Return whether the wrapper can be made with the number of annotations that is known (`annotation_counter`).

    That is how the documentation of BlitzGateway saves a round trip an object.
    """
    return _takes_counter(wrapper.__init__) and _takes_counter(wrapper.__prepare__)


def _is_overridden(wrapper: type, names: tuple[str, ...], instead: str) -> bool:
    places = [place for name in names if (place := _foreign_place(wrapper, name)) is not None]
    ours = _foreign_place(wrapper, instead)
    return bool(places) and (ours is None or min(places) < ours)


def _foreign_place(wrapper: type, name: str) -> int | None:
    """Return the place in the order of resolution of the foreign class that defines `name`, None if none does."""
    for place, cls in enumerate(wrapper.__mro__):
        if vars(cls).get(name) is not None:
            return place if is_foreign(cls) else None
    return None


def _takes_counter(function: object) -> bool:
    try:
        parameters = inspect.signature(function).parameters  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    by_keyword = "annotation_counter" in parameters
    return by_keyword or any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values())
