"""Any failure of a library that reads image files as one error that says why."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from omero_desk.server.images.errors import ImageFileError, ReasonError

log = logging.getLogger(__name__)

_OF_WRONG_PLACES: Final = frozenset({errno.EINVAL, errno.EOVERFLOW, errno.EFBIG})
"""What the system says of a place in a file that no file has: the file named it."""


@contextmanager
def reasons(path: Path) -> Iterator[None]:
    """Turn any exception into an ImageFileError that names the file and that a biologist understands.

    The words of libraries go to the log alone, but for those of the system and of ReasonError.
    """
    try:
        yield
    except ImageFileError:
        raise
    except ReasonError as error:
        raise ImageFileError(f"{path} cannot be read: {error}.") from error
    except OSError as error:
        log.info("%s: %r", path, error)
        is_the_systems = error.strerror and error.errno not in _OF_WRONG_PLACES
        reason = f"cannot be read: {error.strerror}" if is_the_systems else "is damaged, or not what its name says"
        raise ImageFileError(f"{path} {reason}.") from error
    except MemoryError as error:
        raise ImageFileError(f"{path} needs more memory than there is.") from error
    except Exception as error:
        log.info("%s: %r", path, error)
        raise ImageFileError(f"{path} is damaged, or of a kind that cannot be read.") from error
