"""Replies checked against Slice before they leave: Ice tells a client nothing useful about a wrong one.

Lists, maps and the API's own classes are looked into; objects of the model and RTypes are only told apart by class.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache
from typing import Final

import Ice
import numpy as np
import omero

from omero_desk.server.wire.refusals import Interface
from omero_desk.server.wire.slice_types import read_types

Check = Callable[[object], bool]

_BUFFERS: Final = (bytes, bytearray, memoryview, array, np.ndarray)
"""What Ice copies as it is into a sequence of numbers."""
_BITS: Final = {"byte": 8, "short": 16, "int": 32, "long": 64}


@cache
def reply_check(interface: Interface, operation: str) -> Check:
    """Return the function that tells whether a value may be the reply of an operation."""
    replies = read_types().replies
    for parent in interface.__mro__:
        key = (parent.__name__, operation)
        if key in replies:
            name = replies[key]
            return _is_none if name is None else _check(name)
    return _is_anything


@cache
def _check(name: str) -> Check:
    """Return the check of a type; what members are is looked up when they are met, for a type may contain itself."""
    types = read_types()
    if name.startswith("IcePy._t_"):
        return _primitive(name.removeprefix("IcePy._t_"))
    if name in types.sequences:
        return _sequence(types.sequences[name])
    if name in types.dictionaries:
        return _dictionary(*types.dictionaries[name])
    return _instance(name)


def _primitive(kind: str) -> Check:
    if kind in _BITS:
        limit = 2 ** (_BITS[kind] - 1)
        return lambda value: isinstance(value, int) and -limit <= value < limit
    if kind in {"float", "double"}:
        return lambda value: isinstance(value, float | int)
    if kind == "string":
        return lambda value: value is None or isinstance(value, str)
    if kind == "bool":
        return lambda value: isinstance(value, bool | int | np.bool_)
    return _of(Ice.ObjectPrx if kind == "ObjectPrx" else Ice.Object)


def _sequence(element: str) -> Check:
    check = _check(element)
    of_numbers = element.startswith("IcePy._t_") and element != "IcePy._t_string"
    whole = _BUFFERS if of_numbers else ()
    return lambda value: (
        value is None or isinstance(value, whole) or (isinstance(value, list | tuple) and all(map(check, value)))
    )


def _dictionary(key: str, value_name: str) -> Check:
    check_key, check_value = _check(key), _check(value_name)
    return lambda value: (
        value is None
        or (isinstance(value, dict) and all(map(check_key, value)) and all(map(check_value, value.values())))
    )


def _instance(name: str) -> Check:
    is_one, members = _of(_class(name)), _members(name)
    if not members:
        return is_one
    return lambda value: (
        value is None
        or (is_one(value) and all(_check(kind)(getattr(value, member)) for member, kind in members.items()))
    )


def _members(name: str) -> dict[str, str]:
    found = read_types().records.get(name)
    if found is None:
        return {}
    return {**(_members(found.parent) if found.parent else {}), **found.members}


def _of(kind: type[object]) -> Check:
    return lambda value: value is None or isinstance(value, kind)


def _class(name: str) -> type[object]:
    path, _, kind = name.partition("._t_")
    module: object = {"omero": omero, "Ice": Ice}.get(path.removeprefix("_M_").partition(".")[0], omero)
    for part in path.split(".")[1:]:
        module = getattr(module, part)
    found: type[object] = getattr(module, kind)
    return found


def _is_none(value: object) -> bool:
    return value is None


def _is_anything(value: object) -> bool:
    return True
