"""Formats of makers of microscopes that libraries of the extra `formats` read."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.ome_xml import ImageMetadata


def open_images(module: str, path: Path) -> Sequence[tuple[DescribedSource, ImageMetadata]]:
    """Open the images of a file by a module of this folder, imported at its first file: its library may not be there.

    Raises what the module raises.
    """
    found: Sequence[tuple[DescribedSource, ImageMetadata]]
    found = importlib.import_module(f"{__name__}.{module}").open_images(path)
    return found
