"""A graph of omero.model objects taken apart into rows, as a client sends it to be saved.

An unloaded object is a reference by its id, an unloaded collection says nothing, and a null is a null.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import omero
import omero.model
from omero.model import IObject

from omero_desk.server.database.model import (
    Binary,
    Collection,
    ModelClass,
    NamedValues,
    OmeroModel,
    Property,
    Quantity,
    Relation,
    Scalar,
    Strings,
)

Value = TypeVar("Value")


@dataclass(slots=True, eq=False)
class GraphNode:
    """One loaded object of a graph; `id` is given to a new one before anything is written."""

    thing: IObject
    found: ModelClass
    id: int
    is_new: bool
    row: dict[str, object] = field(default_factory=dict)
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.found.java_name}:Id_{None if self.is_new else self.id}"


class Graph:
    """The loaded objects of a graph, each once, in the order in which they were met.

    Raises omero.ApiUsageException for what is no object of the model, omero.ValidationException for a
    reference to an object of another class, or text that no database keeps.
    """

    def __init__(self, model: OmeroModel, objects: Iterable[IObject]) -> None:
        self._model = model
        self._nodes: dict[int, GraphNode] = {}
        waiting = deque(objects)
        while waiting:
            thing = waiting.popleft()
            found = self.class_of(thing)
            if thing._loaded and id(thing) not in self._nodes:
                is_new = thing._id is None
                self._nodes[id(thing)] = GraphNode(thing, found, -1 if is_new else thing._id._val, is_new)
                waiting.extend(self._neighbours(thing, found))

    def __iter__(self) -> Iterator[GraphNode]:
        return iter(self._nodes.values())

    def node_of(self, thing: IObject) -> GraphNode | None:
        """Return the node of an object; None for one that is not loaded."""
        return self._nodes.get(id(thing))

    def drop(self, node: GraphNode) -> None:
        """Treat an object as a reference: nothing of it is saved."""
        del self._nodes[id(node.thing)]

    def class_of(self, thing: object) -> ModelClass:
        """Return the class of an object of the model."""
        if not isinstance(thing, IObject):
            raise omero.ApiUsageException(message=f"{type(thing).__name__} cannot be saved")
        found = self._model.resolve(type(thing).__name__)
        if not thing._loaded and thing._id is None:
            raise omero.ApiUsageException(message="id to load is required for loading")
        return found

    def id_of(self, thing: IObject) -> int:
        """Return the id that a reference to an object is written as."""
        node = self.node_of(thing)
        if node is not None:
            return node.id
        return thing._id._val

    def fill_rows(self) -> None:
        """Set the row, the named values and the positions of every node, all ids being known."""
        for node in self:
            for each in node.found.properties.values():
                self._fill(node, each)

    def collections(self, node: GraphNode) -> Iterator[tuple[Collection, list[IObject]]]:
        """Give the loaded collections of an object, with their elements."""
        for each in node.found.properties.values():
            if isinstance(each, Collection) and getattr(node.thing, f"_{each.name}Loaded"):
                elements = getattr(node.thing, f"_{each.name}Seq") or ()
                yield each, [element for element in elements if element is not None]

    def references(self, node: GraphNode) -> Iterator[tuple[Relation, IObject]]:
        """Give the relations of an object that are set, with what they are set to."""
        for each in node.found.properties.values():
            if isinstance(each, Relation):
                target = getattr(node.thing, "_" + each.name)
                if target is not None:
                    yield each, target

    def _neighbours(self, thing: IObject, found: ModelClass) -> Iterator[IObject]:
        for each in found.properties.values():
            if isinstance(each, Relation):
                target = getattr(thing, "_" + each.name)
                if target is not None:
                    self._check_target(found, each, target)
                    yield target
            elif isinstance(each, Collection):
                yield from self._elements(thing, found, each)
        external = None if thing._details is None else thing._details._externalInfo
        if external is not None:
            yield external

    def _elements(self, thing: IObject, found: ModelClass, collection: Collection) -> Iterator[IObject]:
        if not getattr(thing, f"_{collection.name}Loaded"):
            return
        for element in getattr(thing, f"_{collection.name}Seq") or ():
            if element is not None:
                self._check_target(found, collection, element)
                if element._loaded and getattr(element, "_" + collection.inverse) is None:
                    setattr(element, "_" + collection.inverse, thing)
                yield element

    def _check_target(self, found: ModelClass, each: Relation | Collection, target: IObject) -> None:
        name = self.class_of(target).name
        if name not in self._model.subclasses_of(each.target):
            raise omero.ValidationException(
                message=f"{found.java_name}.{each.name} is for a {each.target}, not for a {name}"
            )

    def _fill(self, node: GraphNode, each: Property) -> None:
        if isinstance(each, Collection):
            self._number(node, each)
            return
        value = getattr(node.thing, "_" + each.name)
        match each:
            case Scalar():
                node.row[each.name] = None if value is None else _checked(node, each, value._val)
            case Quantity():
                node.row[each.name] = None if value is None else value._value
                node.row[each.name + "_unit"] = None if value is None else str(value._unit)
            case Relation():
                node.row[each.name + "_id"] = None if value is None else self.id_of(value)
            case Binary():
                node.row[each.name] = None if value is None else bytes(value)
            case Strings():
                node.row[each.name] = None if value is None else [_checked(node, each, v) for v in value]
            case NamedValues():
                pairs = [(pair.name, pair.value) for pair in value or () if pair is not None]
                node.pairs[each.name] = [(_checked(node, each, n), _checked(node, each, v)) for n, v in pairs]

    def _number(self, node: GraphNode, collection: Collection) -> None:
        if collection.ordered and getattr(node.thing, f"_{collection.name}Loaded"):
            elements = getattr(node.thing, f"_{collection.name}Seq") or ()
            for position, element in enumerate(elements):
                child = None if element is None else self.node_of(element)
                if child is not None:
                    child.positions[collection.inverse + "_index"] = position


def _checked(node: GraphNode, found: Property, value: Value) -> Value:
    """Refuse text that PostgreSQL and SQLite alike cannot keep."""
    if isinstance(value, str):
        if "\0" in value:
            raise omero.ValidationException(
                message=f"{node.found.java_name}.{found.name} has a null character, which no text may have"
            )
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise omero.ValidationException(
                message=f"{node.found.java_name}.{found.name} is no valid unicode: {error.reason}"
            ) from error
    return value
