"""Whatever a damaged file makes a library stumble over, as one error that says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tifffile

from omero_desk.server.images.errors import ImageFileError


@contextmanager
def reasons(path: Path) -> Iterator[None]:
    """Turn any exception into an ImageFileError that names the file."""
    try:
        yield
    except ImageFileError:
        raise
    except tifffile.TiffFileError as error:
        raise ImageFileError(f"{path} is no TIFF file: {error}.") from error
    except OSError as error:
        raise ImageFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:
        raise ImageFileError(f"{path} is damaged or of an unknown kind: {error}.") from error
