"""One road from any Python exception to the exception that an OMERO client understands."""

from __future__ import annotations

import logging
from typing import Any

import Ice
import omero
from omero import all as _all  # noqa: F401  the exception classes appear in `omero` when this is imported
from sqlalchemy.exc import IntegrityError, OperationalError

from omero_desk.server.sessions import SessionExpiredError, SessionRemovedError

log = logging.getLogger(__name__)


def server_error(kind: type[Any], message: str) -> Any:
    """Return an omero.ServerError of `kind`, filled as OMERO's IceMapper fills it."""
    return kind(serverStackTrace="", serverExceptionClass=f"ome.conditions.{kind.__name__}", message=message)


def api_usage(message: str) -> Any:
    """Return the exception for a call that cannot be right whatever the data are."""
    return server_error(omero.ApiUsageException, message)


def security_violation(message: str) -> Any:
    """Return the exception for something that the caller may not do."""
    return server_error(omero.SecurityViolation, message)


def translate(error: BaseException, where: str) -> Ice.Exception:
    """Return what the client shall get for `error`, which came out of the operation `where`.

    OMERO's own exceptions pass. What nobody foresaw is logged with its traceback and told without it.
    """
    if isinstance(error, omero.ServerError) and not error.serverExceptionClass:
        error.serverExceptionClass = f"ome.conditions.{type(error).__name__}"
    if isinstance(error, Ice.UserException | Ice.ObjectNotExistException):
        return error
    if isinstance(error, SessionRemovedError):
        return server_error(omero.RemovedSessionException, str(error))
    if isinstance(error, SessionExpiredError):
        return server_error(omero.SessionTimeoutException, str(error))
    if isinstance(error, OperationalError) and "locked" in str(error.orig):
        log.warning("%s: the database is busy", where)
        return server_error(omero.DatabaseBusyException, "The database is busy. Please try again.")
    if isinstance(error, omero.UnloadedEntityException | omero.UnloadedCollectionException):
        return api_usage(f"What was sent to {where} is not loaded: {error}")
    if isinstance(error, IntegrityError):
        return server_error(omero.ValidationException, f"could not save: {error.orig}")
    log.error("%s failed", where, exc_info=error)
    if isinstance(error, AttributeError) and error.obj is None:
        return api_usage(f"{where} needs a value where null was sent ({error.name}).")
    return server_error(
        omero.InternalException,
        f"Internal error in {where} ({type(error).__name__}); the server's log has the details.",
    )
