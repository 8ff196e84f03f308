"""The errors of the rendering services, among them those that are unforeseen Java exceptions in OMERO."""

from __future__ import annotations

import omero

from omero_desk.server.errors import server_error


def runtime_error(message: str, kind: str = "RuntimeException") -> omero.InternalException:
    """Return what a client of OMERO gets for a Java exception: an omero.InternalException."""
    return server_error(omero.InternalException, f" Wrapped Exception: (java.lang.{kind}):\n{message}")


def invalid(message: str) -> omero.ValidationException:
    """Return an omero.ValidationException."""
    return server_error(omero.ValidationException, message)
