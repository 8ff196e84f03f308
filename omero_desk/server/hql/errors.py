"""The ways in which a query is refused, as OMERO words them."""

from __future__ import annotations

from typing import Any

import omero


def illegal(hql: str, reason: str) -> Any:
    """A query that is not HQL, or that names what the model does not have: `omero.QueryException`."""
    return omero.QueryException(None, None, f"Illegal query:{hql}\n{reason}")


def unsupported(hql: str, what: str) -> Any:
    """HQL that this server does not know: `omero.ApiUsageException`."""
    return omero.ApiUsageException(None, None, f"Not supported by this server: {what}\nin the query: {hql}")


def misused(reason: str) -> Any:
    """A query or parameters that cannot be run as asked: `omero.ApiUsageException`."""
    return omero.ApiUsageException(None, None, reason)


def overused(reason: str) -> Any:
    """A query that takes too long: `omero.OverUsageException`."""
    return omero.OverUsageException(None, None, reason)


class RefusedQueryError(Exception):
    """Raised while a query is compiled, where its text is not at hand."""


class IllegalQueryError(RefusedQueryError):
    """Becomes an `omero.QueryException`."""


class UnsupportedError(RefusedQueryError):
    """Becomes an `omero.ApiUsageException`."""
