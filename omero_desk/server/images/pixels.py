"""Reading pixels: the one door to all kinds of files."""

from __future__ import annotations

from omero_desk.server.images.formats import open_source
from omero_desk.server.images.pixel_source import PixelSource

__all__ = ["PixelSource", "open_source"]
