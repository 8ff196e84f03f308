"""The child options of a command: classes of objects that go, or stay, whatever other objects hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import omero.model
from omero.cmd.graphs import ChildOption

from omero_desk.server.commands.errors import InitError
from omero_desk.server.commands.rules.graph import Thing
from omero_desk.server.database.model import ModelClass, OmeroModel

ANY_ANNOTATION_LINK: Final = "IAnnotationLink"
_KEPT_NAMESPACES: Final = frozenset(
    {"openmicroscopy.org/omero/import/companionFile", "openmicroscopy.org/omero/measurement"}
)
"""Namespaces of annotations that an option without namespaces does not apply to."""


class ChildOptions:
    """The child options of a request, as OMERO's ChildOptionsPolicy applies them: the first that applies decides.

    Raises InitError for an option that names no class or an unknown one, or namespaces both to include and to exclude,
    as ChildOptionI.init does.
    """

    def __init__(self, model: OmeroModel, options: Iterable[ChildOption | None] | None) -> None:
        self._options = [_Option(model, each) for each in options or ()]

    def verdict(self, thing: Thing) -> bool | None:
        """Return True for an object that has to go, False for one that has to stay, None where its holders decide."""
        for option in self._options:
            wanted = option.wants(thing)
            if wanted is not None:
                return wanted
        return None


class _Option:
    """One child option."""

    def __init__(self, model: OmeroModel, option: ChildOption | None) -> None:
        self._model = model
        if option is None:
            raise InitError
        self._include = _known_classes(model, option.includeType)
        self._exclude = _known_classes(model, option.excludeType)
        if not self._include and not self._exclude:
            raise InitError("child option must include or exclude some type")
        if option.includeNs and option.excludeNs:
            raise InitError("child option may not both include and exclude namespace")
        self._include_ns = frozenset(option.includeNs or ())
        self._exclude_ns = frozenset(option.excludeNs or ()) or _KEPT_NAMESPACES

    def wants(self, thing: Thing) -> bool | None:
        if thing.found.root == "Annotation" and not self._applies_to(thing.ns):
            return None
        if is_any(self._model, thing, self._include):
            return True
        return False if is_any(self._model, thing, self._exclude) else None

    def _applies_to(self, ns: str | None) -> bool:
        return ns in self._include_ns if self._include_ns else ns not in self._exclude_ns


def plain_name(name: str) -> str:
    """Return what follows the last dot of a class's name, which GraphHelper looks at; ".Image" stays as it is."""
    return name.rpartition(".")[2] if name.rfind(".") > 0 else name


def class_named(model: OmeroModel, name: str) -> ModelClass | str | None:
    """Return the class of a name, which may have a package; None for a name of no class.

    As in GraphPathBean.getClassForSimpleName a name of one of Ice's classes ("DatasetI") is that of the class that it
    is derived from, so "IObject" is none. The name "IAnnotationLink", of an interface in OMERO that all annotation
    links implement, is returned as it is.
    """
    plain = plain_name(name)
    if plain == ANY_ANNOTATION_LINK:
        return plain
    found = vars(omero.model).get(plain)
    lineage = found.__mro__ if isinstance(found, type) else ()
    return next((model[each] for each in (plain, *(one.__name__ for one in lineage)) if each in model), None)


def classes_of(model: OmeroModel, names: Iterable[str] | None) -> list[ModelClass | str]:
    """Return the classes of names as `class_named` does; raises InitError for a name of no class (GraphHelper)."""
    found: list[ModelClass | str] = []
    for name in names or ():
        named = class_named(model, name)
        if named is None:
            raise InitError(f"unknown model object class named: {plain_name(name)}")
        found.append(named)
    return found


def _known_classes(model: OmeroModel, names: Iterable[str] | None) -> list[ModelClass | str]:
    """Return the classes of names; raises an InitError that says nothing, for a NullPointerException of OMERO's."""
    try:
        return classes_of(model, names)
    except InitError:
        raise InitError from None


def is_any(model: OmeroModel, thing: Thing, classes: Iterable[ModelClass | str]) -> bool:
    """Return whether an object is of one of some classes."""
    return any(is_kind(model, thing.found, each) for each in classes)


def is_kind(model: OmeroModel, found: ModelClass, kind: ModelClass | str) -> bool:
    """Return whether a class is another one or below it, or is an annotation link for "IAnnotationLink"."""
    if isinstance(kind, ModelClass):
        return found.name in model.subclasses_of(kind.name)
    return found.is_link and found.name.endswith("AnnotationLink")
