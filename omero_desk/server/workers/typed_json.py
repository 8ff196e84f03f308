"""Frozen dataclasses as plain JSON and back, every value checked against the type of its field."""

from __future__ import annotations

import base64
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

_Kind = TypeVar("_Kind")
_LEAST: Final = -(2**63)
_MOST: Final = 2**63


class WrongTypeError(ValueError):
    """A value is not of the type that its place wants."""


def plain(value: object) -> object:
    """Return a value as JSON knows it; TypeError for a type that has no place here."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in a message")


def typed(kind: type[_Kind], value: object) -> _Kind:
    """Return what `plain` made of a value of `kind`; raises WrongTypeError for anything else."""
    found = _reader(cast("Hashable", kind))(value)
    assert isinstance(found, kind)
    return found


@cache
def _reader(kind: Hashable) -> Callable[[object], object]:
    """Return the function that takes a JSON value of a type, made once for each."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union([_reader(each) for each in inner])
    if origin is Literal:
        return _one_of(frozenset(inner))
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _sequence(_reader(inner[0]))
    if origin is tuple:
        return _tuple([_reader(each) for each in inner])
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind)
    if isinstance(kind, type) and kind in _SIMPLE:
        return _SIMPLE[kind]
    raise TypeError(f"{kind} has no place in a message")


def _union(readers: list[Callable[[object], object]]) -> Callable[[object], object]:
    def read(value: object) -> object:
        for each in readers:
            try:
                return each(value)
            except WrongTypeError:
                continue
        raise WrongTypeError(f"{type(value).__name__} is none of the types of a field")

    return read


def _one_of(values: frozenset[object]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if isinstance(value, (str, int, bool)) and value in values:
            return value
        raise WrongTypeError("a value that a field does not have")

    return read


def _sequence(item: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: tuple([item(each) for each in _list(value)])


def _tuple(items: list[Callable[[object], object]]) -> Callable[[object], object]:
    def read(value: object) -> object:
        values = _list(value)
        if len(values) != len(items):
            raise WrongTypeError(f"{len(values)} values in place of {len(items)}")
        return tuple([item(each) for item, each in zip(items, values, strict=True)])

    return read


def _record(kind: type) -> Callable[[object], object]:
    hints = get_type_hints(kind)
    readers: dict[str, Callable[[object], object]] = {}

    def read(value: object) -> object:
        if not readers:  # not before: a record may hold others of its own kind
            readers.update({each.name: _reader(hints[each.name]) for each in fields(kind)})
        if not isinstance(value, Mapping) or value.keys() != readers.keys():
            raise WrongTypeError(f"other fields than those of {kind.__name__}")
        return kind(**{name: item(value[name]) for name, item in readers.items()})

    return read


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise WrongTypeError(f"{type(value).__name__} in place of a list")
    return value


def _none(value: object) -> None:
    if value is not None:
        raise WrongTypeError("a value in place of none")


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongTypeError(f"{type(value).__name__} in place of true or false")
    return value


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not _LEAST <= value < _MOST:
        raise WrongTypeError("no whole number of 64 bits")
    return value


def _float(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise WrongTypeError(f"{type(value).__name__} in place of a number")
    try:
        return float(value)
    except OverflowError as error:
        raise WrongTypeError("a number without bounds") from error


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise WrongTypeError(f"{type(value).__name__} in place of a text")
    return value


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_str(value), validate=True)
    except ValueError as error:
        raise WrongTypeError("a text that stands for no bytes") from error


_SIMPLE: Final[dict[type, Callable[[object], object]]] = {
    type(None): _none,
    bool: _bool,
    int: _int,
    float: _float,
    str: _str,
    bytes: _bytes,
    Path: lambda value: Path(_str(value)),
}
