"""OMERO's model: every class with its properties, read from omero-py's own definitions.

omero-py does not say which collections are ordered, which classes belong to no group, and which never change. That
comes from the mappings that OMERO generates its classes from, `mappings/*.ome.xml` of omero-model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import omero.model

from omero_desk.server.database.definitions import Definition, read_definitions


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain value; `rtype` names the function of omero.rtypes that wraps it ("rstring")."""

    name: str
    rtype: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit: an omero.model object of the class `<unit_class>I`, such as LengthI."""

    name: str
    unit_class: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference to one object of class `target`."""

    name: str
    target: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """Objects of class `target`, whose relation `inverse` points back; an `ordered` collection keeps positions."""

    name: str
    target: str
    inverse: str
    ordered: bool
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class NamedValues:
    """An ordered list of `omero.model.NamedValue`."""

    name: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Binary:
    """Raw bytes."""

    name: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Strings:
    """A list of plain strings."""

    name: str
    nullable: bool


Property = Scalar | Quantity | Relation | Collection | NamedValues | Binary | Strings


@dataclass(frozen=True, slots=True)
class ModelClass:
    """A class of the model.

    `properties` include inherited ones, but neither `details` nor `version`. `root` names the topmost class of its
    hierarchy below IObject, which all classes of the hierarchy share a table with. The details of objects of a global
    class (people, groups, sessions, events, enumerations) have no owner, group and events. Objects of a class that is
    not mutable are written once. `java_name` is the name with OMERO's package, "ome.model.core.Image".
    """

    name: str
    parent: str | None
    abstract: bool
    properties: Mapping[str, Property]
    root: str
    is_link: bool
    is_enum: bool
    is_global: bool
    is_mutable: bool
    has_version: bool
    java_name: str

    @property
    def has_details(self) -> bool:
        """True if an object has an owner, a group and events."""
        return not self.is_global

    @property
    def has_update_event(self) -> bool:
        """True if an object keeps the event of its last change."""
        return self.has_details and self.is_mutable

    @property
    def instance_class(self) -> type[omero.model.IObject]:
        """The class of omero.model to make objects with; KeyError for an abstract class."""
        made: type[omero.model.IObject] = vars(omero.model)[self.name + "I"]
        return made


class OmeroModel(Mapping[str, ModelClass]):
    """All classes of the model by their plain name."""

    def __init__(self, classes: Mapping[str, ModelClass]) -> None:
        self._classes = dict(classes)
        self._spelled = {each: found for found in self._classes.values() for each in _spellings(found)}
        self._subclasses: dict[str, tuple[str, ...]] = {
            name: tuple(c.name for c in self._classes.values() if name in self._lineage(c)) for name in classes
        }

    def __getitem__(self, name: str) -> ModelClass:
        return self._classes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)

    def resolve(self, name: str) -> ModelClass:
        """Return a class by any name that OMERO accepts; KeyError for a name of no class.

        "Image", "ImageI", "omero.model.Image", "omero.model.ImageI" and "ome.model.core.Image" are one.
        """
        return self._spelled[name]

    def subclasses_of(self, name: str) -> tuple[str, ...]:
        """Return the names of a class and of all classes below it."""
        return self._subclasses[name]

    def _lineage(self, found: ModelClass) -> Iterator[str]:
        yield found.name
        while found.parent:
            found = self._classes[found.parent]
            yield found.name


@cache
def load_model() -> OmeroModel:
    """Read the model from omero-py, once a process (under a tenth of a second)."""
    return OmeroModel(_ModelBuilder().build())


