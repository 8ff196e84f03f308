"""A requested thumbnail: its picture, and the task that stores it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

import omero
import omero.model
from omero.rtypes import unwrap
from PIL import Image, ImageDraw

from omero_desk.server.errors import api_usage
from omero_desk.server.rendering.jpeg import compress
from omero_desk.server.rendering.thumbnail_rows import Size

_DEFAULT_SIDE: Final = 48
_LARGEST_SIDE: Final = 4096


class Task(Enum):
    """The way in which a picture is stored: with a new row, a renewed row, the row as it is, or not at all."""

    MAKE = auto()
    RENEW = auto()
    PUT = auto()
    LEAVE = auto()


@dataclass(slots=True)
class Entry:
    """A thumbnail, its row if there is one, the task that stores it, and the version of a row that is made.

    `definition` are the settings to draw with, None for those that are made with the picture and are `made` then;
    `refusal` is why there may be none.
    """

    pixels: omero.model.Pixels
    size: Size
    definition: omero.model.RenderingDef | None
    row: omero.model.Thumbnail | None
    task: Task
    version: int = 0
    refusal: omero.ServerError | None = None
    made: omero.model.RenderingDef | None = None
    picture: Future[bytes] = field(default_factory=Future)

    @property
    def is_in_progress(self) -> bool:
        """True if the pixels are still being prepared; waits until the picture is made."""
        return isinstance(self.picture.exception(), omero.ConcurrencyException)

    @property
    def jpeg(self) -> bytes:
        """The picture, once it is made, or a clock if the pixels are still being prepared; raises as drawing does."""
        return clock(self.size) if self.is_in_progress else self.picture.result()


def clock(size: Size) -> bytes:
    """Return a picture of a clock for a thumbnail to come: a square as in OMERO, whatever the image is."""
    side = max(size)
    image = Image.new("RGB", (side, side), "white")
    pen, edge, middle = ImageDraw.Draw(image), side / 8, side / 2
    width = max(side // 24, 1)
    pen.ellipse((edge, edge, side - edge, side - edge), outline="gray", width=width)
    pen.line((middle, side / 4, middle, middle, side * 2 / 3, middle), "gray", width)
    return compress(image)


def side_of(size: omero.RInt | None, name: str) -> int:
    """Return the length of a side, OMERO's default for none; raises omero.ApiUsageException."""
    value = unwrap(size)
    if value is None:
        return _DEFAULT_SIDE
    if value < 0:
        raise api_usage(f"{name} is negative")
    if value > _LARGEST_SIDE:
        raise api_usage(f"{name} is more than {_LARGEST_SIDE}")
    return int(value)
