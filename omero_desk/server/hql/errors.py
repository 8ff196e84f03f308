"""The ways in which a query is refused, as OMERO words them."""

from __future__ import annotations

from typing import Any, Final

import omero

_MOST_SHOWN: Final = 20_000


def illegal(hql: str, reason: str) -> Any:
    """A query that is not HQL, or that names what the model does not have: `omero.QueryException`."""
    return omero.QueryException(None, None, f"Illegal query:{_shown(hql)}\n{reason}")


def unsupported(hql: str, what: str) -> Any:
    """HQL that this server does not know: `omero.ApiUsageException`."""
    return omero.ApiUsageException(None, None, f"Not supported by this server: {what}\nin the query: {_shown(hql)}")


def misused(reason: str) -> Any:
    """A query or parameters that cannot be run as asked: `omero.ApiUsageException`."""
    return omero.ApiUsageException(None, None, reason)


def overused(reason: str) -> Any:
    """A query that takes too long: `omero.OverUsageException`."""
    return omero.OverUsageException(None, None, reason)


def _shown(hql: str) -> str:
    """A query in a message; one of half a million characters is not sent back whole."""
    return hql if len(hql) <= _MOST_SHOWN else hql[:_MOST_SHOWN] + "..."


class RefusedQueryError(Exception):
    """Raised while a query is compiled, where its text is not at hand."""


class IllegalQueryError(RefusedQueryError):
    """Becomes an `omero.QueryException`."""


class UnsupportedError(RefusedQueryError):
    """Becomes an `omero.ApiUsageException`."""