def snake_case(name: str) -> str:
    """Turn a class or property name into a table's: "DatasetImageLink" to "dataset_image_link"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _spellings(found: ModelClass) -> set[str]:
    name = found.name
    return {name, name + "I", "omero.model." + name, "omero.model." + name + "I", found.java_name}


_ROOT: Final = "IObject"
_SCALARS: Final = MappingProxyType(
    {
        "RString": "rstring",
        "RInt": "rint",
        "RLong": "rlong",
        "RFloat": "rfloat",
        "RDouble": "rdouble",
        "RBool": "rbool",
        "RTime": "rtime",
    }
)
_ORDERED: Final = frozenset(
    {
        "ChannelBinding.spatialDomainEnhancement",
        "Experimenter.groupExperimenterMap",
        "Fileset.jobLinks",
        "Fileset.usedFiles",
        "Image.pixels",
        "LightPath.excitationFilterLink",
        "Pixels.channels",
        "RenderingDef.projections",
        "RenderingDef.waveRendering",
        "Roi.shapes",
        "Well.wellSamples",
    }
)
_GLOBAL: Final = frozenset(
    {
        "DBPatch",
        "Event",
        "EventLog",
        "Experimenter",
        "ExperimenterGroup",
        "GroupExperimenterMap",
        "Namespace",
        "Node",
        "Session",
        "Share",
        "ShareMember",
    }
)
_IMMUTABLE: Final = frozenset({"DBPatch", "Event", "EventLog", "ExternalInfo"})
_ENUM_PACKAGE: Final = "ome.model.enums."
_ENUMS_ELSEWHERE: Final = frozenset({"JobStatus"})


class _ModelBuilder:
    """Turns definitions into model classes; thrown away when done."""

    def __init__(self) -> None:
        self._definitions, self._sequences = read_definitions()
        self._lineages: dict[str, list[str]] = {}
        self._names = [name for name in sorted(self._definitions) if self._lineage(name)[-1] == _ROOT]
        self._names.remove(_ROOT)
        self._concrete = {name: self._find_concrete(name) for name in self._names}
        self._members = {name: self._all_members(name) for name in self._names}

    def build(self) -> dict[str, ModelClass]:
        return {name: self._class(name) for name in self._names}

    def _class(self, name: str) -> ModelClass:
        lineage = self._lineage(name)
        members = self._members[name]
        java_name = self._java_package(name) + name
        is_enum = java_name.startswith(_ENUM_PACKAGE) or name in _ENUMS_ELSEWHERE
        return ModelClass(
            name=name,
            parent=None if lineage[1] == _ROOT else lineage[1],
            abstract=not hasattr(omero.model, name + "I"),
            properties=MappingProxyType(dict(self._properties(name))),
            root=lineage[-2],
            is_link=self._is_link(name),
            is_enum=is_enum,
            is_global=is_enum or name in _GLOBAL,
            is_mutable=name not in _IMMUTABLE,
            has_version="version" in members,
            java_name=java_name,
        )

    def _lineage(self, name: str) -> list[str]:
        if name not in self._lineages:
            parent = self._definition(name).parent
            self._lineages[name] = [name, *(self._lineage(parent) if parent else ())]
        return self._lineages[name]

    def _definition(self, name: str) -> Definition:
        return self._definitions[name]

    def _all_members(self, name: str) -> dict[str, str]:
        lineage = [ancestor for ancestor in self._lineage(name) if ancestor != _ROOT]
        return {m: kind for ancestor in reversed(lineage) for m, kind in self._definition(ancestor).members}

    def _find_concrete(self, name: str) -> type[omero.model.IObject]:
        """Return the class to make objects with; for an abstract class, that of any class below it."""
        made = vars(omero.model)
        below = (other for other in self._names if name in self._lineage(other))
        found: type[omero.model.IObject] = next(made[other + "I"] for other in (name, *below) if other + "I" in made)
        return found

    def _java_package(self, name: str) -> str:
        """Return the package of a class with a dot, read from a constant such as "ome.model.core.Image_details"."""
        return self._concrete[name].DETAILS.rpartition(".")[0] + "."

    def _is_link(self, name: str) -> bool:
        return {"parent", "child"} <= self._members[name].keys()

    def _properties(self, name: str) -> Iterator[tuple[str, Property]]:
        info = self._concrete[name]._field_info
        for member, kind in self._members[name].items():
            property_name = member.removesuffix("Seq") if kind in self._sequences else member
            if property_name in info._fields:
                nullable: bool = getattr(info, property_name).nullable
                yield property_name, self._property(name, property_name, kind, nullable)

    def _property(self, owner: str, name: str, kind: str, nullable: bool) -> Property:
        if kind in _SCALARS:
            return Scalar(name, _SCALARS[kind], nullable)
        if kind in self._sequences:
            return self._collection(owner, name, self._sequences[kind], nullable)
        if kind == "NamedValueList":
            return NamedValues(name, nullable)
        if kind == "ByteSeq":
            return Binary(name, nullable)
        if kind == "StringArray":
            return Strings(name, nullable)
        if kind in self._members:
            return Relation(name, kind, nullable)
        return Quantity(name, kind, nullable)

    def _collection(self, owner: str, name: str, target: str, nullable: bool) -> Collection:
        lineage = self._lineage(owner)
        pointing = [member for member, kind in self._members[target].items() if kind in lineage]
        # A link between two objects of one class (a tag set and its tags) is in a collection of its parent.
        inverse = "parent" if "parent" in pointing else pointing[0]
        ordered = any(f"{ancestor}.{name}" in _ORDERED for ancestor in lineage)
        return Collection(name, target, inverse, ordered, nullable)
