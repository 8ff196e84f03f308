"""One thumbnail that was asked for: its picture, and what is to be done to keep it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

import omero
from omero.rtypes import unwrap
from PIL import Image, ImageDraw

from omero_desk.server.rendering.jpeg import compress
from omero_desk.server.rendering.thumbnail_rows import Size
from omero_desk.server.wire.exceptions import api_usage

_DEFAULT_SIDE: Final = 48
_LARGEST_SIDE: Final = 4096


class Task(Enum):
    """What becomes of a picture."""

    MAKE = auto()
    RENEW = auto()
    PUT = auto()
    LEAVE = auto()


@dataclass(slots=True)
class Entry:
    """A thumbnail, its row if there is one, and what is to be done to keep it."""

    pixels: Any
    size: Size
    picture: Future[bytes]
    row: Any
    task: Task

    @property
    def is_in_progress(self) -> bool:
        """Tell, once the picture is made, whether its pixels are still being prepared."""
        return isinstance(self.picture.exception(), omero.ConcurrencyException)

    @property
    def jpeg(self) -> bytes:
        """The picture, once it is made, or that of a clock if its time has not come; raises as making it does."""
        return clock(self.size) if self.is_in_progress else self.picture.result()


def clock(size: Size) -> bytes:
    """Return the picture that says that there will be one: a square, as OMERO's is whatever the image's proportions."""
    side = max(size)
    image = Image.new("RGB", (side, side), "white")
    pen, edge, middle = ImageDraw.Draw(image), side / 8, side / 2
    width = max(side // 24, 1)
    pen.ellipse((edge, edge, side - edge, side - edge), outline="gray", width=width)
    pen.line((middle, side / 4, middle, middle, side * 2 / 3, middle), "gray", width)
    return compress(image)


def side_of(size: Any, name: str) -> int:
    """Return the length of a side, OMERO's default for none; raises omero.ApiUsageException."""
    value = unwrap(size)
    if value is None:
        return _DEFAULT_SIDE
    if value < 0:
        raise api_usage(f"{name} is negative")
    if value > _LARGEST_SIDE:
        raise api_usage(f"{name} is more than {_LARGEST_SIDE}")
    return int(value)
