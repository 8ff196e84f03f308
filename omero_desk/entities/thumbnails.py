"""The sources of thumbnails, and thumbnails that are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageSize:
    """The size of an image: width and height in pixels, and numbers of z-planes, channels and time points."""

    x: int
    y: int
    z: int
    c: int
    t: int


@dataclass(frozen=True, slots=True)
class ThumbnailSource:
    """The source of a thumbnail: pixels (None where an image has none), and the state of the settings that apply.

    `together` is how many images there are in the image's fileset, itself among them. `note` is what a
    folder's server says of its file, such as why it cannot be read; "" if nothing. `size` is that of the
    image, None where it is not known.
    """

    image_id: int
    pixels_id: int | None
    settings: str = ""
    fileset_id: int | None = None
    together: int = 0
    note: str = ""
    size: ImageSize | None = None

    @property
    def state(self) -> str:
        """A text that differs wherever the picture may differ."""
        return f"{self.pixels_id}:{self.settings}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A JPEG picture on disk, and the `ThumbnailSource.state` that it shows."""

    state: str
    picture: bytes
