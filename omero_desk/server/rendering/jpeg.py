"""Pictures as JPEG, with the quality and the sampling of colours that Java's ImageIO has."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from omero_desk.server.rendering.composite import Picture

DEFAULT_QUALITY: Final = 0.85


def as_image(picture: Picture) -> Image.Image:
    """Return a picture for Pillow, without its alpha."""
    height, width = picture.shape
    return Image.frombuffer("RGB", (width, height), picture.astype("<u4").tobytes(), "raw", "BGRX", 0, 1)


def compress(image: Image.Image, quality: float = DEFAULT_QUALITY) -> bytes:
    """Return an image as a JPEG file; `quality` is 0 to 1."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=min(max(round(quality * 100), 1), 100), subsampling="4:2:0")
    return stream.getvalue()
