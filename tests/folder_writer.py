"""Small image files of every kind in a folder, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray


def picture(seed: int = 0, shape: tuple[int, ...] = (24, 32)) -> NDArray[np.uint16]:
    """Pixels that no other seed has."""
    return np.random.default_rng(seed).integers(0, 4000, shape, dtype=np.uint16)


def save_tiff(path: Path, pixels: NDArray[Any]) -> Path:
    """Write a plain TIFF; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, pixels)
    return path


def save_ome(path: Path, *images: tuple[NDArray[Any], dict[str, Any]]) -> Path:
    """Write an OME-TIFF with an image for each (pixels, metadata)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tifffile.TiffWriter(path, ome=True) as tiff:
        for pixels, metadata in images:
            tiff.write(pixels, photometric="minisblack", metadata=metadata)
    return path
