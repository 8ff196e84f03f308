"""OMERO's exceptions, filled as OMERO fills them."""

from __future__ import annotations

from typing import TypeVar

import omero
from omero import all as _all  # noqa: F401  the exception classes appear in `omero` when this is imported

Kind = TypeVar("Kind", bound=omero.ServerError)


def server_error(kind: type[Kind], message: str) -> Kind:
    """Return an omero.ServerError of `kind`, filled as OMERO's IceMapper fills it."""
    return kind(serverStackTrace="", serverExceptionClass=f"ome.conditions.{kind.__name__}", message=message)


def api_usage(message: str) -> omero.ApiUsageException:
    """Return the exception for a call that cannot be right whatever the data are."""
    return server_error(omero.ApiUsageException, message)


def security_violation(message: str) -> omero.SecurityViolation:
    """Return the exception for something that the caller may not do."""
    return server_error(omero.SecurityViolation, message)
