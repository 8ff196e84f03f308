"""Random arguments for the operations of OMERO's API, by the types that Slice declares."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any, Final

import omero
import omero.cmd
import omero.model
import omero.rtypes
from hypothesis import strategies as st

from omero_desk.server.database.model import Scalar, load_model
from omero_desk.server.wire.slice_types import generated_sources, read_types

Values = st.SearchStrategy[Any]

_BITS: Final = {"byte": 8, "short": 16, "int": 32, "long": 64}
_WORDS: Final = """Image ImageI ome.model.core.Image Project Dataset Annotation TagAnnotation Experimenter Immersion
    Pixels OriginalFile Roi name id value omeName pixels ada ben root user system linear rwra-- / ../x text/plain
    2020-01-01 %""".split()  # noqa: SIM905  one word after the other reads better
_SCALARS: Final = {
    "rlong": "long",
    "rint": "int",
    "rstring": "string",
    "rbool": "bool",
    "rtime": "long",
    "rdouble": "double",
    "rfloat": "float",
}
_NUMBERS: Final = st.integers(-2, 12)


@cache
def arguments_of(interface: str, operation: str) -> tuple[str, ...]:
    """Return the names of the types of an operation's arguments."""
    return _all_arguments()[interface, operation]


@cache
def _all_arguments() -> dict[tuple[str, str], tuple[str, ...]]:
    found = {}
    for text in generated_sources():
        for line in text.splitlines():
            if "IcePy.Operation(" in line:
                statement = ast.parse(line.strip()).body[0]
                assert isinstance(statement, ast.Assign)
                assert isinstance(statement.targets[0], ast.Attribute)
                interface = ast.unparse(statement.targets[0].value)
                assert isinstance(statement.value, ast.Call)
                name, taken = ast.literal_eval(statement.value.args[0]), statement.value.args[6]
                assert isinstance(taken, ast.Tuple)
                found[interface, name] = tuple(
                    ast.unparse(one.elts[1]) for one in taken.elts if isinstance(one, ast.Tuple)
                )
    return found


@cache
def values(name: str, depth: int = 2) -> Values:
    """Return a strategy for the values of a type."""
    types = read_types()
    if name.startswith("IcePy._t_"):
        return _primitive(name.removeprefix("IcePy._t_"))
    if name.endswith("Prx"):
        return st.none()
    if name in types.sequences:
        element = types.sequences[name]
        return st.binary(max_size=20) if element == "IcePy._t_byte" else st.lists(values(element, depth), max_size=3)
    if name in types.dictionaries:
        key, value = types.dictionaries[name]
        return st.dictionaries(values(key, depth), values(value, depth), max_size=2)
    return _instance(_class(name), name, depth)


def _primitive(kind: str) -> Values:
    if kind in _BITS:
        limit = 2 ** (_BITS[kind] - 1)
        return _NUMBERS | st.integers(-limit, limit - 1)
    if kind in {"float", "double"}:
        return st.floats(width=32)
    if kind == "string":
        return st.sampled_from(_WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    return st.booleans() if kind == "bool" else st.none()


def _class(name: str) -> Any:
    path, _, kind = name.removeprefix("_M_").partition("._t_")
    found: Any = omero
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    return getattr(found, kind)


def _instance(kind: Any, name: str, depth: int) -> Values:
    if hasattr(kind, "_enumerators"):
        return st.sampled_from(list(kind._enumerators.values()))
    if kind in (omero.model.Details, omero.model.Permissions):
        return st.none() | st.builds(getattr(omero.model, f"{kind.__name__}I"))
    if issubclass(kind, omero.RType):
        return st.none() | _rtypes(kind)
    if issubclass(kind, omero.model.IObject):
        return st.none() | _objects(kind, depth)
    if not hasattr(kind, "ice_id"):
        return _records(kind, name, depth)
    if depth < 1:
        return st.none()
    subclasses = [kind, *_below(kind)] if kind is omero.cmd.Request else [kind]
    return st.none() | st.sampled_from(subclasses).flatmap(lambda one: _records(one, _type_name(one), depth))


def _rtypes(kind: Any) -> Values:
    """Values of an RType; of any scalar one for an abstract one."""
    name = kind.__name__.lower()
    return _scalar(name) if name in _SCALARS else st.sampled_from(sorted(_SCALARS)).flatmap(_scalar)


def _scalar(name: str) -> Values:
    return st.builds(getattr(omero.rtypes, name), _primitive(_SCALARS[name]))


@cache
def _objects(kind: Any, depth: int) -> Values:
    concrete = [found for found in _model_classes() if issubclass(found, kind)]
    return st.sampled_from(concrete).flatmap(lambda one: _filled(one, depth)) if concrete else st.none()


@st.composite
def _filled(draw: st.DrawFn, kind: Any, depth: int) -> Any:
    """Return an object: a reference, or a loaded one with some of its properties set."""
    identity = draw(st.none() | _NUMBERS)
    if draw(st.booleans()):
        return kind(identity, False) if identity is not None else kind()
    made = kind(identity, True) if identity is not None else kind()
    for found in load_model()[kind.__name__.removesuffix("I")].properties.values():
        if isinstance(found, Scalar) and found.name != "id" and draw(st.integers(0, 2)) == 0:
            made.__dict__[f"_{found.name}"] = draw(_scalar(found.rtype))
    return made


@cache
def _model_classes() -> list[Any]:
    return [
        kind
        for name, kind in sorted(vars(omero.model).items())
        if name.endswith("I") and isinstance(kind, type) and issubclass(kind, omero.model.IObject)
    ]


def _type_name(kind: Any) -> str:
    path = str(kind.ice_staticId()).strip(":").split("::")
    return "_M_" + ".".join(path[:-1]) + "._t_" + path[-1]


def _below(kind: Any) -> list[Any]:
    found = []
    for one in kind.__subclasses__():
        found += [*([one] if one.__module__.startswith("omero.") else []), *_below(one)]
    return sorted(set(found), key=str)


def _records(kind: Any, name: str, depth: int) -> Values:
    members: dict[str, str] = {}
    parent: str | None = name
    while parent in read_types().records:
        found = read_types().records[parent]
        members = {**found.members, **members}
        parent = found.parent
    return st.fixed_dictionaries({member: values(of, depth - 1) for member, of in members.items()}).map(
        lambda drawn: _made(kind, drawn)
    )


def _made(kind: Any, members: dict[str, Any]) -> Any:
    made = kind()
    for name, value in members.items():
        setattr(made, name, value)
    return made
