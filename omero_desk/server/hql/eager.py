"""Relations that OMERO loads with every object that has them, whatever a query says.

They are the to-one relations that an abstract class declares, such as a shape's region and transform: object.vm of
omero-model writes FetchType EAGER for a property whose class is abstract, and the class of a property is the one that
declares it (SemanticTypeProcessor of omero-dsl-plugin).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from omero.model import IObject

from omero_desk.server.database.model import ModelClass, Relation, load_model


def unloaded_targets(objects: Iterable[IObject]) -> dict[str, set[int]]:
    """Return the ids of what such relations of objects point at and is not loaded yet, by root class."""
    wanted: dict[str, set[int]] = {}
    for thing in objects:
        for name, root in _eager().get(type(thing).__name__, ()):
            target = getattr(thing, name)
            if target is not None and not target._loaded:
                wanted.setdefault(root, set()).add(target._id._val)
    return wanted


@cache
def _eager() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The attributes of such relations with the root classes that they point at, by the class of an object."""
    model = load_model()
    found = {name + "I": tuple(_relations(model[name], model)) for name in model if not model[name].abstract}
    return {name: relations for name, relations in found.items() if relations}


def _relations(found: ModelClass, model: Mapping[str, ModelClass]) -> Iterator[tuple[str, str]]:
    for each in found.properties.values():
        if isinstance(each, Relation) and _declaring(found, each.name, model).abstract:
            yield "_" + each.name, model[each.target].root


def _declaring(found: ModelClass, name: str, model: Mapping[str, ModelClass]) -> ModelClass:
    while found.parent is not None and name in model[found.parent].properties:
        found = model[found.parent]
    return found
