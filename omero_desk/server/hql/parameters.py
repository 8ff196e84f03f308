"""The parameters of a query: what stands for them in SQL, and their values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

import omero
import omero.model
import sqlalchemy as sa

from omero_desk.server.hql.errors import misused

FIRST: Final = "first_row"
MOST: Final = "most_rows"
_PREFIX: Final = "p_"


def scalar(name: str) -> sa.BindParameter[Any]:
    """Stand for a parameter that is one value."""
    return sa.bindparam(_PREFIX + name)


def list_of(name: str) -> sa.Select[Any]:
    """Stand for a parameter that is a list, of any length: it travels as one JSON text."""
    return _elements(sa.bindparam(_PREFIX + name, type_=sa.Text))


def list_of_literals(values: list[Any]) -> sa.Select[Any]:
    """Stand for numbers that are written out in a query, of which there may be thousands."""
    return _elements(sa.literal(json.dumps(values)))


def _elements(text: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(sa.func.json_each(text).table_valued("value").c.value)


def lists_of(parameters: Any) -> frozenset[str]:
    """Return the names of the parameters that are lists."""
    return frozenset(n for n, value in _given(parameters).items() if isinstance(value, omero.RCollection))


def values_of(parameters: Any, used: frozenset[str]) -> dict[str, Any]:
    """Return what to bind for the parameters that a query uses.

    Raises `omero.ApiUsageException` for one that is null, missing or of a type that cannot be compared.
    """
    given = _given(parameters)
    return {_PREFIX + name: _bindable(name, given.get(name)) for name in used}


def page_of(parameters: Any) -> tuple[int, int | None]:
    """Return the offset and limit of the filter; the limit is None where there is none."""
    page = getattr(parameters, "theFilter", None)
    if page is None:
        return 0, None
    offset = page.offset.val if page.offset is not None else 0
    limit = page.limit.val if page.limit is not None else None
    if offset < 0 or (limit is not None and limit < 0):
        raise misused(f"A page cannot begin at {offset} or have {limit} rows")
    return offset, limit


def _given(parameters: Any) -> Mapping[str, Any]:
    return getattr(parameters, "map", None) or {}


def _bindable(name: str, given: Any) -> Any:
    if isinstance(given, omero.RCollection):
        elements = [_plain(name, each) for each in given.val or ()]
        return json.dumps([_finite(each) for each in elements])
    return _plain(name, given)


def _plain(name: str, given: Any) -> Any:
    value = getattr(given, "val", None)
    if value is None:
        raise misused(f"Null parameters not allowed: {name}")
    if isinstance(value, omero.model.IObject):
        value = value.id.val if value.id is not None else None
    if not isinstance(value, str | int | float):
        raise misused(f"A parameter cannot be a {type(given).__name__}: {name}")
    return value


def _finite(value: Any) -> Any:
    """JSON has no infinity and no NaN: as null they equal nothing."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
