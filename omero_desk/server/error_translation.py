"""The translation of any Python exception into the one that an OMERO client understands."""

from __future__ import annotations

import logging
from errno import EDQUOT, ENOSPC

import Ice
import omero
from omero import all as _all  # noqa: F401  the exception classes appear in `omero` when this is imported
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from omero_desk.server.database.driver import is_full, is_interruption
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.scheduling.task import EndedError, Ending, present
from omero_desk.server.scheduling.waiting import CrowdedError
from omero_desk.server.sessions.table import SessionExpiredError, SessionRemovedError

log = logging.getLogger(__name__)


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
    if isinstance(error, EndedError) or (isinstance(error, OperationalError) and is_interruption(error.orig)):
        return _of_ended(error)
    if isinstance(error, CrowdedError):
        return server_error(omero.OverUsageException, str(error))
    if isinstance(error, omero.UnloadedEntityException | omero.UnloadedCollectionException):
        return api_usage(f"What was sent to {where} is not loaded: {error}")
    if _is_of_full_disk(error):
        log.error("%s: the disk is full", where)
        return server_error(omero.ResourceError, "The server's disk is full: nothing was saved.")
    if isinstance(error, IntegrityError):
        return server_error(omero.ValidationException, f"could not save: {error.orig}")
    log.error("%s failed", where, exc_info=error)
    if isinstance(error, AttributeError) and error.obj is None:
        return api_usage(f"{where} needs a value where null was sent ({error.name}).")
    return server_error(
        omero.InternalException,
        f"Internal error in {where} ({type(error).__name__}); the server's log has the details.",
    )


def _is_of_full_disk(error: BaseException) -> bool:
    """Tell whether the database or a file had no room."""
    if isinstance(error, OSError):
        return error.errno in {ENOSPC, EDQUOT}
    return isinstance(error, DBAPIError) and is_full(error.orig)


def _of_ended(error: BaseException) -> Ice.Exception:
    """Return the exception for a call that was ended, or whose statement was interrupted, before it was done."""
    task = present()
    ending = error.ending if isinstance(error, EndedError) else None if task is None else task.ending
    if ending is Ending.CLIENT_GONE:
        return server_error(omero.RemovedSessionException, f"The call was ended. {ending.value}")
    reason = "query failed, probable timeout" if ending is None else f"query failed: {ending.value}"
    return server_error(omero.OverUsageException, reason)
