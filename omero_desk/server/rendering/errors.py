"""What the rendering services answer where OMERO's have a Java exception that nobody foresaw, and other refusals."""

from __future__ import annotations

from typing import Any

import omero

from omero_desk.server.wire.exceptions import server_error


def runtime_error(message: str, kind: str = "RuntimeException") -> Any:
    """Return what a client of OMERO gets for a Java exception: an omero.InternalException."""
    return server_error(omero.InternalException, f" Wrapped Exception: (java.lang.{kind}):\n{message}")


def invalid(message: str) -> Any:
    """Return an omero.ValidationException."""
    return server_error(omero.ValidationException, message)
