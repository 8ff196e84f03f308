"""The parameters of a query: their placeholders in SQL, and their values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import omero
import omero.model
import sqlalchemy as sa
from omero.sys import Parameters

from omero_desk.server.hql.columns import Column, Statement
from omero_desk.server.hql.errors import misused

FIRST: Final = "first_row"
MOST: Final = "most_rows"
_PREFIX: Final = "p_"

Bindable: TypeAlias = str | int | float
"""A value to bind to a placeholder; a list is bound as a JSON text."""


def scalar(name: str) -> Column:
    """Return the placeholder of a parameter that is one value."""
    return sa.bindparam(_PREFIX + name)


def list_of(name: str) -> Statement:
    """Return a subselect of the elements of a parameter that is a list, of any length."""
    return _elements(sa.bindparam(_PREFIX + name, type_=sa.Text))


def list_of_literals(values: Sequence[str | int | float | bool | None]) -> Statement:
    """Return a subselect of literals that a query lists, of which there may be thousands."""
    return _elements(sa.literal(json.dumps(values)))


def _elements(text: Column) -> Statement:
    return sa.select(sa.func.json_each(text).table_valued("value").c.value)


def lists_of(parameters: Parameters | None) -> frozenset[str]:
    """Return the names of the parameters that are lists."""
    return frozenset(n for n, value in _given(parameters).items() if isinstance(value, omero.RCollection))


def values_of(parameters: Parameters | None, used: frozenset[str]) -> dict[str, Bindable]:
    """Return the values of the parameters that a query uses, by the names of their placeholders.

    Raises omero.ApiUsageException for one that is null, missing or of a type that cannot be compared.
    """
    given = _given(parameters)
    return {_PREFIX + name: _bindable(name, given.get(name)) for name in used}


def page_of(parameters: Parameters | None) -> tuple[int, int | None]:
    """Return the offset and the limit of the parameters' filter; the limit is None where there is none.

    Raises omero.ApiUsageException for a negative one.
    """
    page = None if parameters is None else parameters.theFilter
    if page is None:
        return 0, None
    offset = page.offset.val if page.offset is not None else 0
    limit = page.limit.val if page.limit is not None else None
    if offset < 0 or (limit is not None and limit < 0):
        raise misused(f"A page cannot begin at {offset} or have {limit} rows")
    return offset, limit


def _given(parameters: Parameters | None) -> Mapping[str, omero.RType | None]:
    return {} if parameters is None else parameters.map or {}


def _bindable(name: str, given: omero.RType | None) -> Bindable:
    if isinstance(given, omero.RCollection):
        elements = [_plain(name, each) for each in given.val or ()]
        return json.dumps([_finite(each) for each in elements])
    return _plain(name, given)


def _plain(name: str, given: omero.RType | None) -> Bindable:
    value = getattr(given, "val", None)
    if value is None:
        raise misused(f"Null parameters not allowed: {name}")
    if isinstance(value, omero.model.IObject):
        value = value.id.val if value.id is not None else None
    if not isinstance(value, str | int | float):
        raise misused(f"A parameter cannot be a {type(given).__name__}: {name}")
    return value


def _finite(value: Bindable) -> Bindable | None:
    """Return None for infinity and NaN, which JSON lacks: as null they equal nothing."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
