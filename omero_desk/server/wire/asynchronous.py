"""Operations that Slice does not mark as asynchronous, defined again so that Ice dispatches them as if it did.

A synchronous operation keeps one of Ice's threads until it is answered, and these are needed to read messages. On the
wire there is no difference. The definition is read from the module that Slice generated: names are looked up in
modules, constants are taken as they are, and nothing is evaluated.
"""

from __future__ import annotations

import ast
import re
from functools import cache, reduce
from typing import Any, Final

import Glacier2
import Ice
import omero

from omero_desk.server.wire.refusals import Interface
from omero_desk.server.wire.slice_types import generated_sources

_DEFINITION: Final = re.compile(r"^\s+(\w+)\._op_(\w+) = (IcePy\.Operation\('\w+', .*\))$", re.MULTILINE)
_IS_ASYNCHRONOUS: Final = 3  # the place of the flag among the arguments of IcePy.Operation
_MODULES: Final = {"Ice": Ice, "IcePy": Ice.IcePy, "omero": omero, "Glacier2": Glacier2}


def asynchronous_operation(interface: Interface, name: str) -> object:
    """Return IcePy's definition of an operation of an interface or of its parents, with the flag set.

    Raises KeyError for an operation that is not defined.
    """
    texts = _definitions()
    text = next(texts[key] for parent in interface.__mro__ if (key := (parent.__name__, name)) in texts)
    call = ast.parse(text, mode="eval").body
    if not isinstance(call, ast.Call):
        raise KeyError(f"{interface.__name__}.{name} is not defined as an operation")
    arguments = [_value(each) for each in call.args]
    arguments[_IS_ASYNCHRONOUS] = True
    return Ice.IcePy.Operation(*arguments)


@cache
def _definitions() -> dict[tuple[str, str], str]:
    """Return the text of the definition of each operation, by interface and name."""
    return {
        (interface, name): text
        for source in generated_sources()
        for interface, name, text in _DEFINITION.findall(source)
    }


def _value(node: ast.expr) -> Any:
    """Return the value of a constant, a tuple, or a dotted name in a module of Ice's."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=parts):
            return tuple(map(_value, parts))
        case ast.Name() | ast.Attribute():
            first, *rest = ast.unparse(node).removeprefix("_M_").split(".")
            return reduce(getattr, rest, _MODULES[first])
        case _:
            raise KeyError(f"{ast.unparse(node)} in the definition of an operation")
