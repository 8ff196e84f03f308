"""Exceptions for queries that are refused, worded as in OMERO."""

from __future__ import annotations

from typing import Final

import omero

_MOST_SHOWN: Final = 20_000


def illegal(hql: str, reason: str) -> omero.QueryException:
    """Return the omero.QueryException for a query that is not HQL or names something that the model lacks."""
    return omero.QueryException(None, None, f"Illegal query:{_shown(hql)}\n{reason}")


def unsupported(hql: str, what: str) -> omero.ApiUsageException:
    """Return the omero.ApiUsageException for HQL that this server does not answer."""
    return omero.ApiUsageException(None, None, f"Not supported by this server: {what}\nin the query: {_shown(hql)}")


def misused(reason: str) -> omero.ApiUsageException:
    """Return the omero.ApiUsageException for parameters, or a kind of query, that cannot be used in a call."""
    return omero.ApiUsageException(None, None, reason)


def overused(reason: str) -> omero.OverUsageException:
    """Return the omero.OverUsageException for a query that takes too long."""
    return omero.OverUsageException(None, None, reason)


def _shown(hql: str) -> str:
    """Return a query as a message quotes it, cut off after 20,000 characters."""
    return hql if len(hql) <= _MOST_SHOWN else hql[:_MOST_SHOWN] + "..."


class RefusedQueryError(Exception):
    """A query cannot be compiled. Raised where its text is not at hand; `query` adds it."""


class IllegalQueryError(RefusedQueryError):
    """The query breaks HQL's rules or the model; becomes an omero.QueryException."""


class UnsupportedError(RefusedQueryError):
    """The query is HQL that this server does not answer; becomes an omero.ApiUsageException."""
