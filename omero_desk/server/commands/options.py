"""The child options of a command: kinds of contents that go or stay whatever else holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.graph import Thing
from omero_desk.server.database.model import Model, ModelClass

_ANY_ANNOTATION_LINK: Final = "IAnnotationLink"
_KEPT_NAMESPACES: Final = frozenset(
    {"openmicroscopy.org/omero/import/companionFile", "openmicroscopy.org/omero/measurement"}
)
"""Annotations that an option without namespaces does not speak of."""


class ChildOptions:
    """OMERO's ChildOptionsPolicy: the first option that says something of an object's class counts.

    Raises CommandError for an option that names no class, or namespaces both to include and to exclude.
    """

    def __init__(self, model: Model, options: Iterable[Any] | None) -> None:
        self._options = [_Option(model, each) for each in options or ()]

    def verdict(self, thing: Thing) -> bool | None:
        """Return True for what shall go, False for what shall stay, None for what its users decide."""
        for option in self._options:
            wanted = option.wants(thing)
            if wanted is not None:
                return wanted
        return None


class _Option:
    def __init__(self, model: Model, option: Any) -> None:
        self._model = model
        if option is None:
            raise CommandError("bad-options", "child option is null")
        self._include = classes_of(model, option.includeType)
        self._exclude = classes_of(model, option.excludeType)
        if not self._include and not self._exclude:
            raise CommandError("bad-options", "child option must include or exclude some type")
        if option.includeNs and option.excludeNs:
            raise CommandError("bad-options", "child option may not both include and exclude namespace")
        self._include_ns = frozenset(option.includeNs or ())
        self._exclude_ns = frozenset(option.excludeNs or ()) or _KEPT_NAMESPACES

    def wants(self, thing: Thing) -> bool | None:
        if thing.found.root == "Annotation" and not self._heeds(thing.ns):
            return None
        if is_any(self._model, thing, self._include):
            return True
        return False if is_any(self._model, thing, self._exclude) else None

    def _heeds(self, ns: str | None) -> bool:
        return ns in self._include_ns if self._include_ns else ns not in self._exclude_ns


def classes_of(model: Model, names: Iterable[str] | None) -> list[ModelClass | str]:
    """Return the classes of names, with or without their package; CommandError for a name of none.

    "IAnnotationLink", which is an interface in OMERO, stays a name.
    """
    found: list[ModelClass | str] = []
    for name in names or ():
        plain = name.rpartition(".")[2]
        if plain == _ANY_ANNOTATION_LINK:
            found.append(plain)
        elif plain in model:
            found.append(model[plain])
        else:
            raise CommandError("bad-class", f"unknown model object class named: {plain}")
    return found


def is_any(model: Model, thing: Thing, classes: Iterable[ModelClass | str]) -> bool:
    """Whether an object is of one of some classes."""
    return any(is_kind(model, thing.found, each) for each in classes)


def is_kind(model: Model, found: ModelClass, kind: ModelClass | str) -> bool:
    """Whether a class is another one, or below it."""
    if isinstance(kind, ModelClass):
        return found.name in model.subclasses_of(kind.name)
    return found.is_link and found.name.endswith("AnnotationLink")
